import { checkNumber } from "@basin/energy-core";
import { betaQuantile, checkName, checkOptions } from "@basin/energy-core/internal";
import { mean, variance } from "./autocovariance.ts";
import { asChains, type Chains, sortedDraws, whyUndefined } from "./chains.ts";
import { effectiveSampleSize } from "./effective-sample-size.ts";

/** What a standard error is that of. */
export interface StandardErrorOptions {
  /**
   * `"mean"`, the default: sd / √ESS. `"sd"`: by the delta method on the variance, √((m₄ − m₂²) / (4 m₂ ESS)) with the
   * central moments m₂ and m₄; no normality assumed. A number p in [0, 1]: of the p-quantile, half the distance between
   * the order statistics at the 16 % and 84 % points of Beta(ESS p + 1, ESS (1 − p) + 1) (Vehtari et al. 2021).
   */
  of?: "mean" | "sd" | number;
}

/**
 * Returns the Monte Carlo standard error of an estimate from chains, by default of the mean, with the effective sample
 * size of that estimate ({@link effectiveSampleSize}); NaN where it is undefined.
 *
 * @throws {ArgumentError} for a quantile outside [0, 1].
 *
 * @example
 * ```ts
 * import { standardError } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(standardError(chain), standardError(chain, { of: 0.95 }));
 * ```
 */
export function standardError(chains: Chains, options: StandardErrorOptions = {}): number {
  checkOptions("standardError", options, "of");
  const { of = "mean" } = options;
  if (typeof of === "number") checkNumber("of", of, { min: 0, max: 1 });
  else checkName("of", of, ["mean", "sd"]);
  const list = asChains(chains);
  if (whyUndefined(list)) return Number.NaN;
  const size = effectiveSampleSize(list, { of });
  const all = sortedDraws(list);
  if (typeof of === "number") return quantileError(all, of, size);
  if (of === "mean") return Math.sqrt(variance(all) / size);
  const center = mean(all);
  const second = mean(all.map((value) => (value - center) ** 2));
  const fourth = mean(all.map((value) => (value - center) ** 4));
  return Math.sqrt((fourth - second * second) / (4 * second * size));
}

// One standard deviation either side of a normal median.
const LOWER = 0.1586553;
const UPPER = 0.8413447;

function quantileError(sorted: Float64Array, probability: number, size: number): number {
  const a = size * probability + 1;
  const b = size * (1 - probability) + 1;
  const below = Math.floor(Math.max(betaQuantile(LOWER, a, b) * sorted.length - 1, 0));
  const above = Math.ceil(Math.min(betaQuantile(UPPER, a, b) * sorted.length - 1, sorted.length - 1));
  return 0.5 * (sorted[above] - sorted[below]);
}
