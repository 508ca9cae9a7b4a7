import { mean } from "./autocovariance.ts";
import { asChains, type Chains, splitChains, whyUndefined } from "./chains.ts";
import { correlationOf } from "./effective-sample-size.ts";

/** A mean with its error bar: the one shape of every measured mean. */
export interface Estimate {
  /** Mean of all draws. */
  readonly mean: number;
  /**
   * Standard error of the mean, √(var⁺ τ / n). It includes correlations within chains and disagreement between them.
   */
  readonly standardError: number;
  /** n / τ. */
  readonly effectiveSampleSize: number;
  /** τ = 1 + 2 Σ ρ_t, in draws: 1 for independent draws. (Twice the τ_int = ½ + Σ ρ_t of the physics literature.) */
  readonly autocorrelationTime: number;
}

/**
 * Returns the mean of a correlated series, or of several chains, with its standard error, effective sample size and
 * autocorrelation time.
 *
 * Each chain is split in halves, so a drift shows as disagreement. The autocorrelations are summed by Geyer's initial
 * monotone sequence (Geyer 1992; Vehtari et al. 2021). The error is reliable from about 50 effective draws. With fewer
 * it is noisy and, as for any estimator, too small. Constant or non-finite draws have a mean but no error: NaN.
 *
 * @throws {ArgumentError} for fewer than four draws in a chain.
 * @throws {DimensionError} for chains of unequal length.
 *
 * @example
 * ```ts
 * import { estimateMean } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(estimateMean(chain));
 * ```
 */
export function estimateMean(chains: Chains): Estimate {
  const list = asChains(chains);
  const average = mean(list.map(mean));
  if (whyUndefined(list)) {
    const none = Number.NaN;
    return { mean: average, standardError: none, effectiveSampleSize: none, autocorrelationTime: none };
  }
  const { autocorrelationTime, variance } = correlationOf(splitChains(list));
  const effectiveSampleSize = (list.length * list[0].length) / autocorrelationTime;
  return {
    mean: average,
    standardError: Math.sqrt(variance / effectiveSampleSize),
    effectiveSampleSize,
    autocorrelationTime,
  };
}

/**
 * Returns the mean of independent values, one at least, with s/√n for its standard error, where s² = Σ
 * (x_i − x̄)² / (n − 1); NaN for a single value.
 *
 * @example
 * ```ts
 * import { estimateIndependent } from "@basin/samplers";
 *
 * console.log(estimateIndependent([1, 2, 3])); // mean 2, standardError 1/√3, effectiveSampleSize 3, autocorrelationTime 1
 * ```
 */
export function estimateIndependent(values: readonly number[]): Estimate {
  const n = values.length;
  const average = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  const standardError = n > 1 ? Math.sqrt(square / (n * (n - 1))) : Number.NaN;
  return { mean: average, standardError, effectiveSampleSize: n, autocorrelationTime: 1 };
}
