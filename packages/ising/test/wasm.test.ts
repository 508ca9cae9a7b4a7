import { globSync } from "node:fs";
import { join, relative } from "node:path";
import { buildPackage } from "@basin/wasm-build";
import { expect, it } from "vitest";

it("the committed wasm modules are what their sources compile to", async () => {
  const root = join(import.meta.dirname, "..");
  const outcomes = await buildPackage(root, true);
  const modules = globSync("src/wasm/*.generated.ts", { cwd: root });
  expect(outcomes.map(({ file }) => relative(root, file))).toEqual(modules.sort());
  expect(outcomes.filter(({ status }) => status !== "current")).toEqual([]);
}, 300_000);
