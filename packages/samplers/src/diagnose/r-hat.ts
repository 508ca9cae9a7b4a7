import { checkOptions } from "@basin/energy-core/internal";
import { mean, variance } from "./autocovariance.ts";
import { asChains, type Chains, folded, normalScores, splitChains, whyUndefined } from "./chains.ts";

/** The variants of {@link rHat}; see there. */
export interface RHatOptions {
  /**
   * `"rank"`, the default: the larger of `"bulk"` (rank-normalized split chains) and `"folded"` (the same for distances
   * from the median, which detects chains that differ in scale). `"split"`: split chains without ranking; `"plain"`:
   * whole chains.
   */
  method?: "rank" | "bulk" | "folded" | "split" | "plain";
}

/**
 * Returns the potential scale reduction R̂ = √((B/W + N − 1)/N), with B and W the variances between and within chains
 * of N draws: 1 when the chains agree; above 1.01 do not trust them (Vehtari, Gelman, Simpson, Carpenter & Bürkner
 * 2021).
 *
 * Draws of two equally frequent values (spins) are all equally far from their median, so their scale is not informative
 * and only `"bulk"` counts. NaN where it is undefined: a single chain, a constant chain, a draw that is not finite
 * ({@link whyUndefined}).
 *
 * @example
 * ```ts
 * import { rHat } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(rHat([chain, chain.map((x) => x + 1)])); // far above 1.01
 * ```
 */
export function rHat(chains: Chains, options: RHatOptions = {}): number {
  checkOptions("rHat", options, "method");
  const list = asChains(chains);
  if (list.length < 2 || whyUndefined(list)) return Number.NaN;
  const halves = splitChains(list);
  switch (options.method ?? "rank") {
    case "rank": {
      const bulk = scaleReduction(normalScores(halves));
      const tail = scaleReduction(normalScores(folded(halves)));
      return Number.isNaN(tail) ? bulk : Math.max(bulk, tail);
    }
    case "bulk":
      return scaleReduction(normalScores(halves));
    case "folded":
      return scaleReduction(normalScores(folded(halves)));
    case "split":
      return scaleReduction(halves);
    case "plain":
      return scaleReduction(list);
  }
}

function scaleReduction(chains: readonly ArrayLike<number>[]): number {
  const draws = chains[0].length;
  const between = draws * variance(chains.map(mean));
  const within = mean(chains.map(variance));
  return Math.sqrt((between / within + draws - 1) / draws);
}
