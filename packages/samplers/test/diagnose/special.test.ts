import { betaQuantile, incompleteBeta, logGamma, normalQuantile } from "@basin/energy-core/internal";
import { describe, expect, test } from "vitest";
import { autocovariance } from "../../src/diagnose/autocovariance.ts";

describe("normalQuantile", () => {
  // Reference values from scipy.special.ndtri.
  test.each([
    [1e-300, -37.0470962993612],
    [1e-15, -7.941345326170998],
    [1e-6, -4.753424308822899],
    [0.01, -2.3263478740408408],
    [0.07, -1.4757910281791706],
    [0.08, -1.4050715603096329],
    [0.3, -0.5244005127080409],
    [0.5, 0.0],
    [0.6, 0.2533471031357997],
    [0.92, 1.4050715603096329],
    [0.95, 1.6448536269514722],
    [0.999, 3.090232306167813],
  ])("Φ⁻¹(%d) = %d", (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(z)));
  });
  test("is infinite at the ends and NaN outside", () => {
    expect([0, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });
});

// Reference values from scipy.special.gammaln, betainc and betaincinv.
test.each([
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247],
  [1.5, -0.12078223763524526],
  [7.3, 7.147892523022249],
  [20, 39.339884187199495],
  [501.2, 2612.573619967879],
  [40000.5, 383866.3082613345],
])("ln Γ(%d) = %d", (x, value) => {
  expect(Math.abs(logGamma(x) - value)).toBeLessThan(1e-13 * (1 + Math.abs(value)));
});
test.each([
  [0.1, 2, 3, 0.05230000000000001],
  [0.5, 500, 501, 0.5126125090891802],
  [0.52, 500, 501, 0.9027460086403863],
  [0.95, 950, 51, 0.537529040801425],
  [0.9, 0.5, 0.5, 0.7951672353008665],
  [0.499, 20000, 20000, 0.3445790317547115],
])("I_%d(%d, %d) = %d", (x, a, b, value) => {
  expect(Math.abs(incompleteBeta(x, a, b) - value)).toBeLessThan(1e-11);
});
test.each([
  [0.1586553, 501, 501, 0.4842044043831977],
  [0.8413447, 501, 501, 0.5157955956168023],
  [0.1586553, 46.5, 900.2, 0.04211599274953976],
  [0.8413447, 3000, 3, 0.9995444904553535],
])("the %d-quantile of Beta(%d, %d) is %d", (p, a, b, value) => {
  expect(Math.abs(betaQuantile(p, a, b) - value)).toBeLessThan(1e-10);
});

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
