import { bundledSize } from "@basin/testing/bundle";
import { expect, it } from "vitest";

const bundled = (code: string) => bundledSize(import.meta.dirname, code);

it("one score costs less than 3 kilobytes, minified and gzipped", async () => {
  const bytes = await bundled('export { energyScore } from "@basin/jem/outliers";');
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThan(3000);
});

it("all of the entry, its kernel included and no tfjs, costs less than 25 kilobytes", async () => {
  const bytes = await bundled('export * from "@basin/jem/outliers";');
  console.log(`@basin/jem/outliers: ${bytes} bytes`);
  expect(bytes).toBeLessThan(25_000);
});
