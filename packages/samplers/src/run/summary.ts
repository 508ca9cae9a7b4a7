import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { mean, variance } from "../diagnose/autocovariance.ts";
import { asChains, type Chains, quantileOfSorted, sortedDraws } from "../diagnose/chains.ts";
import { effectiveSampleSize } from "../diagnose/effective-sample-size.ts";
import { rHat } from "../diagnose/r-hat.ts";
import { standardError } from "../diagnose/standard-error.ts";
import { checkDraws, type Draws, type StateArray, series } from "./draws.ts";

/** One line of a summary. */
export interface SummaryRow {
  readonly mean: number;
  readonly sd: number;
  /** Monte Carlo standard error of the mean. */
  readonly standardError: number;
  readonly q5: number;
  readonly median: number;
  readonly q95: number;
  readonly essBulk: number;
  readonly essTail: number;
  readonly rHat: number;
}

/** Options of {@link summary}. */
export interface SummaryOptions {
  /** Significant digits to round to, 1 to 17. Default: not rounded. */
  digits?: number;
}

/**
 * Returns a line for each coordinate: mean, sd, Monte Carlo standard error, quantiles, bulk and tail effective sample
 * size and rank-normalized split R̂. Made for `console.table`. Undefined figures are NaN; see {@link warnings}.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, names: ["a", "b"] });
 * console.table(summary(draws, { digits: 3 }));
 * ```
 */
export function summary<X extends StateArray>(
  draws: Draws<X>,
  options: SummaryOptions = {},
): Record<string, SummaryRow> {
  checkOptions("summary", options, "digits");
  checkDraws(draws, "summary");
  return Object.fromEntries(draws.names.map((name, i) => [name, summarize(series(draws, i), options)]));
}

/**
 * Returns the summary of one quantity from its chains.
 *
 * @example
 * ```ts
 * import { summarize } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(summarize([chain]));
 * ```
 */
export function summarize(
  chains: Chains & readonly ArrayLike<number>[],
  options: SummaryOptions = {},
): SummaryRow {
  checkOptions("summarize", options, "digits");
  const { digits } = options;
  if (digits !== undefined) checkNumber("digits", digits, { min: 1, max: 17, integer: true });
  const round = (value: number) => (digits === undefined ? value : Number(value.toPrecision(digits)));
  const sorted = sortedDraws(asChains(chains));
  return {
    mean: round(mean(sorted)),
    sd: round(Math.sqrt(variance(sorted))),
    standardError: round(standardError(chains)),
    q5: round(quantileOfSorted(sorted, 0.05)),
    median: round(quantileOfSorted(sorted, 0.5)),
    q95: round(quantileOfSorted(sorted, 0.95)),
    essBulk: round(effectiveSampleSize(chains)),
    essTail: round(effectiveSampleSize(chains, { of: "tail" })),
    rHat: round(rHat(chains)),
  };
}
