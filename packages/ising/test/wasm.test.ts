import { join } from "node:path";
import { buildPackage } from "@basin/wasm-build";
import { expect, it } from "vitest";

it("the committed wasm modules are what their sources compile to", async () => {
  const outcomes = await buildPackage(join(import.meta.dirname, ".."), true);
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ status }) => status !== "current")).toEqual([]);
});
