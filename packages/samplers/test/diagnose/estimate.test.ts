import { createRng, type Rng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { estimateMean, standardError } from "../../src/index.ts";

/** A stationary autoregressive series of mean 0 and variance 1; its autocorrelation time is (1 + φ)/(1 − φ). */
function autoregression(rng: Rng, phi: number, length: number): Float64Array {
  const noise = Math.sqrt(1 - phi * phi);
  const series = new Float64Array(length);
  series[0] = rng.normal();
  for (let t = 1; t < length; t++) series[t] = phi * series[t - 1] + noise * rng.normal();
  return series;
}

/** The root mean square of z = mean / standardError over many series: 1 when the error bars are honest. */
function spreadOfZ(phi: number, length: number, chains: number, repeats: number): number {
  const rng = createRng(20261124);
  let sum = 0;
  for (let r = 0; r < repeats; r++) {
    const estimate = estimateMean(Array.from({ length: chains }, () => autoregression(rng, phi, length)));
    sum += (estimate.mean / estimate.standardError) ** 2;
  }
  return Math.sqrt(sum / repeats);
}

describe("estimateMean", () => {
  // 1000 values of z: their spread has a standard error of 0.022, and 0.11 is five of them.
  test.each([
    [0, 400, 1],
    [0.9, 4000, 1],
    [0.99, 20_000, 1],
    [0.9, 1000, 4],
    [-0.3, 500, 1],
  ])("gives error bars that cover, φ = %d, %d draws, %d chains", (phi, length, chains) => {
    const repeats = length > 1000 ? 200 : 1000;
    const spread = spreadOfZ(phi, length, chains, repeats);
    expect(Math.abs(spread - 1.02)).toBeLessThan(5 / Math.sqrt(2 * repeats));
  });

  test("finds the autocorrelation time", () => {
    const series = autoregression(createRng(5), 0.95, 200_000);
    expect(Math.abs(estimateMean(series).autocorrelationTime / 39 - 1)).toBeLessThan(0.1);
  });

  test("the naive error is far too small where draws are correlated", () => {
    const series = autoregression(createRng(6), 0.95, 20_000);
    expect(estimateMean(series).standardError).toBeGreaterThan(5 / Math.sqrt(20_000));
  });

  test("a constant series has a mean and no error", () => {
    const { mean, standardError, effectiveSampleSize } = estimateMean([3, 3, 3, 3, 3]);
    expect([mean, standardError, effectiveSampleSize]).toEqual([3, NaN, NaN]);
  });

  test("takes one series as one chain", () => {
    const series = autoregression(createRng(7), 0.5, 100);
    expect(estimateMean(series)).toEqual(estimateMean([series]));
    expect(estimateMean([...series])).toEqual(estimateMean([series]));
  });

  test("refuses chains that cannot be diagnosed", () => {
    expect(() => estimateMean([])).toThrow("no chains were given");
    expect(() => estimateMean([1, 2, 3])).toThrow("the chains have 3 draws, expected at least 4");
    expect(() =>
      estimateMean([
        [1, 2, 3, 4],
        [1, 2, 3],
      ]),
    ).toThrow("chain 1 has 3 draws, chain 0 has 4");
  });
});

test("standard errors of the mean and of the standard deviation agree with the spread over repeated samples", () => {
  const rng = createRng(11);
  const means: number[] = [];
  const deviations: number[] = [];
  let errorOfMean = 0;
  let errorOfSd = 0;
  const repeats = 600;
  for (let r = 0; r < repeats; r++) {
    // Exponential draws: skewed, so that a formula for normal draws would be off by a factor of two.
    const chain = Array.from({ length: 800 }, () => -Math.log(1 - rng.uniform()));
    const center = chain.reduce((a, b) => a + b) / chain.length;
    means.push(center);
    deviations.push(Math.sqrt(chain.reduce((a, b) => a + (b - center) ** 2, 0) / (chain.length - 1)));
    errorOfMean += standardError(chain) / repeats;
    errorOfSd += standardError(chain, { of: "sd" }) / repeats;
  }
  const spread = (values: number[]) => {
    const center = values.reduce((a, b) => a + b) / values.length;
    return Math.sqrt(values.reduce((a, b) => a + (b - center) ** 2, 0) / values.length);
  };
  expect(Math.abs(errorOfMean / spread(means) - 1)).toBeLessThan(0.15);
  expect(Math.abs(errorOfSd / spread(deviations) - 1)).toBeLessThan(0.2);
});
