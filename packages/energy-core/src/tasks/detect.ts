import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkEnergy, checkNumber } from "../errors.ts";
import { toVector, type VectorLike } from "../matrix.ts";
import { binomialInterval } from "./binomial.ts";

/** The options of {@link detector}. */
export interface DetectorOptions {
  /** Share of fresh in-distribution states to keep, in (0, 1]. Default 0.95. */
  keep?: number;
  /** Confidence of the threshold's interval, in (0, 1). Default 0.95. */
  confidence?: number;
}

/** A calibrated test for outliers: E(x) > τ. */
export interface Detector {
  /** τ: the k-th smallest of n held-out energies, k = ⌈(n + 1) · keep⌉; +∞, and nothing is flagged, where k > n. */
  readonly threshold: number;
  /**
   * Distribution-free confidence interval of the true `keep`-quantile of the energies, by order statistics; an end is
   * infinite when there are too few held-out energies to bound it.
   */
  readonly interval: readonly [low: number, high: number];
  /** The share asked for. */
  readonly keep: number;
  /**
   * The share of held-out energies that the threshold keeps. It is above `keep`, because the threshold is set for fresh
   * ones.
   */
  readonly kept: number;
  /** Number of held-out energies. */
  readonly heldOut: number;
  /** The fewest held-out energies that bound the `keep` of fresh ones: 19 for 0.95; +∞ for 1. */
  readonly needed: number;
  /** Why nothing is ever flagged, where the threshold is +∞. */
  readonly warning?: string;
  /** Whether a state of this energy counts as an outlier: energy > τ. */
  isOutlier(energy: number): boolean;
}

/**
 * Returns a detector of outliers (E(x) > τ ⇒ out of distribution) that keeps a given share of *fresh* in-distribution
 * states. τ is the k-th smallest of n held-out energies, k = ⌈(n + 1) · keep⌉: of n + 1 exchangeable energies without
 * ties, the last is among the k smallest with probability k/(n + 1) ≥ keep (split conformal prediction: Vovk, Gammerman
 * & Shafer 2005). That is the mean over held-out sets; for one set the share has the distribution Beta(k, n + 1 − k).
 *
 * @example
 * ```ts
 * import { detector } from "@basin/energy-core";
 *
 * const { threshold, isOutlier } = detector([1, 2, 3, 4], { keep: 0.6 });
 * console.log(threshold, isOutlier(3), isOutlier(3.5)); // 3, false, true
 * console.log(detector([1, 2, 3, 4]).warning); // too few for 0.95: the threshold is +∞
 * ```
 *
 * @throws {ArgumentError} for an empty list, a value that is not a list, or options out of range; {EnergyValueError}
 * for NaN and −∞.
 */
export function detector(heldOutEnergies: VectorLike, options: DetectorOptions = {}): Detector {
  checkOptions("detector", options, "keep confidence");
  const keep = checkNumber("keep", options.keep ?? 0.95, { above: 0, max: 1 });
  const confidence = checkNumber("confidence", options.confidence ?? 0.95, { above: 0, max: 1 - 1e-12 });
  const sorted = sortedEnergies(heldOutEnergies, "held-out energy");
  const n = sorted.length;
  const k = orderOfShare(keep, n + 1);
  const threshold = k <= n ? sorted[k - 1] : Number.POSITIVE_INFINITY;
  const [low, high] = keep < 1 ? binomialInterval(n, keep, confidence) : [n, n + 1];
  let within = n;
  while (sorted[within - 1] > threshold) within--;
  const needed = fewestFor(keep);
  return {
    threshold,
    interval: [
      low >= 1 ? sorted[low - 1] : Number.NEGATIVE_INFINITY,
      high <= n ? sorted[high - 1] : Number.POSITIVE_INFINITY,
    ],
    keep,
    kept: within / n,
    heldOut: n,
    needed,
    ...(threshold === Number.POSITIVE_INFINITY && { warning: whyNothing(sorted, k, keep, needed) }),
    isOutlier: (energy) => checkEnergy(energy, "the energy to judge") > threshold,
  };
}

/**
 * Returns energies in ascending order.
 * @throws {ArgumentError} for none; {EnergyValueError} for NaN and −∞.
 */
export function sortedEnergies(given: VectorLike, what: string): Float64Array {
  const energies = toVector(given, `what was given as each ${what}`);
  if (energies.length === 0) throw new ArgumentError(`no ${what} was given, expected at least one`);
  return Float64Array.from(energies, (e, i) => checkEnergy(e, `${what} ${i}`)).sort();
}

/**
 * The smallest k with k/n ≥ share, for a share that was written in decimals: the margin, of twice the rounding of share
 * and product, keeps 0.95 · 60 = 57.00000000000001 at 57.
 */
export function orderOfShare(share: number, n: number): number {
  return Math.max(1, Math.ceil(share * n * (1 - 2 ** -51)));
}

/** The smallest n with ⌈(n + 1) · keep⌉ ≤ n, which is keep/(1 − keep) but for rounding. */
function fewestFor(keep: number): number {
  if (keep === 1) return Number.POSITIVE_INFINITY;
  let n = Math.max(1, Math.floor(keep / (1 - keep)) - 1);
  while (orderOfShare(keep, n + 1) > n) n++;
  return n;
}

function whyNothing(sorted: Float64Array, k: number, keep: number, needed: number): string {
  const n = sorted.length;
  const consequence = "the threshold is +Infinity and no state is flagged";
  if (k <= n) {
    const infinite = n - sorted.indexOf(Number.POSITIVE_INFINITY);
    return `${infinite} of ${n} held-out energies are +Infinity: ${consequence}`;
  }
  const next = needed < Number.POSITIVE_INFINITY ? `at least ${needed}` : "a keep below 1";
  return `${n} held-out energies cannot bound ${keep} of fresh ones: ${consequence}; expected ${next}`;
}
