import { checkNumber } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import { averageAutocovariance, mean, variance } from "./autocovariance.ts";
import {
  asChains,
  type Chains,
  normalScores,
  quantileOfSorted,
  sortedDraws,
  splitChains,
  whyUndefined,
} from "./chains.ts";

/** The correlation structure of a set of chains, as the estimators below share it. */
export interface Correlation {
  /** N_eff = M N / τ. */
  readonly effectiveSampleSize: number;
  /** τ = 1 + 2 Σ ρ_t, truncated by Geyer's rules. */
  readonly autocorrelationTime: number;
  /** var⁺: the within-chain variance plus what the chain means add (Gelman et al. 2013, eq. 11.3). */
  readonly variance: number;
}

/**
 * Returns the effective sample size of the given chains, without splitting or ranking.
 *
 * The autocorrelations ρ_t = 1 − (W − mean_m c_{m,t}) / var⁺ of all chains together are summed in pairs while the pairs
 * stay positive and made monotone (Geyer 1992; Vehtari et al. 2021, eqs. 10–13). τ is held above 1/log₁₀(MN).
 */
export function correlationOf(chains: readonly ArrayLike<number>[]): Correlation {
  const draws = chains[0].length;
  const total = chains.length * draws;
  const covariance = averageAutocovariance(chains);
  const within = (covariance(0) * draws) / (draws - 1);
  let spread = (within * (draws - 1)) / draws;
  if (chains.length > 1) spread += variance(chains.map(mean));
  const rho = (t: number) => 1 - (within - covariance(t)) / spread;
  const autocorrelationTime = Math.max(geyerSum(rho, draws), 1 / Math.log10(total));
  return { effectiveSampleSize: total / autocorrelationTime, autocorrelationTime, variance: spread };
}

/** Returns −1 + 2 Σ ρ_t over Geyer's initial positive sequence, made monotone, plus the first even term after it. */
function geyerSum(rho: (t: number) => number, draws: number): number {
  const kept = [1, rho(1)];
  let even = 1;
  let odd = kept[1];
  let t = 1;
  while (t < draws - 3 && even + odd > 0) {
    even = rho(t + 1);
    odd = rho(t + 2);
    if (even + odd >= 0) kept.push(even, odd);
    t += 2;
  }
  const last = t - 2;
  for (let s = 1; s <= last - 2; s += 2) {
    if (kept[s + 1] + kept[s + 2] > kept[s - 1] + kept[s]) {
      kept[s + 1] = 0.5 * (kept[s - 1] + kept[s]);
      kept[s + 2] = kept[s + 1];
    }
  }
  let sum = 0;
  for (let s = 0; s <= last; s++) sum += kept[s];
  return -1 + 2 * sum + (even > 0 ? even : last + 1 < kept.length ? kept[last + 1] : 0);
}

/** Returns the effective sample size of chains whose values may be all alike (indicators), then the number of draws. */
function effectiveSize(chains: readonly Float64Array[]): number {
  const first = chains[0][0];
  const constant = chains.every((chain) => chain.every((value) => value === first));
  if (constant) return chains.length * chains[0].length;
  return correlationOf(chains).effectiveSampleSize;
}

/** What an effective sample size is for. */
export interface SampleSizeOptions {
  /**
   * `"bulk"`, the default: rank-normalized split chains, for estimates of location. `"tail"`: the smaller size of the
   * 5 % and 95 % quantiles. `"mean"`: split chains as they are. `"sd"`: squared distances from the pooled mean. A
   * number p in [0, 1]: the indicators x ≤ p-quantile.
   */
  of?: "bulk" | "tail" | "mean" | "sd" | number;
}

/**
 * Returns the effective sample size of chains, by default in the bulk (Vehtari et al. 2021). NaN where it is undefined
 * ({@link whyUndefined}).
 *
 * @throws {ArgumentError} for a quantile outside [0, 1].
 *
 * @example
 * ```ts
 * import { effectiveSampleSize } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(effectiveSampleSize(chain), effectiveSampleSize(chain, { of: 0.05 }));
 * ```
 */
export function effectiveSampleSize(chains: Chains, options: SampleSizeOptions = {}): number {
  checkOptions("effectiveSampleSize", options, "of");
  const { of = "bulk" } = options;
  if (typeof of === "number") checkNumber("of", of, { min: 0, max: 1 });
  else checkName("of", of, ["bulk", "tail", "mean", "sd"]);
  const list = asChains(chains);
  if (whyUndefined(list)) return Number.NaN;
  switch (of) {
    case "bulk":
      return effectiveSize(normalScores(splitChains(list)));
    case "tail":
      return Math.min(quantileSize(list, 0.05), quantileSize(list, 0.95));
    case "mean":
      return effectiveSize(splitChains(list));
    case "sd": {
      const center = mean(list.map(mean));
      return effectiveSize(splitChains(list).map((half) => half.map((value) => (value - center) ** 2)));
    }
    default:
      return quantileSize(list, of);
  }
}

/** That of the indicators x ≤ quantile. */
function quantileSize(chains: readonly ArrayLike<number>[], probability: number): number {
  const quantile = quantileOfSorted(sortedDraws(chains), probability);
  return effectiveSize(splitChains(chains).map((half) => half.map((value) => (value <= quantile ? 1 : 0))));
}
