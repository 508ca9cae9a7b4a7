import { checkOptions } from "@basin/energy-core/internal";
import type { ScoreKind } from "../kind.ts";
import { type LogitOptions, mapRows, openLogits, type Rows, type RowsLike } from "../rows.ts";

/**
 * Returns the energy −Σ_y log(1 + exp f_y) of each row of logits, for labels that do not exclude each other and have a
 * sigmoid each (Wang et al. 2021). Higher is more outlying.
 *
 * @param logits f(x) `[n, labels]`: nested arrays, `{ data, shape }`, or one array with `classes` given.
 *
 * @example
 * ```ts
 * import { multiLabelEnergyScore } from "@basin/jem/outliers";
 *
 * console.log(multiLabelEnergyScore([[3, 2, -5], [-4, -3, -5]])); // −5.18 and −0.07: nothing was found in the second
 * ```
 *
 * @throws {ArgumentError} for a number that is not finite, naming its row, and for probabilities in place of logits;
 *   {DimensionError} for what is not whole rows.
 */
export function multiLabelEnergyScore(logits: RowsLike, options: LogitOptions = {}): Float64Array {
  checkOptions("multiLabelEnergyScore", options, "classes of");
  return energies(openLogits(logits, options));
}

/** The score {@link multiLabelEnergyScore} as a table entry. */
export const multiLabelEnergy: ScoreKind = {
  name: "multi-label-energy",
  equation: "−Σ_y log(1 + exp f_y)",
  source: "Wang et al. 2021",
  needs: ["logits"],
  learns: false,
  options: {},
  fit: () => ({}),
  score: (_, { logits }) => energies(logits),
};

function energies(logits: Rows): Float64Array {
  return mapRows(logits, (data, from, to) => {
    let sum = 0;
    for (let k = from; k < to; k++) sum += Math.max(0, data[k]) + Math.log1p(Math.exp(-Math.abs(data[k])));
    return -sum;
  });
}
