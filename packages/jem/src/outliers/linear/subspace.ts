import { ArgumentError } from "@basin/energy-core";
import { symmetricEigen } from "@basin/energy-core/internal";
import { NONE } from "./covariance.ts";

/**
 * Returns the eigenvectors of a covariance `[d, d]` with the largest eigenvalues, as rows. There are `components` of
 * them, or fewer if eigenvalues are at most 10⁻¹² of the largest.
 */
export function leadingEigenvectors(covariance: Float64Array, d: number, components: number): Float64Array {
  if (components > d)
    throw new ArgumentError(`components is ${components}, expected at most ${d}, the width of the features`);
  const { values, vectors } = symmetricEigen(covariance, d);
  let first = d - components;
  while (first < d && !(values[first] > NONE * values[d - 1])) first++;
  return vectors.slice(first * d);
}

/** Returns a function that computes the squared distance of a row to c + the span of orthonormal rows. */
export function distanceToSpan(center: Float64Array, basis: Float64Array) {
  const d = center.length;
  const rest = new Float64Array(d);
  return (data: ArrayLike<number>, from: number): number => {
    for (let j = 0; j < d; j++) rest[j] = data[from + j] - center[j];
    for (let at = 0; at < basis.length; at += d) {
      let along = 0;
      for (let j = 0; j < d; j++) along += basis[at + j] * rest[j];
      for (let j = 0; j < d; j++) rest[j] -= along * basis[at + j];
    }
    let square = 0;
    for (let j = 0; j < d; j++) square += rest[j] * rest[j];
    return square;
  };
}
