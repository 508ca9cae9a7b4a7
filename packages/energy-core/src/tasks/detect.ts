import { ArgumentError, checkEnergy, checkNumber } from "../errors.ts";
import { binomialInterval } from "./binomial.ts";

/** The options of {@link detector}. */
export interface DetectorOptions {
  /** Share of in-distribution states to keep, in (0, 1]. Default 0.95. */
  keep?: number;
  /** Confidence of the threshold's interval, in (0, 1). Default 0.95. */
  confidence?: number;
}

/** A calibrated test for outliers: E(x) > τ. */
export interface Detector {
  /** τ: the smallest held-out energy such that at least `keep` of the held-out energies are not above it. */
  readonly threshold: number;
  /**
   * Distribution-free confidence interval of the true `keep`-quantile of the energies, by order statistics; an end is
   * infinite when there are too few held-out energies to bound it.
   */
  readonly interval: readonly [low: number, high: number];
  /** The share asked for. */
  readonly keep: number;
  /** The share of held-out energies that the threshold does keep; above `keep` by rounding and ties. */
  readonly kept: number;
  /** Number of held-out energies. */
  readonly heldOut: number;
  /** Whether a state of this energy counts as an outlier: energy > τ. */
  isOutlier(energy: number): boolean;
}

/**
 * Returns a detector of outliers (E(x) > τ ⇒ out of distribution) whose threshold keeps a given share of held-out
 * in-distribution energies.
 *
 * @example
 * ```ts
 * import { detector } from "@basin/energy-core";
 *
 * const { threshold, isOutlier } = detector([1, 2, 3, 4], { keep: 0.75 });
 * console.log(threshold, isOutlier(3), isOutlier(3.5)); // 3, false, true
 * ```
 *
 * @throws {ArgumentError} for no energies or options out of range; {EnergyValueError} for NaN and −∞.
 */
export function detector(heldOutEnergies: ArrayLike<number>, options: DetectorOptions = {}): Detector {
  const keep = checkNumber("keep", options.keep ?? 0.95, { above: 0, max: 1 });
  const confidence = checkNumber("confidence", options.confidence ?? 0.95, { above: 0, max: 1 - 1e-12 });
  const n = heldOutEnergies.length;
  if (n === 0) throw new ArgumentError("no held-out energies were given, expected at least one");
  const sorted = Float64Array.from(heldOutEnergies, (e, i) => checkEnergy(e, `held-out energy ${i}`)).sort();
  const threshold = sorted[orderOfShare(keep, n) - 1];
  const [low, high] = keep < 1 ? binomialInterval(n, keep, confidence) : [n, n + 1];
  let within = n;
  while (sorted[within - 1] > threshold) within--;
  return {
    threshold,
    interval: [
      low >= 1 ? sorted[low - 1] : Number.NEGATIVE_INFINITY,
      high <= n ? sorted[high - 1] : Number.POSITIVE_INFINITY,
    ],
    keep,
    kept: within / n,
    heldOut: n,
    isOutlier: (energy) => checkEnergy(energy, "the energy to judge") > threshold,
  };
}

/** The smallest k with k/n ≥ share; the margin keeps 0.95 · 60 = 57.00000000000001 at 57. */
export function orderOfShare(share: number, n: number): number {
  return Math.max(1, Math.ceil(share * n - 1e-9));
}
