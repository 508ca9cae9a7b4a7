import { expect, test } from "vitest";
import { autocovariance } from "../../src/diagnose/autocovariance.ts";

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
