import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { importsOf } from "./layers.ts";

/**
 * Returns the files by which `file` comes to import `module`, the file itself first, or undefined where it does not.
 * Imports of packages are not followed.
 *
 * @param file path of a source
 * @param module specifier as it is written in an import, such as "vitest"
 */
export function importPath(file: string, module: string, seen = new Set<string>()): string[] | undefined {
  if (seen.has(file)) return undefined;
  seen.add(file);
  const specifiers = importsOf(readFileSync(file, "utf8"));
  if (specifiers.includes(module)) return [file];
  for (const specifier of specifiers.filter((each) => /^\..*\.ts$/.test(each))) {
    const rest = importPath(resolve(dirname(file), specifier), module, seen);
    if (rest !== undefined) return [file, ...rest];
  }
  return undefined;
}
