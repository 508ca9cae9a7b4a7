import { findChromium, readingArguments } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: tfjs's WebGPU backend is not tried (BASIN_CHROMIUM names one)");

interface Answers {
  readonly energies: number[];
  readonly input: number[];
  readonly parameters: number[];
}

/** What the page offers. */
interface Offers {
  readonly names: string[];
  answersOn(backend: string, name: string): Promise<Answers>;
  singleOn(backend: string): Promise<number[]>;
  lossesOn(backend: string): Promise<number[]>;
}

const models = [
  "an energy net",
  "a classifier with centered logits and a scalar",
  "a classifier with convolutions and pools",
];

/** Expects the same numbers within 1e-3 of the largest, some of which are not 0. */
function expectClose(given: readonly number[], expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(1e-3);
  expect(given).toHaveLength(expected.length);
  expect(Math.max(...given.map((value, k) => Math.abs(value - expected[k])))).toBeLessThan(1e-3 * largest);
}

describe.skipIf(executable === undefined)("nets on tfjs's WebGPU backend, on chromium's software GPU", () => {
  const page = bundledPage(executable as string, "tensors", "names", readingArguments);

  test("all models of the page are tried", async () => {
    expect(await page().evaluate(() => (globalThis as unknown as Offers).names)).toEqual(models);
  });

  test.each(models)("%s has the energies and gradients of the cpu backend", async (name) => {
    const [expected, given] = await page().evaluate(async (own) => {
      const { answersOn } = globalThis as unknown as Offers;
      return [await answersOn("cpu", own), await answersOn("webgpu", own)];
    }, name);
    for (const key of ["energies", "input", "parameters"] as const) expectClose(given[key], expected[key]);
  });

  test.each([
    ["a single state has the energy and gradient", "singleOn"],
    ["training has the losses", "lossesOn"],
  ] as const)("where tensors can be read at once, %s of the cpu backend", async (_, call) => {
    const [expected, given] = await page().evaluate(async (own) => {
      const ask = (globalThis as unknown as Offers)[own];
      return [await ask("cpu"), await ask("webgpu")];
    }, call);
    expectClose(given, expected);
  });
});
