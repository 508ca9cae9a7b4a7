import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { asChains, type Chains, pooledRanks } from "./chains.ts";

/** Options of {@link rankHistogram}. */
export interface RankHistogramOptions {
  /** Equal intervals of the ranks, 2 to 1000. Default 20. */
  bins?: number;
}

/**
 * Returns for each chain how many of its draws have ranks in each of some equal intervals of the pooled ranks 1, …, S,
 * ties sharing their average rank: the rank plot of Vehtari et al. (2021). Chains of one law have about draws / bins in
 * every bin. A chain that is shifted leans to one side, one that is too narrow is heaped in the middle.
 *
 * @throws {ArgumentError} for a draw that is NaN, which has no rank.
 *
 * @example
 * ```ts
 * import { rankHistogram } from "@basin/samplers";
 *
 * console.log(rankHistogram([[1, 2, 3, 4], [5, 6, 7, 8]], { bins: 2 })); // [4, 0] and [0, 4]: they disagree
 * ```
 */
export function rankHistogram(chains: Chains, options: RankHistogramOptions = {}): Float64Array[] {
  checkOptions("rankHistogram", options, "bins");
  const bins = checkNumber("bins", options.bins ?? 20, { min: 2, max: 1000, integer: true });
  const list = asChains(chains).map((chain) => Float64Array.from(chain));
  for (const [k, chain] of list.entries()) {
    const at = chain.findIndex(Number.isNaN);
    if (at >= 0) throw new ArgumentError(`draw ${at} of chain ${k} is NaN, which has no rank`);
  }
  const total = list.length * list[0].length;
  return pooledRanks(list).map((ranks) => {
    const counts = new Float64Array(bins);
    for (const rank of ranks) counts[Math.min(bins - 1, Math.floor(((rank - 0.5) / total) * bins))]++;
    return counts;
  });
}
