import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { countNames, nameLists } from "../src/public-names.ts";
import { packages, readOwnSurface, readSurface } from "../src/surface.ts";

const surface = readOwnSurface();
afterAll(() => surface[Symbol.dispose]());

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

/** Returns what the lists in `file` and `names` differ in; a list is rewritten first where that was asked for. */
function differences(file: string, names: string) {
  const path = join(lists, file);
  if (process.env.BASIN_UPDATE === "1") writeFileSync(path, names);
  const agreed = readFileSync(path, "utf8");
  return { gone: missing(agreed, names), added: missing(names, agreed) };
}

test.each(packages)("the public names of @basin/%s are those that were agreed on", (name) => {
  const entries = surface.entries.filter((entry) => `${entry.name}/`.startsWith(`@basin/${name}/`));
  expect(differences(`${name}.txt`, nameLists(entries)), remedy).toEqual({ gone: [], added: [] });
});

test("no name means two things, but those that were agreed on", () => {
  const { values, types, options, collisions } = countNames(surface);
  console.log(`${values + types} public names: ${values} values, ${types} types, ${options} of them options`);
  expect(differences("collisions.txt", `${collisions.join("\n")}\n`), remedy).toEqual({
    gone: [],
    added: [],
  });
});

test("names are compared entry by entry", () => {
  expect(missing("a\n  x\n  y\n\nb\n  x\n", "a\n  x\n\nb\n  y\n")).toEqual(["a:  y", "b:  x"]);
});

const forms = [
  'export * from "./all.ts";',
  'export * as space from "./all.ts";',
  'export type * from "./types.ts";',
  'export type * as Kinds from "./types.ts";',
  'export { one, type Two, three as four, default as theDefault } from "./other.ts";',
  'export type { Five } from "./other.ts";',
  "export const six = 6, sixToo = 6;",
  "export async function seven() {}",
  "export abstract class Eight {}",
  "export interface Nine {}",
  "export type Ten = 10;",
  "export function* eleven() {}",
  "export enum Thirteen { a }",
  "/** export const inComment = 0; */",
];

/** Reads the surface of a package of one entry, in the given lines, in a folder of its own. */
function readFixture(lines: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "basin-names-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write(
    "tsconfig.json",
    '{ "compilerOptions": { "noLib": true, "module": "nodenext", "allowImportingTsExtensions": true } }',
  );
  write("package.json", '{ "name": "fixture", "exports": { ".": { "@basin/source": "./index.ts" } } }');
  write("index.ts", lines.join("\n"));
  write("all.ts", "export const twelve = 12;");
  write("types.ts", "export interface Kernel {}\nexport class Machine {}");
  write(
    "other.ts",
    "export const one = 1, three = 3;\nexport interface Two {}\nexport class Five {}\nexport default one;",
  );
  using fixture = readSurface(join(folder, "tsconfig.json"), [folder]);
  rmSync(folder, { recursive: true });
  return { names: nameLists(fixture.entries), count: countNames(fixture) };
}

test("every form of export is read", () => {
  const values = "Eight Kinds Machine Thirteen eleven four one seven six sixToo space theDefault twelve";
  const types = "Five Kernel Nine Ten Two";
  const expected = [...values.split(" "), ...types.split(" ").map((name) => `type ${name}`)];
  expect(readFixture(forms).names.split("\n")).toEqual([
    "fixture",
    ...expected.map((line) => `  ${line}`),
    "",
  ]);
});

test("names that come with an `export type *` are new to a list that lacks them", () => {
  const before = readFixture(forms.filter((line) => !line.startsWith("export type *")));
  const after = readFixture(forms);
  expect(missing(after.names, before.names)).toEqual([
    "fixture:  Kinds",
    "fixture:  Machine",
    "fixture:  type Kernel",
  ]);
  expect(after.count).toMatchObject({ values: 13, types: 5, options: 0, collisions: [] });
});

const plumbing = surface.entries.filter(({ name }) => name.endsWith("/internal"));

test.each(plumbing)("$name, which is not for users, has at most 150 names", ({ names }) => {
  expect(names.length).toBeLessThanOrEqual(150);
});
