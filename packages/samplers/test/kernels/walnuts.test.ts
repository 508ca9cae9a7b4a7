import { createRng } from "@basin/energy-core/random";
import { funnel } from "@basin/energy-core/targets";
import { describe, expect, test } from "vitest";
import { estimateMean, type NutsKernel, sample, series, walnuts } from "../../src/index.ts";
import { phasePoint } from "../../src/kernels/hamiltonian.ts";
import { leapfrogOf } from "../../src/kernels/leapfrog.ts";
import { MacroStep } from "../../src/kernels/macro-step.ts";
import { tooCold } from "../fixtures/broken-kernels.ts";
import { assertKeepsGaussian, pair } from "./stationarity.ts";

describe("walnuts keeps a correlated Gaussian at β = 0.7", () => {
  test.each([
    ["without a halving", { stepSize: 0.5, maxEnergyError: 5 }],
    ["with one or two halvings", { stepSize: 1.4, maxEnergyError: 0.3 }],
    ["at a bound that all halvings miss", { stepSize: 1.5, maxEnergyError: 0.02, maxHalvings: 1 }],
  ])("%s", (_, options) => assertKeepsGaussian(walnuts(options), { replicas: 40_000 }));
  test("and the same test fails where it is 5 % too cold", () => {
    const cold = tooCold(walnuts({ stepSize: 1.4, maxEnergyError: 0.3 })) as NutsKernel;
    expect(() => assertKeepsGaussian(cold, { replicas: 40_000 })).toThrow("z = ");
  });
});

describe("a macro step", () => {
  const settings = { maxEnergyError: 0.1, maxHalvings: 6 };
  const begin = (x: number, y: number) => {
    const point = phasePoint(2);
    point.position.set([x, y]);
    point.momentum.set([0.8, -1.1]);
    point.energy = pair.can.gradient(point.position, point.gradient);
    point.kinetic = 0.5 * (0.8 ** 2 + 1.1 ** 2);
    return point;
  };
  test("is divided until the energy varies by less than the bound, and counts its gradients", () => {
    const macro = new MacroStep(leapfrogOf("unit", pair), 2, settings);
    const point = begin(1, -0.5);
    const start = point.energy + point.kinetic;
    macro.move(createRng(1), point, 1.5, 1);
    expect(Math.abs(point.energy + point.kinetic - start)).toBeLessThan(0.1);
    expect(macro.gradients).toBeGreaterThan(3);
    expect(macro.acceptance).toBeLessThan(Math.exp(-0.1));
  });
  test("weighs the chance of the way back against that of the way there", () => {
    const macro = new MacroStep(leapfrogOf("unit", pair), 2, settings);
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const rng = createRng(seed);
      seen.add(macro.move(rng, begin(2 * rng.normal(), rng.normal()), 1.2, 1).toFixed(4));
    }
    // One end needs a halving less: ln 0.2/0.8 if the other took its own, −∞ if it took one more; +ln 4 never without
    // −ln 4.
    expect([...seen].sort()).toEqual(["-1.3863", "-Infinity", "0.0000"]);
  });
});

test("the log-scale of a funnel in three dimensions is right, without a divergence", async () => {
  const draws = await sample(funnel({ dimension: 3 }), walnuts({ metric: "unit" }), { seed: 5, draws: 3000 });
  const { mean, standardError, effectiveSampleSize } = estimateMean(series(draws, 0));
  expect(effectiveSampleSize).toBeGreaterThan(150);
  expect(Math.abs(mean)).toBeLessThan(4.89 * standardError);
  for (const { stats } of draws.chains) expect(Math.max(...stats.diverged)).toBe(0);
});
