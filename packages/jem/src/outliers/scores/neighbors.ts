import { ArgumentError } from "@basin/energy-core";
import { number, type ScoreKind } from "../kind.ts";
import { kthDistances } from "../neighbors/distances.ts";
import { finite, type Rows } from "../rows.ts";

/**
 * The distance to the `k`-th nearest of the features at fitting, all scaled to length 1 (Sun et al. 2022), from 0 to 2.
 * The default `k` is 50, or the number of features if that is smaller. The distance is exact for unit vectors rounded
 * to 32 bits, with any kernel. Features that are all 0 have no direction and are refused.
 */
export const neighbors: ScoreKind = {
  name: "neighbors",
  equation: "‖x/‖x‖ − k-th nearest known‖",
  source: "Sun et al. 2022",
  needs: ["features"],
  learns: true,
  options: { k: { min: 1, integer: true, what: "which nearest one is measured to" } },
  fit({ features }, options) {
    const k = options.k ?? Math.min(50, features.count);
    if (k > features.count)
      throw new ArgumentError(`k is ${k}, expected at most ${features.count}, the number of known features`);
    return { known: unitRows(features), k };
  },
  score: (state, { features }) =>
    kthDistances(state.known as Float32Array, unitRows(features), features.width, number(state, "k")),
};

/** Returns rows scaled to length 1, in 32 bits. */
function unitRows(features: Rows): Float32Array {
  const { data, count, width } = finite(features);
  const unit = new Float32Array(count * width);
  for (let from = 0; from < unit.length; from += width) {
    let largest = 0;
    for (let j = from; j < from + width; j++) largest = Math.max(largest, Math.abs(data[j]));
    if (largest === 0)
      throw new ArgumentError(`features row ${from / width} is 0 throughout, expected a direction`);
    let square = 0;
    for (let j = from; j < from + width; j++) square += (data[j] / largest) ** 2;
    const length = largest * Math.sqrt(square);
    for (let j = from; j < from + width; j++) unit[j] = data[j] / length;
  }
  return unit;
}
