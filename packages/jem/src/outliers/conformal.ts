import { checkNumber } from "@basin/energy-core";
import { checkEnergy, checkList, checkOptions, countBelow } from "@basin/energy-core/internal";

/**
 * Returns the conformal p-value of each score, (1 + #{held-out scores ≥ it}) / (n + 1). For a fresh input like the
 * held-out ones it is at most q with probability at most q, on average over held-out sets (Vovk, Gammerman & Shafer
 * 2005). The smallest possible p-value is 1/(n + 1).
 *
 * @param heldOut scores of held-out inputs, higher for outliers; without any, every p-value is 1.
 *
 * @example
 * ```ts
 * import { conformalPValues } from "@basin/jem/outliers";
 *
 * console.log(conformalPValues([1, 2, 3, 4], [0, 3, 9])); // 1, 0.6, 0.2
 * ```
 *
 * @throws {ArgumentError} for what is no list of numbers; {EnergyValueError} for NaN and −∞.
 */
export function conformalPValues(heldOut: ArrayLike<number>, scores: ArrayLike<number>): Float64Array {
  return pValuesAmong(sortedScores(heldOut), scores);
}

/** Returns scores in ascending order. */
export function sortedScores(scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(checkList("scores", scores), (s, i) => checkEnergy(s, `score ${i}`)).sort();
}

/** Does the same as {@link conformalPValues} for sorted held-out scores. */
export function pValuesAmong(sorted: Float64Array, scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(checkList("scores", scores), (score, i) => {
    checkEnergy(score, `score ${i}`);
    return (1 + sorted.length - countBelow(sorted, score)) / (sorted.length + 1);
  });
}

/** Options of {@link benjaminiHochberg}. */
export interface DiscoveryOptions {
  /** Bound on the mean share of false discoveries, in (0, 1). Default 0.1. */
  rate?: number;
}

/** The outliers of a batch, chosen so that the mean share of false ones among them is bounded. */
export interface Discoveries {
  /** Whether each input of the batch is an outlier. */
  readonly outliers: readonly boolean[];
  readonly count: number;
  readonly rate: number;
  /** The largest p-value of a discovery; 0 if there is none. */
  readonly cutoff: number;
  /**
   * The smallest number of outliers that can be found together, since no p-value is below 1/(n + 1); 0 if none can ever
   * be found.
   */
  readonly fewest: number;
  /** The number of held-out inputs with which a single outlier in a batch of this size can be found. */
  readonly needed: number;
  /** A warning if `fewest` is not 1. */
  readonly warning?: string;
}

/**
 * Returns the discoveries of Benjamini and Hochberg (1995) among conformal p-values: the j smallest, where j is the
 * largest number with p_(j) ≤ rate · j/m. The p-values of a batch depend on each other because they share a held-out
 * set. The mean share of false discoveries is still at most `rate` times the share of inputs that are not outliers
 * (Bates et al. 2023).
 *
 * @param heldOut the number of held-out inputs that the p-values come from.
 *
 * @example
 * ```ts
 * import { benjaminiHochberg, conformalPValues } from "@basin/jem/outliers";
 *
 * const heldOut = Float64Array.from({ length: 99 }, (_, i) => i);
 * const { outliers, fewest } = benjaminiHochberg(conformalPValues(heldOut, [200, 50, 300, 10]), 99);
 * console.log(outliers, fewest); // true, false, true, false; 1
 * ```
 *
 * @throws {ArgumentError} for numbers that are no p-values, and a rate out of range.
 */
export function benjaminiHochberg(
  pValues: ArrayLike<number>,
  heldOut: number,
  options: DiscoveryOptions = {},
): Discoveries {
  checkOptions("benjaminiHochberg", options, "rate");
  checkNumber("heldOut", heldOut, { min: 0, integer: true });
  return discover(pValues, new Float64Array(pValues.length).fill(1 / (heldOut + 1)), options);
}

/** Does the same if each p-value has its own smallest possible value. */
export function discover(
  pValues: ArrayLike<number>,
  least: Float64Array,
  options: DiscoveryOptions,
): Discoveries {
  const rate = checkNumber("rate", options.rate ?? 0.1, { above: 0, max: 1 - 1e-12 });
  const sorted = Float64Array.from(pValues, (p, i) =>
    checkNumber(`p-value ${i}`, p, { min: 0, max: 1 }),
  ).sort();
  const m = sorted.length;
  const passes = (p: Float64Array, j: number) => p[j - 1] <= ((rate * j) / m) * (1 + 2 ** -50);
  let count = m;
  while (count > 0 && !passes(sorted, count)) count--;
  const floors = least.slice().sort();
  let fewest = 1;
  while (fewest <= m && !passes(floors, fewest)) fewest++;
  if (fewest > m) fewest = 0;
  const needed = Math.max(0, Math.ceil((m / rate) * (1 - 2 ** -50)) - 1);
  const cutoff = count > 0 ? sorted[count - 1] : 0;
  const none = fewest === 0 ? "none can be found" : `no fewer than ${fewest} can be found`;
  return {
    outliers: Array.from(pValues, (p) => count > 0 && p <= cutoff),
    count,
    rate,
    cutoff,
    fewest: m === 0 ? 1 : fewest,
    needed,
    ...(m > 0 &&
      fewest !== 1 && {
        warning: `p-values of at least ${floors[0].toPrecision(3)} are too coarse for a batch of ${m} at a rate of ${rate}: ${none}; expected at least ${needed} held-out inputs for a single one`,
      }),
  };
}
