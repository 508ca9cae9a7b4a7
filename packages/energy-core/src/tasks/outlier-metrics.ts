import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { countBelow } from "../internal/count-below.ts";
import type { VectorLike } from "../matrix.ts";
import { createRng, type Rng } from "../random/rng.ts";
import { seedOf } from "../random/seed.ts";
import { aurocError, aurocInterval } from "./auroc-interval.ts";
import { orderOfShare, sortedEnergies } from "./detect.ts";

/** The metrics of {@link outlierMetrics}. Each name states the positive class and operating point. */
export interface OutlierFigures {
  /** P(E_out > E_in) + ½ P(E_out = E_in). */
  readonly auroc: number;
  /** Average precision with outliers as the positive class, ranked by high energy. */
  readonly auprOutlier: number;
  /** Average precision with in-distribution states as the positive class, ranked by low energy. */
  readonly auprInDistribution: number;
  /** Share of outliers let through (E ≤ τ) where at least 95 % of in-distribution states are kept (Liu et al. 2020). */
  readonly fprAt95InDistribution: number;
  /** Share of in-distribution states flagged (E ≥ τ) where at least 95 % of outliers are caught (OpenOOD). */
  readonly fprAt95Outlier: number;
}

/** How well energies separate two sets. */
export interface OutlierMetrics extends OutlierFigures {
  /** Standard error of the AUROC (DeLong, DeLong & Clarke-Pearson 1988); left out where a set holds one energy. */
  readonly aurocStandardError?: number;
  /** Share of outliers among all states, which both average precisions depend on. */
  readonly outlierShare: number;
  /** The confidence interval of each figure, were both sets drawn anew. */
  readonly intervals: Readonly<Record<keyof OutlierFigures, readonly [low: number, high: number]>>;
  /** The seed of the bootstrap. */
  readonly seed: number;
}

/** The options of {@link outlierMetrics}. */
export interface OutlierMetricsOptions {
  /** Confidence of the intervals, in (0, 1). Default 0.95. */
  confidence?: number;
  /** Bootstrap samples that the intervals rest on, at least 20. Default 500. */
  resamples?: number;
  /** Seed of the bootstrap. Default: drawn, and reported in the result. */
  seed?: number;
}

/**
 * Returns metrics of how well the energy separates outliers from in-distribution states (higher energy = more
 * outlying). Equal energies are not separated: a threshold includes a whole group of ties. Average precision is Σ_k
 * (R_k − R_{k−1}) P_k over the distinct thresholds, without interpolation. The interval of the AUROC is DeLong's on the
 * logit scale; of 0 and 1, which have no error, the exact one-sided bound (1 − confidence)^(1/m) away, m the size of
 * the smaller set. The other intervals are percentiles of bootstrap samples, with each set resampled separately and
 * thresholds recomputed (Efron & Tibshirani 1993, §13.3). They are too narrow for sets below about 50.
 *
 * @example
 * ```ts
 * import { outlierMetrics } from "@basin/energy-core";
 *
 * console.log(outlierMetrics([0, 1, 2], [2, 3]).auroc); // 11/12
 * ```
 *
 * @throws {ArgumentError} when a set is empty or an option out of range; {EnergyValueError} for NaN and −∞.
 */
export function outlierMetrics(
  inDistributionEnergies: VectorLike,
  outlierEnergies: VectorLike,
  options: OutlierMetricsOptions = {},
): OutlierMetrics {
  checkOptions("outlierMetrics", options, "confidence resamples seed");
  const inside = sortedEnergies(inDistributionEnergies, "in-distribution energy");
  const outside = sortedEnergies(outlierEnergies, "outlier energy");
  const confidence = checkNumber("confidence", options.confidence ?? 0.95, { above: 0, max: 1 - 1e-12 });
  const resamples = checkNumber("resamples", options.resamples ?? 500, { min: 20, integer: true });
  const seed = seedOf(options);
  const rng = createRng(seed);
  const figures = figuresOf(inside, outside);
  const samples = Array.from({ length: resamples }, () =>
    figuresOf(resampled(inside, rng), resampled(outside, rng)),
  );
  const cut = Math.floor(((1 - confidence) / 2) * resamples);
  const interval = (name: keyof OutlierFigures): readonly [number, number] => {
    const drawn = Float64Array.from(samples, (sample) => sample[name]).sort();
    return [drawn[cut], drawn[resamples - 1 - cut]];
  };
  const error = aurocError(inside, outside);
  const [n, m] = [inside.length, outside.length];
  return {
    ...figures,
    ...(error !== undefined && { aurocStandardError: error }),
    outlierShare: m / (n + m),
    intervals: {
      auroc: aurocInterval(figures.auroc, error, Math.min(n, m), confidence),
      auprOutlier: interval("auprOutlier"),
      auprInDistribution: interval("auprInDistribution"),
      fprAt95InDistribution: interval("fprAt95InDistribution"),
      fprAt95Outlier: interval("fprAt95Outlier"),
    },
    seed,
  };
}

function figuresOf(inside: Float64Array, outside: Float64Array): OutlierFigures {
  const kept = inside[orderOfShare(0.95, inside.length) - 1];
  const caught = outside[outside.length - orderOfShare(0.95, outside.length)];
  return {
    auroc: areaUnderRoc(inside, outside),
    auprOutlier: averagePrecision(outside, inside),
    auprInDistribution: averagePrecision(negated(inside), negated(outside)),
    fprAt95InDistribution: countUpTo(outside, kept) / outside.length,
    fprAt95Outlier: (inside.length - countBelow(inside, caught)) / inside.length,
  };
}

/** As many draws from ascending values, with replacement, ascending again: by counting, not by sorting. */
function resampled(ascending: Float64Array, rng: Rng): Float64Array {
  const counts = new Uint32Array(ascending.length);
  for (let k = 0; k < counts.length; k++) counts[rng.index(counts.length)]++;
  const out = new Float64Array(ascending.length);
  let at = 0;
  for (let k = 0; k < counts.length; k++) for (let c = 0; c < counts[k]; c++) out[at++] = ascending[k];
  return out;
}

/** Σ over outliers of the share of in-distribution energies below, ties counted half (Mann & Whitney 1947). */
function areaUnderRoc(inside: Float64Array, outside: Float64Array): number {
  let below = 0;
  let upTo = 0;
  let doubled = 0;
  for (const energy of outside) {
    while (below < inside.length && inside[below] < energy) below++;
    while (upTo < inside.length && inside[upTo] <= energy) upTo++;
    doubled += below + upTo;
  }
  return doubled / 2 / inside.length / outside.length;
}

/** Average precision of ascending scores, high scores first, each group of equal scores taken at once. */
function averagePrecision(positives: Float64Array, negatives: Float64Array): number {
  let p = positives.length;
  let n = negatives.length;
  let sum = 0;
  while (p > 0) {
    const score = positives[p - 1];
    const before = p;
    while (p > 0 && positives[p - 1] === score) p--;
    while (n > 0 && negatives[n - 1] >= score) n--;
    const hits = positives.length - p;
    sum += (before - p) * (hits / (hits + negatives.length - n));
  }
  return sum / positives.length;
}

function negated(ascending: Float64Array): Float64Array {
  return ascending.map((value) => -value).reverse();
}

function countUpTo(ascending: Float64Array, limit: number): number {
  return ascending.reduce((count, value) => count + (value <= limit ? 1 : 0), 0);
}
