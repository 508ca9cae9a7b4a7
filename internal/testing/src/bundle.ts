import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

/**
 * Resolves to the minified and gzipped size of what `code` pulls in, in bytes; packages are looked up from `folder`.
 */
export async function bundledSize(folder: string, code: string): Promise<number> {
  const entry = "size-entry.ts";
  const { output } = (await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@basin/source"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id.endsWith(entry) ? `${folder}/${entry}` : null),
        load: (id) => (id.endsWith(entry) ? code : null),
      },
    ],
    build: {
      write: false,
      target: "es2023",
      minify: true,
      // Not library mode, which keeps white space.
      rolldownOptions: { input: `${folder}/${entry}`, preserveEntrySignatures: "strict" },
    },
  })) as Rolldown.RolldownOutput;
  const text = output.map((chunk) => ("code" in chunk ? chunk.code : ""));
  return gzipSync(text.join("")).length;
}
