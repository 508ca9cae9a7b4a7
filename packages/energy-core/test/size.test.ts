import { bundledSize } from "@basin/testing/bundle";
import { describe, expect, it } from "vitest";

const bundled = (code: string) => bundledSize(import.meta.dirname, code);

describe("what an import costs, minified and gzipped", () => {
  it("one function is less than 1.6 kilobytes", async () => {
    const bytes = await bundled('export { softmin } from "@basin/energy-core";');
    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThan(1600);
  });

  it("the whole root entry stays below 24.5 kilobytes", async () => {
    expect(await bundled('export * from "@basin/energy-core";')).toBeLessThan(24_500);
  });

  it("the generator, wasm and twin included, stays below 6.3 kilobytes", async () => {
    expect(await bundled('export * from "@basin/energy-core/random";')).toBeLessThan(6300);
  });
});
