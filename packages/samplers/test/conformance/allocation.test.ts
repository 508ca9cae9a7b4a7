import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { hmc, nuts } from "../../src/index.ts";
import { eightSchools } from "../posteriors/models.ts";

// V8 boxes numbers with a fraction that pass through calls it does not inline, 16 bytes each and a few a step, as it
// sees fit; an array or object made per step is more.
const BOXED_NUMBERS = 100;

/**
 * Bytes that the heap grows by per leapfrog step, the median of several stretches, since a collection may fall into
 * one.
 */
function bytesPerLeapfrog(kernel: ReturnType<typeof nuts> | ReturnType<typeof hmc>, leak: boolean): number {
  const { energy } = eightSchools();
  const bound = (kernel as ReturnType<typeof nuts>).bind(energy);
  const rng = createRng(1);
  const state = bound.init(new Float64Array(energy.space.dimension));
  let gradients = 0;
  const kept: Float64Array[] = [];
  const stretch = (steps: number) => {
    gradients = 0;
    for (let t = 0; t < steps; t++) {
      const info = bound.step(rng, state, 1);
      gradients += info.gradients;
      if (leak) for (let k = 0; k < info.gradients; k++) kept.push(new Float64Array(4));
    }
  };
  stretch(20_000);
  const growths = Array.from({ length: 7 }, () => {
    const before = process.memoryUsage().heapUsed;
    stretch(2000);
    return (process.memoryUsage().heapUsed - before) / gradients;
  });
  return growths.sort((a, b) => a - b)[3];
}

test.each([
  ["nuts", nuts({ stepSize: 0.3 })],
  ["hmc", hmc({ stepSize: 0.3, steps: 10 })],
  ["nuts with a dense metric", nuts({ stepSize: 0.3, metric: "dense" })],
])("%s makes no array or object per leapfrog step", (_, kernel) => {
  expect(Math.abs(bytesPerLeapfrog(kernel, false))).toBeLessThan(BOXED_NUMBERS);
});

test("and an array of four numbers made per step would be seen", () => {
  expect(bytesPerLeapfrog(nuts({ stepSize: 0.3 }), true)).toBeGreaterThan(BOXED_NUMBERS);
});
