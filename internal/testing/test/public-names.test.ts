import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readLayers } from "../src/layers.ts";
import { exportedNames, publicNames } from "../src/public-names.ts";

const repository = resolve(import.meta.dirname, "../../..");
const packages = Object.keys(readLayers(readFileSync(join(repository, "ARCHITECTURE.md"), "utf8")));

test.each(packages)("the public names of @basin/%s are those that were agreed on", async (name) => {
  await expect(
    publicNames(join(repository, "packages", name)),
    "public names changed: where that is meant, run `pnpm vitest run --project testing -u` and commit the list",
  ).toMatchFileSnapshot(`public-names/${name}.txt`);
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
