import { createModel, kaufman, reweight, simulate } from "@basin/ising";
import { estimateMean } from "@basin/samplers";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";

describe("reweight", () => {
  it("carries a run to nearby temperatures, and says how far it still counts", async () => {
    const run = await simulate(createModel("square", 32), { temperature: 2.4, sweeps: 40_000, seed: 6 });
    for (const T of [2.36, 2.44]) {
      const [there] = reweight([run], 1024, [1 / T]);
      const exact = kaufman(32, 32, T);
      const { energyPerSite, specificHeat, effectiveShare } = there;
      expect(Math.abs(energyPerSite.mean - exact.energyPerSite)).toBeLessThan(
        5.4 * energyPerSite.standardError,
      );
      expect(Math.abs(specificHeat.mean - exact.specificHeat)).toBeLessThan(5.4 * specificHeat.standardError);
      expect(effectiveShare).toBeGreaterThan(0.3);
      // Unweighted, the same run is far off.
      expect(Math.abs(run.energyPerSite.mean - exact.energyPerSite)).toBeGreaterThan(
        5.4 * run.energyPerSite.standardError,
      );
    }
    const [same, far] = reweight([run], 1024, [1 / 2.4, 1 / 1.5]);
    expect(same.effectiveShare).toBeCloseTo(1, 12);
    expect(same.specificHeat.mean).toBeCloseTo(run.specificHeat.mean, 9);
    expect(far.effectiveShare).toBeLessThan(0.05);
  });

  const temperatures = [2.1, 2.2, 2.35, 2.5];
  const run = (temperature: number, seed: number) =>
    simulate(createModel("square", 16), { temperature, algorithm: "swendsen-wang", sweeps: 5000, seed });

  it("joins runs to the exact curve, with an error smaller than one run's", async () => {
    const runs = await Promise.all(temperatures.map((T, k) => run(T, 10 + k)));
    const targets = [2.15, 2.27, 2.42];
    const found = reweight(
      runs,
      256,
      targets.map((T) => 1 / T),
    );
    const zero = kaufman(16, 16, temperatures[0]).logPartition;
    for (const [k, T] of targets.entries()) {
      const exact = kaufman(16, 16, T);
      assertMean(found[k].energyPerSite, exact.energyPerSite, { comparisons: 9 });
      assertMean(found[k].specificHeat, exact.specificHeat, { comparisons: 9 });
      expect(Math.abs(found[k].logPartition - (exact.logPartition - zero))).toBeLessThan(0.3);
      expect(found[k].effectiveShare).toBeGreaterThan(0.2);
    }
    // A run's temperature taken 5 % wrong is seen.
    const wrong = runs.map((r, k) =>
      k === 1 ? { ...r, inverseTemperature: 1.05 * r.inverseTemperature } : r,
    );
    const off = reweight(wrong, 256, [1 / 2.2])[0].energyPerSite;
    expect(Math.abs(off.mean - kaufman(16, 16, 2.2).energyPerSite) / off.standardError).toBeGreaterThan(5);
    const alone = await run(2.2, 11);
    expect(reweight(runs, 256, [1 / 2.2])[0].energyPerSite.standardError).toBeLessThan(
      alone.energyPerSite.standardError,
    );
    expect(estimateMean(alone.series.energy).mean / 256).toBeCloseTo(alone.energyPerSite.mean, 12);
  });

  it("refuses what it cannot join", () => {
    const series = { energy: new Float64Array(10), magnetization: new Float64Array(10) };
    expect(() => reweight([], 4, [1])).toThrow("no runs");
    expect(() => reweight([{ series, inverseTemperature: 1 }], 4, [1])).toThrow("run 0 has 10 draws");
    expect(() => reweight([{ series, inverseTemperature: 1 }], 4, [-1])).toThrow("targets[0] is -1");
  });
});
