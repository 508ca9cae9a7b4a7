import { globSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { importPath } from "../src/import-path.ts";

const repository = resolve(import.meta.dirname, "../../..");

test.each(globSync("bench/*.bench.ts", { cwd: repository }).sort())(
  "%s runs outside a test: nothing that it imports needs vitest",
  (bench) => {
    expect(importPath(join(repository, bench), "vitest")).toBeUndefined();
  },
);

test("the way to a module goes through other files, and a circle ends", () => {
  const thisFile = join(import.meta.dirname, "circles.test.ts");
  expect(importPath(thisFile, "node:fs")).toEqual([thisFile]);
  expect(importPath(thisFile, "./layers.ts")).toEqual([thisFile, resolve(thisFile, "../../src/circles.ts")]);
  expect(importPath(thisFile, "no such module")).toBeUndefined();
});
