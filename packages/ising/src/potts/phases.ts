import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";

/** One of two phases that a run goes between. */
export interface Phase {
  /** Where the histogram has its peak. */
  readonly peak: number;
  /** Share of the measurements on its side. */
  readonly share: number;
  /** How often the run came to the peak after it had been at the other, the first time included. */
  readonly visits: number;
}

/** Two phases that a run goes between. */
export interface Phases {
  readonly low: Phase;
  readonly high: Phase;
  /** The lowest bin between the peaks over the lower of them: 1 where there is but one peak. */
  readonly valley: number;
}

/** Options of {@link phases}. */
export interface PhasesOptions {
  /** What lies between the phases. */
  between: number;
  /** Width of the histogram's bins. Default 0.02. */
  binWidth?: number;
}

/**
 * Returns the two phases of a series, such as the energy per site at a first-order transition: the peaks of its
 * histogram, smoothed over five bins, on either side of `between`, and the number of visits to each. A visit begins
 * when the series reaches the bin of a peak or passes it.
 *
 * @param chains the series of each run.
 *
 * @example
 * ```ts
 * import { phases } from "@basin/ising";
 *
 * const { low, high } = phases([[-2, -2, -1, -1, -2]], { between: -1.5, binWidth: 0.1 });
 * console.log(low.visits, high.visits); // 2 1
 * ```
 *
 * @throws {ArgumentError} if one side is empty.
 */
export function phases(chains: readonly ArrayLike<number>[], options: PhasesOptions): Phases {
  checkOptions("phases", options, "between binWidth");
  const between = checkNumber("between", options.between);
  const width = checkNumber("binWidth", options.binWidth ?? 0.02, { above: 0 });
  // Bins are numbered from `between`: those of the lower side are below 0.
  const binOf = (value: number) => Math.floor((value - between) / width);
  const counts = new Map<number, number>();
  const shares = { low: 0, high: 0 };
  let total = 0;
  for (const chain of chains) {
    for (let t = 0; t < chain.length; t++) {
      const bin = binOf(chain[t]);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
      shares[bin < 0 ? "low" : "high"]++;
      total++;
    }
  }
  // Smoothed over five bins: the noise of single ones is no peak.
  const height = (bin: number) =>
    [1, 2, 3, 2, 1].reduce((sum, weight, k) => sum + weight * (counts.get(bin + k - 2) ?? 0), 0);
  const highest = (side: (bin: number) => boolean) => {
    const bins = [...counts.keys()].filter(side);
    if (bins.length === 0) {
      throw new ArgumentError(
        `none of the ${total} values lies ${side(-1) ? "below" : "at or above"} ${between}`,
      );
    }
    return bins.reduce((best, bin) => (height(bin) > height(best) ? bin : best));
  };
  const [low, high] = [highest((bin) => bin < 0), highest((bin) => bin >= 0)];
  const heights = Array.from({ length: high - low + 1 }, (_, k) => height(low + k));
  const peakOf = (bin: number) => between + (bin + 0.5) * width;
  const visits = visitsOf(chains, (value) =>
    binOf(value) <= low ? 0 : binOf(value) >= high ? 1 : undefined,
  );
  return {
    low: { peak: peakOf(low), share: shares.low / total, visits: visits[0] },
    high: { peak: peakOf(high), share: shares.high / total, visits: visits[1] },
    valley: Math.min(...heights) / Math.min(heights[0], heights[heights.length - 1]),
  };
}

/** Returns how often the chains came to phase 0 and to phase 1, `phaseOf` a value being undefined between them. */
function visitsOf(
  chains: readonly ArrayLike<number>[],
  phaseOf: (value: number) => 0 | 1 | undefined,
): [number, number] {
  const visits: [number, number] = [0, 0];
  for (const chain of chains) {
    let last: 0 | 1 | undefined;
    for (let t = 0; t < chain.length; t++) {
      const at = phaseOf(chain[t]) ?? last;
      if (at !== undefined && at !== last) visits[at]++;
      last = at;
    }
  }
  return visits;
}
