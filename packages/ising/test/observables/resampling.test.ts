import { createRng } from "@basin/energy-core/random";
import { blocking, createModel, jackknife, simulate } from "@basin/ising";
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
