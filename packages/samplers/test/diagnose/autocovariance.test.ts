import { expect, test } from "vitest";
import { autocovariance, averageAutocovariance } from "../../src/diagnose/autocovariance.ts";

test("autocovariance equals the sum it is defined by, at lengths that are no power of two", () => {
  const series = Array.from({ length: 37 }, (_, i) => Math.sin(i * i) + i / 10);
  const mean = series.reduce((a, b) => a + b) / series.length;
  const direct = series.map((_, t) => {
    let sum = 0;
    for (let s = 0; s + t < series.length; s++) sum += (series[s] - mean) * (series[s + t] - mean);
    return sum / series.length;
  });
  const fast = autocovariance(series);
  for (const [t, value] of direct.entries()) expect(Math.abs(fast[t] - value)).toBeLessThan(1e-12);
});

test("the mean autocovariance of chains is that of their autocovariances, at lags on both sides of the transform's", () => {
  const chains = [3, 5].map((k) =>
    Float64Array.from({ length: 203 }, (_, i) => Math.sin(k * i * i) + i / 100),
  );
  const [first, second] = chains.map((chain) => autocovariance(chain));
  const average = averageAutocovariance(chains);
  for (const lag of [0, 1, 2, 7, 63, 64, 65, 100, 202])
    expect(Math.abs(average(lag) - (first[lag] + second[lag]) / 2)).toBeLessThan(1e-12);
});
