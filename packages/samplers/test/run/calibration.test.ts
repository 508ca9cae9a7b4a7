import { differentiable } from "@basin/energy-core";
import { gTest } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { type hmc, nuts, simulationBasedCalibration } from "../../src/index.ts";
import type { GenerativeModel } from "../../src/run/calibration.ts";

/** μ ~ N(0, 1), three observations y ~ N(μ, 1); `scale` multiplies the energy and is 1 in the right model. */
const model = (scale: number): GenerativeModel<number[], ReturnType<typeof differentiable>> => ({
  prior: (rng) => Float64Array.of(rng.normal()),
  simulate: (rng, [mu]) => Array.from({ length: 3 }, () => mu + rng.normal()),
  posterior: (y) =>
    differentiable(1, ([mu], gradient) => {
      gradient[0] = scale * (mu - y.reduce((sum, value) => sum + value - mu, 0));
      return 0.5 * scale * (mu * mu + y.reduce((sum, value) => sum + (value - mu) ** 2, 0));
    }),
});

const uniformity = async (scale: number, kernel: ReturnType<typeof nuts> | ReturnType<typeof hmc>) => {
  const { ranks } = await simulationBasedCalibration(model(scale), kernel as ReturnType<typeof nuts>, {
    seed: 9,
    simulations: 300,
    draws: 15,
    thin: 3,
    warmup: 100,
  });
  const counts = new Array<number>(16).fill(0);
  for (const rank of ranks[0]) counts[rank]++;
  return gTest(
    counts,
    counts.map(() => 1),
  ).pValue;
};

describe("simulationBasedCalibration", () => {
  test("ranks are uniform where model and sampler agree", async () => {
    expect(await uniformity(1, nuts())).toBeGreaterThan(1e-4);
  });
  test("and not where the energy is too steep", async () => {
    expect(await uniformity(2.5, nuts())).toBeLessThan(1e-6);
  });
});
