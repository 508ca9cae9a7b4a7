/** Steps of ln 2/1024 per unit; {@link expOfSteps} counts in these steps. */
export const STEPS = 1024 / Math.LN2;
const STEP = Math.LN2 / 1024;
/** 1.5 · 2^52: adding it rounds to an integer. */
const ROUND = 6755399441055744;
/** 2^(j/1024), and 2^i from the smallest nonzero power on. */
export const FRACTIONS: Float64Array = /* @__PURE__ */ Float64Array.from(
  { length: 1024 },
  (_, j) => 2 ** (j / 1024),
);
const POWERS = /* @__PURE__ */ Float64Array.from({ length: 1076 }, (_, i) => 2 ** (i - 1075));

/**
 * Returns e^x of x ≤ 0 for u = x · STEPS. The relative error is at most (5 + |x|) · 2 · 10⁻¹⁶ down to −708, and the
 * result is 0 below −745. It takes half the time of Math.exp, which dominates scoring a batch of logits. The method
 * writes u = 1024 i + j + f, |f| ≤ ½, and uses the Taylor polynomial of degree 3 of e^(f ln 2/1024).
 */
export function expOfSteps(u: number): number {
  if (!(u > -745 * STEPS)) return 0;
  const k = u + ROUND - ROUND;
  const f = u - k;
  const p = 1 + f * (STEP + f * ((STEP * STEP) / 2 + f * ((STEP * STEP * STEP) / 6)));
  const n = k | 0;
  return POWERS[(n >> 10) + 1075] * (FRACTIONS[n & 1023] * p);
}
