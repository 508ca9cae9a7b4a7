import { ArgumentError, type Matrix, type MatrixLike, toMatrix } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import type { ModernMemory } from "./contract.ts";
import type { Weighing } from "./retriever.ts";

/** Which entries of queries are known, one boolean for each dimension. */
export type Known = ArrayLike<number | boolean> | undefined;

/** What the weights of patterns follow from. */
export type Weighed = Pick<ModernMemory, "patterns" | "sharpness" | "separation" | "similarity">;

/**
 * Returns queries of `width` entries with zeros where nothing is known, so that unknown entries add nothing to a dot
 * product.
 */
export function queryOf(
  source: MatrixLike,
  width: number,
  what: string,
  known?: Known,
): Matrix<Float32Array> {
  const query = toMatrix(source, Float32Array, what);
  if (query.shape[0] > 0) checkLength(`${what}[0]`, query.shape[1], width);
  if (known) {
    checkLength("known", known.length, width);
    for (let k = 0; k < query.data.length; k++) if (!known[k % width]) query.data[k] = 0;
  }
  return checkFinite(query, what);
}

/** Returns b_μ over the known part: comparing on that part alone needs the norm of that part alone. */
export function biasOn({ patterns, similarity }: Weighed, known: Known): Float64Array {
  const [count, width] = patterns.shape;
  const bias = new Float64Array(count);
  if (similarity === "dot") return bias;
  for (let mu = 0, at = 0; mu < count; mu++) {
    for (let k = 0; k < width; k++, at++) {
      if (!known || known[k]) bias[mu] -= 0.5 * patterns.data[at] ** 2;
    }
  }
  return bias;
}

/** Returns how the patterns weigh for `rows` queries. @param bias that of {@link biasOn}. */
export function weighingOf(
  { patterns, sharpness, separation }: Weighed,
  queries: Float32Array,
  rows: number,
  bias: Float64Array,
): Weighing {
  const weighing = { sharpness, bias: Float32Array.from(bias) };
  if (separation === "log-sum-exp") return weighing;
  const width = patterns.shape[1];
  const thresholds = Float32Array.from({ length: rows }, (_, r) => {
    let square = 0;
    for (let k = r * width; k < (r + 1) * width; k++) square += queries[k] ** 2;
    return 0.5 * square - 1 / sharpness;
  });
  return { ...weighing, thresholds };
}

/** Moves the free entries of the state to the means and returns the largest move, relative to 1 + the largest entry. */
export function advance(state: Float32Array, means: Float32Array, known: Known): number {
  let move = 0;
  let largest = 0;
  for (let k = 0; k < state.length; k++) {
    if (!known?.[k]) {
      move = Math.max(move, Math.abs(means[k] - state[k]));
      state[k] = means[k];
    }
    largest = Math.max(largest, Math.abs(state[k]));
  }
  return move / (1 + largest);
}

/** Returns the matrix. @throws {ArgumentError} for an entry that is not finite. */
export function checkFinite(values: Matrix<Float32Array>, what: string): Matrix<Float32Array> {
  const { data, shape } = values;
  for (let k = 0; k < data.length; k++) {
    if (Number.isFinite(data[k])) continue;
    const place = `${what}[${Math.floor(k / shape[1])}][${k % shape[1]}]`;
    throw new ArgumentError(`${place} is ${data[k]}, expected a finite number of single precision`);
  }
  return values;
}
