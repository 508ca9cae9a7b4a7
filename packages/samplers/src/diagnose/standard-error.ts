import { betaQuantile } from "@basin/energy-core/internal";
import { mean, variance } from "./autocovariance.ts";
import { asChains, type Chains, sortedDraws, whyUndefined } from "./chains.ts";
import { essMean, essQuantile, essSd } from "./effective-sample-size.ts";

/**
 * Returns the Monte Carlo standard error of the mean, sd / √ESS; NaN where it is undefined.
 *
 * @example
 * ```ts
 * import { standardErrorMean } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(standardErrorMean(chain));
 * ```
 */
export function standardErrorMean(chains: Chains): number {
  const list = asChains(chains);
  if (whyUndefined(list)) return Number.NaN;
  return Math.sqrt(variance(sortedDraws(list)) / essMean(list));
}

/**
 * Returns the Monte Carlo standard error of the standard deviation, by the delta method on the variance:
 * √((m₄ − m₂²) / (4 m₂ ESS)) with the central moments m₂, m₄ and the ESS of the squared distances; no normality assumed.
 *
 * @example
 * ```ts
 * import { standardErrorSd } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(standardErrorSd(chain));
 * ```
 */
export function standardErrorSd(chains: Chains): number {
  const list = asChains(chains);
  if (whyUndefined(list)) return Number.NaN;
  const all = sortedDraws(list);
  const center = mean(all);
  const second = mean(all.map((value) => (value - center) ** 2));
  const fourth = mean(all.map((value) => (value - center) ** 4));
  return Math.sqrt((fourth - second * second) / (4 * second * essSd(list)));
}

// One standard deviation either side of a normal median.
const LOWER = 0.1586553;
const UPPER = 0.8413447;

/**
 * Returns the Monte Carlo standard error of the `probability`-quantile: half the distance between the order statistics at
 * the 16 % and 84 % points of Beta(ESS p + 1, ESS (1 − p) + 1) (Vehtari et al. 2021).
 *
 * @example
 * ```ts
 * import { standardErrorQuantile } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(standardErrorQuantile(chain, 0.95));
 * ```
 */
export function standardErrorQuantile(chains: Chains, probability: number): number {
  const list = asChains(chains);
  const size = essQuantile(list, probability);
  if (Number.isNaN(size)) return Number.NaN;
  const all = sortedDraws(list);
  const a = size * probability + 1;
  const b = size * (1 - probability) + 1;
  const below = Math.floor(Math.max(betaQuantile(LOWER, a, b) * all.length - 1, 0));
  const above = Math.ceil(Math.min(betaQuantile(UPPER, a, b) * all.length - 1, all.length - 1));
  return 0.5 * (all[above] - all[below]);
}
