import { findChromium, webGpuArguments } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";
import { recallAndAttend } from "../fixtures/webgpu/memories.ts";
import { run, runNames } from "../fixtures/webgpu/runs.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: WebGPU is not tried in a page (BASIN_CHROMIUM names one)");

describe.skipIf(executable === undefined)("lattices and memories on chromium's software GPU", () => {
  const page = bundledPage(executable as string, "webgpu", "run", webGpuArguments);

  test.each(runNames)("%s has the bits of the twin in Node", async (name) => {
    const here = await run(name, "typescript");
    const there = await page().evaluate((own) => {
      const { run: onPage } = globalThis as unknown as { run(...call: unknown[]): Promise<unknown> };
      return onPage(own, "webgpu");
    }, name);
    expect(there).toEqual(here);
  });

  test("memories recall what the CPU in Node recalls, and attend within 1e-4 of it", async () => {
    const here = await recallAndAttend("cpu");
    const there = await page().evaluate(() => {
      const own = globalThis as unknown as { recallAndAttend: typeof recallAndAttend };
      return own.recallAndAttend("gpu");
    });
    expect(there.settled).toEqual(here.settled);
    expect(there.nearest).toEqual(here.nearest);
    for (const [k, mean] of there.means.entries()) expect(Math.abs(mean - here.means[k])).toBeLessThan(1e-4);
  });
});
