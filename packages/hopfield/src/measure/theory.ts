import { checkNumber } from "@basin/energy-core";
import { exp } from "@basin/energy-core/random";

/**
 * Returns erf(x) to about 1e-15: its Taylor series with positive terms up to |x| = 3, a continued fraction of 1 − erf
 * beyond.
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 3) return 1 - erfc(x);
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum;
}

/** Returns 1 − erf(x) without cancellation in the tail. */
export function erfc(x: number): number {
  if (x < 3) return 1 - erf(x);
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/**
 * Returns the probability that a bit of a stored pattern is turned by one update of a Hebbian network of random
 * patterns, ½ erfc(√((N − 1)/(2 (P − 1)))): the noise of the P − 1 other patterns against the signal, as a Gaussian.
 *
 * @param neurons N ≥ 2.
 * @param patterns P ≥ 1.
 *
 * @example
 * ```ts
 * import { hebbianBitError } from "@basin/hopfield";
 *
 * console.log(hebbianBitError(2000, 276)); // 0.0035
 * ```
 */
export function hebbianBitError(neurons: number, patterns: number): number {
  checkNumber("neurons", neurons, { min: 2, integer: true });
  checkNumber("patterns", patterns, { min: 1, integer: true });
  return patterns === 1 ? 0 : 0.5 * erfc(Math.sqrt((neurons - 1) / (2 * (patterns - 1))));
}

/**
 * Returns the overlap of the retrieval state of a large Hebbian network at load α and T = 0, 0 above α_c (Amit,
 * Gutfreund & Sompolinsky 1985): m = erf(y) with the largest y that solves y (√(2α) + (2/√π) e^(−y²)) = erf(y).
 *
 * @param load α = P/N ≥ 0.
 */
export function hebbianOverlap(load: number): number {
  checkNumber("load", load, { min: 0 });
  if (load === 0) return 1;
  const excess = (y: number) => erf(y) - y * (Math.sqrt(2 * load) + (2 / Math.sqrt(Math.PI)) * exp(-y * y));
  // From far right, where it is negative, down to the first sign change; the retrieval solution is the largest one.
  const step = 1e-3;
  for (let y = 1 / Math.sqrt(2 * load) + step; y > 0.5; y -= step) {
    if (excess(y) < 0) continue;
    let low = y;
    let high = y + step;
    for (let k = 0; k < 50; k++) {
      const middle = 0.5 * (low + high);
      if (excess(middle) >= 0) low = middle;
      else high = middle;
    }
    return erf(low);
  }
  return 0;
}

/**
 * Returns the overlap that synchronous recall ends with in a large Hebbian network at load α, from a probe with a share
 * `noise` of its bits flipped, at T = 0: {@link hebbianOverlap} where the noise is inside the basin by
 * {@link hebbianBasin}'s dynamics, 0 outside.
 *
 * @param load α = P/N ≥ 0.
 * @param noise in [0, 1].
 */
export function hebbianRecallOverlap(load: number, noise: number): number {
  checkNumber("load", load, { min: 0 });
  checkNumber("noise", noise, { min: 0, max: 1 });
  return flowsToPattern(load, 1 - 2 * noise) ? hebbianOverlap(load) : 0;
}

/**
 * Returns the radius of the basins of attraction in a large Hebbian network at load α, as the share of flipped bits up
 * to which a pattern is recalled, by the statistical neurodynamics of Amari & Maginu (1988): with p the normal density
 * and m₀ = 1 − 2 · noise, σ₀² = α,
 *
 * m ← erf(m/(√2 σ)), σ² ← α + 4 p(m/σ)² + 4 α (m/σ) p(m/σ) m_new.
 *
 * An approximation for synchronous updates that takes the noise as Gaussian; where no retrieval state exists (α above
 * α_c = 0.138, Amit, Gutfreund & Sompolinsky 1985) the radius is 0.
 *
 * @param load α = P/N ≥ 0.
 *
 * @example
 * ```ts
 * import { hebbianBasin } from "@basin/hopfield";
 *
 * console.log(hebbianBasin(0.1)); // 0.395: recalled from up to 39.5 % of the bits flipped
 * ```
 */
export function hebbianBasin(load: number): number {
  checkNumber("load", load, { min: 0 });
  if (hebbianOverlap(load) === 0) return 0;
  if (load === 0) return 0.5;
  let inside = 0;
  let outside = 0.5;
  for (let k = 0; k < 40; k++) {
    const middle = 0.5 * (inside + outside);
    if (flowsToPattern(load, 1 - 2 * middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** Whether the dynamics of Amari & Maginu ends near the pattern. */
function flowsToPattern(load: number, start: number): boolean {
  if (!(start > 0) || hebbianOverlap(load) === 0) return false;
  if (load === 0) return true;
  let m = start;
  let variance = load;
  for (let step = 0; step < 1000; step++) {
    const ratio = m / Math.sqrt(variance);
    const density = exp(-0.5 * ratio * ratio) / Math.sqrt(2 * Math.PI);
    const next = erf(ratio / Math.SQRT2);
    const spreading = load + 4 * density * density + 4 * load * ratio * density * next;
    const still = Math.abs(next - m) + Math.abs(spreading - variance) < 1e-12;
    m = next;
    variance = spreading;
    if (still) break;
  }
  return m > 0.5;
}

/**
 * Returns how many random patterns a dense memory of order n stores with 1 % of the bits wrong after one update:
 * P = N^(n−1) / (2.326² (2n − 3)!!) (Krotov & Hopfield 2016, with the quantile of 1 % for their bound).
 *
 * @example
 * ```ts
 * import { densePatterns } from "@basin/hopfield";
 *
 * console.log(densePatterns(240, 3)); // 3548
 * ```
 */
export function densePatterns(neurons: number, order: number): number {
  checkNumber("neurons", neurons, { min: 2, integer: true });
  checkNumber("order", order, { min: 2, integer: true });
  let factorial = 1;
  let power = 1;
  for (let k = 2 * order - 3; k > 1; k -= 2) factorial *= k;
  for (let k = 1; k < order; k++) power *= neurons;
  return power / (2.3263478740408408 ** 2 * factorial);
}
