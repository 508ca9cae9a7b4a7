import { ArgumentError, checkNumber, type Matrix, matrix } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";

/** Returns the rows of `patterns` followed by those of `more`. */
export function append<T extends Int8Array | Float32Array>(patterns: Matrix<T>, more: Matrix<T>): Matrix<T> {
  const [count, width] = patterns.shape;
  checkLength("patterns[0]", more.shape[1], width);
  const data = emptyLike(patterns.data, patterns.data.length + more.data.length);
  data.set(patterns.data);
  data.set(more.data, patterns.data.length);
  return matrix(data, count + more.shape[0], width);
}

/**
 * Returns the rows of `patterns` but those of `indices`.
 *
 * @throws {ArgumentError} for an index out of range, and where no row would be left.
 */
export function remove<T extends Int8Array | Float32Array>(
  patterns: Matrix<T>,
  indices: readonly number[],
): Matrix<T> {
  const [count, width] = patterns.shape;
  for (const index of indices) checkNumber("index", index, { min: 0, max: count - 1, integer: true });
  const gone = new Set(indices);
  if (gone.size === count) throw new ArgumentError(`forgetting all ${count} patterns leaves no memory`);
  const data = emptyLike(patterns.data, (count - gone.size) * width);
  for (let mu = 0, to = 0; mu < count; mu++) {
    if (gone.has(mu)) continue;
    data.set(patterns.data.subarray(mu * width, (mu + 1) * width), to);
    to += width;
  }
  return matrix(data, count - gone.size, width);
}

function emptyLike<T extends Int8Array | Float32Array>(data: T, length: number): T {
  return new (data.constructor as new (length: number) => T)(length);
}
