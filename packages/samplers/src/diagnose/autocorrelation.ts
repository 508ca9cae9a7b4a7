import type { VectorLike } from "@basin/energy-core";
import { autocovariance } from "./autocovariance.ts";
import { asChains, type Chains, splitChains, whyUndefined } from "./chains.ts";
import { correlationOf } from "./effective-sample-size.ts";

/**
 * Returns the autocorrelations ρ_t = c_t / c_0, t = 0, …, `lags`, of one series, NaN where it never moves. Those at
 * large lags are noise.
 *
 * @example
 * ```ts
 * import { autocorrelation } from "@basin/samplers";
 *
 * console.log(autocorrelation([1, -1, 1, -1, 1, -1], 1)); // 1, −5/6
 * ```
 */
export function autocorrelation(series: VectorLike, lags?: number): Float64Array {
  const covariances = autocovariance(series).slice(0, lags === undefined ? undefined : lags + 1);
  return covariances.map((covariance) => covariance / covariances[0]);
}

/**
 * Returns the integrated autocorrelation time τ = 1 + 2 Σ ρ_t of one quantity, in draws, from split chains and
 * truncated by Geyer's rules (1992): the number of draws that are worth one independent draw. NaN where it is
 * undefined.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { autocorrelationTime } from "@basin/samplers";
 *
 * // x ← ½ x + ξ has ρ_t = 2^−t and τ = 3.
 * const rng = createRng(1);
 * let x = 0;
 * console.log(autocorrelationTime(Float64Array.from({ length: 20_000 }, () => (x = x / 2 + rng.normal()))));
 * ```
 */
export function autocorrelationTime(chains: Chains): number {
  const list = asChains(chains);
  return whyUndefined(list) ? Number.NaN : correlationOf(splitChains(list)).autocorrelationTime;
}
