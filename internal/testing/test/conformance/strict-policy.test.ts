import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const packages = resolve(import.meta.dirname, "../../../../packages");

test("no entry but energy-core/ndarray imports the package ndarray, which a strict content security policy forbids", () => {
  const importers = globSync(join(packages, "*/src/**/*.ts"))
    .filter((file) =>
      /(from |import\(?)\s*"(ndarray(-ops)?|@basin\/energy-core\/ndarray)"/.test(
        // Examples in doc comments are programs of their own.
        readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, ""),
      ),
    )
    .map((file) => relative(packages, file));
  expect(importers).toEqual(["energy-core/src/ndarray/as-ndarray.ts"]);
  const own = /"(\.\.?\/)+ndarray\/(index|as-ndarray)\.ts"/;
  const inside = globSync(join(packages, "energy-core/src/**/*.ts")).filter((file) =>
    own.test(readFileSync(file, "utf8")),
  );
  expect(inside).toEqual([]);
});
