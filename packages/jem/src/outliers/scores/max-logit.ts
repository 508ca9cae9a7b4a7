import { checkOptions } from "@basin/energy-core/internal";
import type { ScoreKind } from "../kind.ts";
import { type LogitOptions, mapRows, openLogits, type Rows, type RowsLike } from "../rows.ts";

/**
 * Returns −max_y f_y of each row of logits (Hendrycks et al. 2022). Higher is more outlying.
 *
 * @param logits f(x) `[n, classes]`: nested arrays, `{ data, shape }`, or one array with `classes` given.
 *
 * @example
 * ```ts
 * import { maxLogitScore } from "@basin/jem/outliers";
 *
 * console.log(maxLogitScore([[4, 0], [0, 1]])); // −4, −1
 * ```
 *
 * @throws {ArgumentError} for a number that is not finite, naming its row, and for probabilities in place of logits;
 *   {DimensionError} for what is not whole rows.
 */
export function maxLogitScore(logits: RowsLike, options: LogitOptions = {}): Float64Array {
  checkOptions("maxLogitScore", options, "classes of");
  return largest(openLogits(logits, options));
}

/** The score {@link maxLogitScore} as a table entry. */
export const maxLogit: ScoreKind = {
  name: "max-logit",
  equation: "−max_y f_y",
  source: "Hendrycks et al. 2022",
  needs: ["logits"],
  learns: false,
  options: {},
  fit: () => ({}),
  score: (_, { logits }) => largest(logits),
};

function largest(logits: Rows): Float64Array {
  return mapRows(logits, (data, from, to) => {
    let most = data[from];
    for (let k = from + 1; k < to; k++) if (data[k] > most) most = data[k];
    return -most;
  });
}
