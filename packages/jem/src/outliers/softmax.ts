import { expOfSteps, STEPS } from "./exp.ts";
import type { Rows } from "./rows.ts";

/**
 * Writes softmax(f) of the numbers from `from` on into `out`, which has the length of a row. It works in double
 * precision and is correct down to e^−745.
 */
export function softmaxInto(out: Float64Array, data: ArrayLike<number>, from: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let y = 0; y < out.length; y++) if (data[from + y] > most) most = data[from + y];
  let sum = 0;
  for (let y = 0; y < out.length; y++) sum += out[y] = expOfSteps((data[from + y] - most) * STEPS);
  for (let y = 0; y < out.length; y++) out[y] /= sum;
}

/** Returns the place of the largest number of each row, and of equal ones the first. */
export function largestOf({ data, count, width }: Pick<Rows, "data" | "count" | "width">): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    let best = i * width;
    for (let at = best + 1; at < (i + 1) * width; at++) if (data[at] > data[best]) best = at;
    return best - i * width;
  });
}

/** Returns softmax of each row of `width` logits. */
export function softmax(logits: ArrayLike<number>, width: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += width)
    softmaxInto(result.subarray(from, from + width), logits, from);
  return result;
}
