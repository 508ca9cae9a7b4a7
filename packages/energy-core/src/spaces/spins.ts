import type { SiteSpace } from "./sites.ts";
import { siteSpace } from "./sites.ts";

/** {−1, +1}ⁿ. */
export type SpinSpace = SiteSpace<Int8Array>;

const VALUES = { low: -1, step: 2, count: 2, name: "spins", create: (n: number) => new Int8Array(n) };

/**
 * Returns the space {−1, +1}ⁿ: a state is an `Int8Array` of `dimension` entries, each −1 or +1, and move i flips spin
 * i.
 *
 * @example
 * ```ts
 * import { spins } from "@basin/energy-core";
 *
 * console.log(spins(3).count, spins(3).moves.state(5)); // 8, [1, −1, 1]
 * ```
 *
 * @throws {ArgumentError} for a dimension that is not an integer of at least 0.
 */
export function spins(dimension: number): SpinSpace {
  return siteSpace(dimension, VALUES);
}
