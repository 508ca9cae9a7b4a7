import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { number, type OptionRange, type ScoreKind } from "../kind.ts";
import { openShiftFree } from "../probabilities.ts";
import { type LogitOptions, mapRows, type Rows, type RowsLike } from "../rows.ts";
import { softmaxInto } from "../softmax.ts";

/** Options of {@link genScore}. */
export interface GenScoreOptions extends LogitOptions {
  /** γ, in (0, 1). Default 0.1. */
  gamma?: number;
  /** M, at least 1; if there are fewer classes, all of them are used. Default 100. */
  largest?: number;
}

const ranges = {
  gamma: { default: 0.1, above: 0, max: 1 - 1e-12, what: "γ of the generalized entropy" },
  largest: { default: 100, min: 1, integer: true, what: "how many of the largest probabilities count" },
} satisfies Record<string, OptionRange>;

/**
 * Returns the generalized entropy Σ_m (p_m (1 − p_m))^γ of the M largest probabilities of each row of logits,
 * p = softmax(f) (GEN: Liu, Lochman & Zach 2023, with their γ = 0.1 and M = 100). Higher is more outlying.
 *
 * @param logits f(x) `[n, classes]`: nested arrays, `{ data, shape }`, or one array with `classes` given; or p with
 * `of: "probabilities"`.
 *
 * @example
 * ```ts
 * import { genScore } from "@basin/jem/outliers";
 *
 * console.log(genScore([[9, 0], [0, 0]])); // 0.81 and 2 · 0.25^0.1 = 1.74
 * ```
 *
 * @throws {ArgumentError} for a number that is not finite, naming its row, an option out of range, and for
 *   probabilities that are not said to be such; {DimensionError} for what is not whole rows.
 */
export function genScore(logits: RowsLike, options: GenScoreOptions = {}): Float64Array {
  checkOptions("genScore", options, "gamma largest classes of");
  return generalizedEntropies(
    openShiftFree(logits, options),
    checkNumber("gamma", options.gamma ?? ranges.gamma.default, ranges.gamma),
    checkNumber("largest", options.largest ?? ranges.largest.default, ranges.largest),
  );
}

/** The score {@link genScore} as a table entry. */
export const gen: ScoreKind = {
  name: "gen",
  equation: "Σ_m (p_m (1 − p_m))^γ over the M largest p",
  source: "Liu, Lochman & Zach 2023",
  needs: ["logits"],
  learns: false,
  shiftFree: true,
  options: ranges,
  fit: (_, { gamma, largest }) => ({ gamma: gamma as number, largest: largest as number }),
  score: (state, { logits }) =>
    generalizedEntropies(logits, number(state, "gamma"), number(state, "largest")),
};

function generalizedEntropies(logits: Rows, gamma: number, largest: number): Float64Array {
  const p = new Float64Array(logits.width);
  return mapRows(logits, (data, from) => {
    softmaxInto(p, data, from);
    if (largest < p.length) p.sort();
    let sum = 0;
    for (let m = Math.max(0, p.length - largest); m < p.length; m++) sum += (p[m] * (1 - p[m])) ** gamma;
    return sum;
  });
}
