import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readLayers } from "@basin/testing/layers";

/**
 * Returns where each package that is published lies, by its name without `@basin/`: the libraries from the lowest, then
 * the command.
 */
export function publishedFolders(repository: string): Readonly<Record<string, string>> {
  const layers = readLayers(readFileSync(join(repository, "ARCHITECTURE.md"), "utf8"));
  const libraries = Object.keys(layers).map((name) => [name, `packages/${name}`]);
  return { ...Object.fromEntries(libraries), cli: "apps/cli" };
}
