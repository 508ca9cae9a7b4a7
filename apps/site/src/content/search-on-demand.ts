import { join } from "node:path";
import type { Plugin } from "vite";

const library = "@pagefind/default-ui";
const own = join(import.meta.dirname, "../search.ts");

/** Gives Starlight the search of `src/search.ts`, and that one the library which only Starlight's folder reaches. */
export function searchOnDemand(): Plugin {
  let starlight: string | undefined;
  return {
    name: "search-on-demand",
    enforce: "pre",
    resolveId(source, importer) {
      if (source !== library) return null;
      if (importer === own) return this.resolve(source, starlight, { skipSelf: true });
      starlight = importer;
      return own;
    },
  };
}
