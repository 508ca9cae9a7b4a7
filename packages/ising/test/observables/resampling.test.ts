import { createRng } from "@basin/energy-core/random";
import { blocking, createModel, jackknife, kaufman, multiHistogram, simulate } from "@basin/ising";
import { estimateMean } from "@basin/samplers";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";

/** An autoregressive series: x' = a x + √(1 − a²) ξ, of variance 1 and τ = (1 + a)/(1 − a). */
function autoregressive(n: number, a: number, seed: number): Float64Array {
  const rng = createRng(seed);
  let x = rng.normal();
  return Float64Array.from({ length: n }, () => (x = a * x + Math.sqrt(1 - a * a) * rng.normal()));
}

describe("blocking", () => {
  it("finds the error of a correlated series, which the naive one falls short of", () => {
    const n = 2 ** 17;
    const exact = Math.sqrt((1 + 0.9) / (1 - 0.9) / n);
    const ratios = [1, 2, 3, 4].map((seed) => {
      const { standardError, blockSize, levels } = blocking(autoregressive(n, 0.9, seed));
      expect(levels[0].standardError / exact).toBeLessThan(0.3);
      expect(blockSize).toBeGreaterThan(19);
      return standardError / exact;
    });
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
  });

  it("says when a series is too short for it", () => {
    expect(blocking(autoregressive(64, 0.99, 1)).standardError).toBeNaN();
    expect(() => blocking([1, 2, 3])).toThrow("3 draws");
  });
});

describe("jackknife", () => {
  it("is the ordinary error for a mean, and takes the bias off a square", () => {
    const rng = createRng(5);
    const draws = Float64Array.from({ length: 64 }, () => rng.normal());
    const mean = draws.reduce((a, b) => a + b, 0) / 64;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 63;
    const plain = jackknife([draws], ([x]) => x, 64);
    expect(plain.value).toBeCloseTo(mean, 12);
    expect(plain.standardError).toBeCloseTo(Math.sqrt(variance / 64), 12);
    const square = jackknife([draws], ([x]) => x * x, 64);
    expect(square.bias).toBeCloseTo(variance / 64, 12);
    expect(square.value).toBeCloseTo(mean * mean - variance / 64, 12);
  });

  it("agrees with the influence functions of simulate", async () => {
    const { series, binder } = await simulate(createModel("square", 16), {
      temperature: 2.4,
      algorithm: "wolff",
      sweeps: 8000,
      seed: 2,
    });
    const [m2, m4] = [2, 4].map((power) => series.magnetization.map((M) => (M / 256) ** power));
    const found = jackknife([m2, m4], ([a, b]) => 1 - b / (3 * a * a), 64);
    expect(found.value).toBeCloseTo(binder.mean, 4);
    expect(found.standardError / binder.standardError).toBeGreaterThan(0.75);
    expect(found.standardError / binder.standardError).toBeLessThan(1.33);
  });

  it("refuses what has no blocks", () => {
    expect(() => jackknife([[1, 2, 3]], ([x]) => x)).toThrow("3 draws cannot make 32 blocks");
    expect(() => jackknife([new Float64Array(64), new Float64Array(65)], ([x]) => x)).toThrow("series[1]");
  });
});

describe("multiHistogram", () => {
  const temperatures = [2.1, 2.2, 2.35, 2.5];
  const run = (temperature: number, seed: number) =>
    simulate(createModel("square", 16), { temperature, algorithm: "swendsen-wang", sweeps: 5000, seed });

  it("joins runs to the exact curve, with an error smaller than one run's", async () => {
    const runs = await Promise.all(temperatures.map((T, k) => run(T, 10 + k)));
    const targets = [2.15, 2.27, 2.42];
    const found = multiHistogram(
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
    const off = multiHistogram(wrong, 256, [1 / 2.2])[0].energyPerSite;
    expect(Math.abs(off.mean - kaufman(16, 16, 2.2).energyPerSite) / off.standardError).toBeGreaterThan(5);
    const alone = await run(2.2, 11);
    expect(multiHistogram(runs, 256, [1 / 2.2])[0].energyPerSite.standardError).toBeLessThan(
      alone.energyPerSite.standardError,
    );
    expect(estimateMean(alone.series.energy).mean / 256).toBeCloseTo(alone.energyPerSite.mean, 12);
  });

  it("refuses what it cannot join", () => {
    const series = { energy: new Float64Array(10), magnetization: new Float64Array(10) };
    expect(() => multiHistogram([], 4, [1])).toThrow("no runs");
    expect(() => multiHistogram([{ series, inverseTemperature: 1 }], 4, [1])).toThrow("run 0 has 10 draws");
    expect(() => multiHistogram([{ series, inverseTemperature: 1 }], 4, [-1])).toThrow("targets[0] is -1");
  });
});
