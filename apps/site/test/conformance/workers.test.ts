import { nuts, sample } from "@basin/samplers";
import { findChromium } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";
import { answers } from "../fixtures/workers/answers.ts";
import energy from "../fixtures/workers/energy.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: the web workers are not tried (BASIN_CHROMIUM names one)");

interface Window {
  draw(options: object): Promise<number[][]>;
  add(values: readonly number[]): Promise<number[]>;
  answer(name: string): Promise<unknown>;
  trainOn(workers: number): Promise<{ engine: string; losses: number[]; weights: number[][] }>;
}

describe.skipIf(executable === undefined)("joint training in web workers, bundled, in chromium", () => {
  const page = bundledPage(executable as string, "jem", "trainOn");

  test("gives the numbers that the page gives alone, on the compiled kernel", async () => {
    const runOn = (workers: number) =>
      page().evaluate((n) => (globalThis as unknown as Window).trainOn(n), workers);
    const [alone, shared] = [await runOn(1), await runOn(2)];
    expect(alone.engine).toBe("dense");
    expect(alone.losses).toHaveLength(60);
    expect(alone.losses[58]).toBeLessThan(alone.losses[0]);
    expect(shared).toEqual(alone);
  });
});

describe.skipIf(executable === undefined)("chains in web workers, bundled, in chromium", () => {
  const options = { seed: 12, chains: 3, warmup: 200, draws: 150 };
  const page = bundledPage(executable as string, "workers", "draw");

  test("give the bits that one thread of Node gives", async () => {
    const { chains } = await sample(energy, nuts(), options);
    const drawn = await page().evaluate((o) => (globalThis as unknown as Window).draw(o), options);
    expect(drawn).toEqual(chains.map(({ positions }) => [...positions]));
  });

  test("name the chain and step where an energy throws", async () => {
    const failure = page().evaluate((o) => (globalThis as unknown as Window).draw(o), {
      ...options,
      export: "failing",
      draws: 5000,
    });
    await expect(failure).rejects.toThrow(/chain \d, (warm-up )?step \d+: lookup failed/);
  });

  test.each(Object.keys(answers) as (keyof typeof answers)[])(
    "%s answers as in one thread of Node",
    async (name) => {
      const alone = await answers[name]({});
      expect(await page().evaluate((n) => (globalThis as unknown as Window).answer(n), name)).toEqual(alone);
    },
  );

  test("keep their state between the calls of a pool", async () => {
    expect(await page().evaluate((v) => (globalThis as unknown as Window).add(v), [1, 10])).toEqual([11, 22]);
  });
});
