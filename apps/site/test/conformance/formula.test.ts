import { findChromium } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";
import { eightSchools } from "../fixtures/formula/schools.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: formulas are not compiled there (BASIN_CHROMIUM names one)");

type Page = { eightSchools: typeof eightSchools; isEvalForbidden: boolean };

describe.skipIf(executable === undefined)(
  "a page whose policy allows wasm-unsafe-eval, but not unsafe-eval",
  () => {
    const page = bundledPage(executable as string, "formula", "eightSchools");

    test("compiles a formula and samples it with the bits of Node", async () => {
      expect(await page().evaluate(() => (globalThis as unknown as Page).isEvalForbidden)).toBe(true);
      const found = await page().evaluate(() => (globalThis as unknown as Page).eightSchools());
      const { kernel, mu } = await eightSchools();
      expect([found.kernel, found.mu]).toEqual(["wasm", mu]);
      expect(kernel).toBe("wasm");
    });
  },
);
