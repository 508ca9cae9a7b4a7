import { findChromium, webGpuArguments } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";
import { run, runNames } from "../fixtures/webgpu/runs.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: WebGPU is not tried in a page (BASIN_CHROMIUM names one)");

describe.skipIf(executable === undefined)("lattices on chromium's software GPU", () => {
  const page = bundledPage(executable as string, "webgpu", "run", webGpuArguments);

  test.each(runNames)("%s has the bits of the twin in Node", async (name) => {
    const here = await run(name, "typescript");
    const there = await page().evaluate((own) => {
      const { run: onPage } = globalThis as unknown as { run(...call: unknown[]): Promise<unknown> };
      return onPage(own, "webgpu");
    }, name);
    expect(there).toEqual(here);
  });
});
