import { funnel } from "@basin/energy-core/targets";
import { expect, test } from "vitest";
import {
  effectiveSampleSize,
  estimateMean,
  sample,
  series,
  standardError,
  statistic,
  walnuts,
} from "../../src/index.ts";

test("Neal's funnel in ten dimensions: moments and tails of the log-scale within five errors, without a divergence", async () => {
  const draws = await sample(funnel({ dimension: 10 }), walnuts({ metric: "unit" }), {
    seed: 1,
    until: { essBulk: 450 },
    draws: 4000,
  });
  const chains = series(draws, 0);
  const { mean, standardError: errorOfMean } = estimateMean(chains);
  const all = Float64Array.from(chains.flatMap((chain) => [...chain])).sort();
  const sd = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1));
  expect(effectiveSampleSize(chains)).toBeGreaterThan(400);
  expect(Math.abs(mean)).toBeLessThan(5 * errorOfMean);
  expect(Math.abs(sd - 3)).toBeLessThan(5 * standardError(chains, { of: "sd" }));
  for (const [p, quantile] of [
    [0.01, -6.979044],
    [0.99, 6.979044],
  ]) {
    const found = all[Math.floor(p * all.length)];
    expect(Math.abs(found - quantile)).toBeLessThan(5 * standardError(chains, { of: p }));
  }
  expect(statistic(draws, "diverged").flatMap((chain) => [...chain])).not.toContain(1);
});
