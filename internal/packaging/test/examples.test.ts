import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, programs } from "../src/examples.ts";

const folder = resolve(import.meta.dirname, "../../../examples");
const entries = readdirSync(folder);
const sources = (page: string) =>
  readdirSync(join(folder, page))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, page, name));

describe("examples/", () => {
  it("holds the programs and pages that are checked, and no others", () => {
    const found = entries.filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -3));
    expect(found).toEqual(Object.keys(programs).sort());
    expect(entries.filter((name) => name.endsWith("-page"))).toEqual(Object.keys(pages).sort());
    expect(existsSync(join(folder, "README.md"))).toBe(true);
  });

  it.each([
    ...Object.keys(programs).map((name) => [name, [join(folder, `${name}.ts`)]] as const),
    ...Object.keys(pages).map((name) => [name, sources(name)] as const),
  ])("%s has fewer than 25 lines, imports and workers counted", (_name, files) => {
    const lines = files.flatMap((file) => readFileSync(file, "utf8").trimEnd().split("\n"));
    expect(lines.length).toBeLessThan(25);
  });

  it("are listed in its README", () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    for (const name of [...Object.keys(programs), ...Object.keys(pages)])
      expect(readme).toMatch(new RegExp(`^\\| \\[${name}\\]`, "m"));
  });
});
