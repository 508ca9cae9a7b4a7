import { checkNumber } from "../errors.ts";
import { type SiteSpace, siteSpace } from "./sites.ts";

/** {0, …, q − 1}ⁿ. */
export type LabelSpace = SiteSpace<Uint8Array>;

/**
 * Returns the space {0, …, q − 1}ⁿ: a state is a `Uint8Array` of `dimension` labels, and a site has q − 1 moves, one to
 * each other label.
 *
 * @param q number of labels, from 2 to 256.
 *
 * @example
 * ```ts
 * import { enumerate, labels, plainEnergy } from "@basin/energy-core";
 *
 * const triangle = plainEnergy(labels(3, 3), (x) => Number(x[0] === x[1]) + Number(x[1] === x[2]) + Number(x[2] === x[0]));
 * console.log(enumerate(triangle).degeneracy); // 6 proper colorings
 * ```
 *
 * @throws {ArgumentError} for a dimension that is not an integer of at least 0, and a `q` out of range.
 */
export function labels(dimension: number, q: number): LabelSpace {
  checkNumber("q", q, { min: 2, max: 256, integer: true });
  const create = (n: number) => new Uint8Array(n);
  return siteSpace(dimension, { low: 0, step: 1, count: q, name: `sites of ${q} labels`, create });
}
