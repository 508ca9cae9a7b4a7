import { checkOptions } from "@basin/energy-core/internal";
import type { ScoreKind } from "../kind.ts";
import { openShiftFree } from "../probabilities.ts";
import { type LogitOptions, mapRows, type Rows, type RowsLike } from "../rows.ts";
import { softmaxInto } from "../softmax.ts";

/**
 * Returns the entropy −Σ_y p_y log p_y, p = softmax(f), of each row of logits, in nats from 0 to log(classes). Higher
 * is more outlying.
 *
 * @param logits f(x) `[n, classes]`: nested arrays, `{ data, shape }`, or one array with `classes` given; or p with
 * `of: "probabilities"`.
 *
 * @example
 * ```ts
 * import { entropyScore } from "@basin/jem/outliers";
 *
 * console.log(entropyScore([[9, 0], [0, 0]])); // 0.0012 and log 2 = 0.693
 * ```
 *
 * @throws {ArgumentError} for a number that is not finite, naming its row, and for probabilities that are not said to
 *   be such; {DimensionError} for what is not whole rows.
 */
export function entropyScore(logits: RowsLike, options: LogitOptions = {}): Float64Array {
  checkOptions("entropyScore", options, "classes of");
  return entropies(openShiftFree(logits, options));
}

/** The score {@link entropyScore} as a table entry. */
export const entropy: ScoreKind = {
  name: "entropy",
  equation: "−Σ_y p_y log p_y",
  source: "Shannon 1948",
  needs: ["logits"],
  learns: false,
  shiftFree: true,
  options: {},
  fit: () => ({}),
  score: (_, { logits }) => entropies(logits),
};

function entropies(logits: Rows): Float64Array {
  const p = new Float64Array(logits.width);
  return mapRows(logits, (data, from) => {
    softmaxInto(p, data, from);
    let sum = 0;
    for (const q of p) if (q > 0) sum -= q * Math.log(q);
    return sum;
  });
}
