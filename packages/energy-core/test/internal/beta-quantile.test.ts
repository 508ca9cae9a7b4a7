import { betaQuantile, incompleteBeta, logGamma } from "@basin/energy-core/internal";
import { expect, test } from "vitest";

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
