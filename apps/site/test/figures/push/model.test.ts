import { maximizeLikelihood } from "@basin/samplers/learn";
import { expect, test } from "vitest";
import { bumps, data, density, phases, places } from "../../../src/figures/push/model.ts";

/**
 * Trains as the figure does, and returns the probability that the model puts on x > 0, where a quarter of the data are.
 */
async function shareOnTheRight(phase: string): Promise<number> {
  const energy = bumps();
  const options = { seed: 1, updates: 400, learningRate: 0.2 };
  await maximizeLikelihood(energy, data(1), phases[phase](), options);
  return density(energy).reduce((sum, p, k) => sum + (places[k] > 0 ? p / 40 : 0), 0);
}

test("exact negatives teach the model how many data are on each side", async () => {
  expect(Math.abs((await shareOnTheRight("exact")) - 0.25)).toBeLessThan(0.03);
});

test("negatives that stay near the data do not, as the page says", async () => {
  expect(Math.abs((await shareOnTheRight("cd1")) - 0.25)).toBeGreaterThan(0.06);
});

test("the density sums to one", () => {
  expect(density(bumps()).reduce((sum, p) => sum + p / 40, 0)).toBeCloseTo(1, 12);
});
