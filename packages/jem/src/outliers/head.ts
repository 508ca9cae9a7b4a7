import { logSumExp } from "@basin/energy-core";
import { array, type Opened } from "./kind.ts";
import type { State } from "./pack.ts";
import { mapRows, type Rows } from "./rows.ts";

/** The last layer as stored in a score's state. */
export function headState({ weights, bias }: Opened["head"]): { weights: Float64Array; bias: Float64Array } {
  return { weights: Float64Array.from(weights.data), bias };
}

/** Returns −log Σ_y exp f_y of each input, f = W g(x) + b. `shape` writes g of a row of features into `out`. */
export function shapedEnergies(
  state: State,
  features: Rows,
  shape: (out: Float64Array, data: Rows["data"], from: number) => void,
): Float64Array {
  const [weights, bias] = [array(state, "weights"), array(state, "bias")];
  const shaped = new Float64Array(features.width);
  const logits = new Float64Array(bias.length);
  return mapRows(features, (data, from) => {
    shape(shaped, data, from);
    linear(logits, weights, bias, shaped, 0);
    return -logSumExp(logits);
  });
}

/** Writes W x + b into `out`, where x begins at `from`. */
export function linear(
  out: Float64Array,
  weights: Float64Array,
  bias: Float64Array,
  data: ArrayLike<number>,
  from: number,
): void {
  const d = weights.length / out.length;
  for (let y = 0, at = 0; y < out.length; y++) {
    let sum = bias[y];
    for (let j = 0; j < d; j++, at++) sum += weights[at] * data[from + j];
    out[y] = sum;
  }
}
