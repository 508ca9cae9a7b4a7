import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readLayers } from "../src/layers.ts";
import { exportedNames, publicNames } from "../src/public-names.ts";

const repository = resolve(import.meta.dirname, "../../..");
const packages = Object.keys(readLayers(readFileSync(join(repository, "ARCHITECTURE.md"), "utf8")));

const lists = join(import.meta.dirname, "public-names");
const remedy =
  "where that is meant, run `BASIN_UPDATE=1 pnpm vitest run --project testing` and commit the lists";

/** Returns the lines of `text` that `other` lacks, each under the entry point it belongs to. */
function missing(text: string, other: string): string[] {
  const keyed = (source: string) => {
    let entry = "";
    return source.split("\n").flatMap((line) => {
      if (!line.startsWith("  ")) entry = line;
      return line === "" ? [] : [`${entry}:${line}`];
    });
  };
  const known = new Set(keyed(other));
  return keyed(text).filter((line) => !known.has(line));
}

// A list may lag behind while work goes on, but no name may vanish unnoticed, and a release has all of them.
test.each(packages)("the public names of @basin/%s are those that were agreed on", (name) => {
  const file = join(lists, `${name}.txt`);
  const names = publicNames(join(repository, "packages", name));
  if (process.env.BASIN_UPDATE === "1") writeFileSync(file, names);
  const agreed = readFileSync(file, "utf8");
  expect(missing(agreed, names), `public names are gone: ${remedy}`).toEqual([]);
  if (process.env.BASIN_CI === "1") {
    expect(missing(names, agreed), `public names are new: ${remedy}`).toEqual([]);
  }
});

test("names are compared entry by entry", () => {
  expect(missing("a\n  x\n  y\n\nb\n  x\n", "a\n  x\n\nb\n  y\n")).toEqual(["a:  y", "b:  x"]);
});

test("every form of export is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-names-"));
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, name), lines.join("\n"));
  write("index.ts", [
    'export * from "./all.ts";',
    'export * as space from "./all.ts";',
    "export {",
    "  one,",
    "  type Two,",
    "  three as four,",
    '} from "./other.ts";',
    'export type { Five } from "./other.ts";',
    "export const six = 6;",
    "export async function seven() {}",
    "export abstract class Eight {}",
    "export interface Nine {}",
    "export type Ten = 10;",
    "export function* eleven() {}",
    "/**",
    "export const inComment = 0;",
    "*/",
    "// export const inLine = 0;",
  ]);
  write("all.ts", ["export const twelve = 12;"]);
  const expected = ["Eight", "eleven", "four", "one", "seven", "six", "space", "twelve"];
  const types = ["type Five", "type Nine", "type Ten", "type Two"];
  expect(exportedNames(join(folder, "index.ts"))).toEqual([...expected, ...types]);
  rmSync(folder, { recursive: true });
});
