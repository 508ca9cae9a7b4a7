import { checkOptions } from "@basin/energy-core/internal";
import { sumOfExp } from "../energies.ts";
import { STEPS } from "../exp.ts";
import type { ScoreKind } from "../kind.ts";
import { openShiftFree } from "../probabilities.ts";
import { type LogitOptions, mapRows, type Rows, type RowsLike } from "../rows.ts";

/**
 * Returns −max_y p(y|x), p = softmax(f), of each row of logits (Hendrycks & Gimpel 2017). Higher is more outlying.
 *
 * @param logits f(x) `[n, classes]`: nested arrays, `{ data, shape }`, or one array with `classes` given; or p with
 * `of: "probabilities"`.
 *
 * @example
 * ```ts
 * import { maxSoftmaxScore } from "@basin/jem/outliers";
 *
 * console.log(maxSoftmaxScore([[4, 0], [0, 0]])); // −0.982, −0.5
 * console.log(maxSoftmaxScore([[0.9, 0.1]], { of: "probabilities" })); // −0.9
 * ```
 *
 * @throws {ArgumentError} for a number that is not finite, naming its row, and for probabilities that are not said to
 *   be such; {DimensionError} for what is not whole rows.
 */
export function maxSoftmaxScore(logits: RowsLike, options: LogitOptions = {}): Float64Array {
  checkOptions("maxSoftmaxScore", options, "classes of");
  return doubts(openShiftFree(logits, options));
}

/** The score {@link maxSoftmaxScore} as a table entry. */
export const maxSoftmax: ScoreKind = {
  name: "max-softmax",
  equation: "−max_y p(y|x)",
  source: "Hendrycks & Gimpel 2017",
  needs: ["logits"],
  learns: false,
  shiftFree: true,
  options: {},
  fit: () => ({}),
  score: (_, { logits }) => doubts(logits),
};

function doubts(logits: Rows): Float64Array {
  return mapRows(logits, (data, from, to) => {
    let most = data[from];
    for (let k = from + 1; k < to; k++) if (data[k] > most) most = data[k];
    return -1 / sumOfExp(data, from, to, most, STEPS);
  });
}
