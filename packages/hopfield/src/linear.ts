/** Adds `factor` · v vᵀ to a row-major N × N matrix, symmetric to the bit. */
export function addOuter(weights: Float64Array, v: ArrayLike<number>, factor: number): void {
  const n = v.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0, at = i * n; j < n; j++, at++) weights[at] += v[i] * v[j] * factor;
  }
}

/** Returns W v for a symmetric row-major matrix. */
export function multiply(weights: Float64Array, v: ArrayLike<number>): Float64Array {
  const n = v.length;
  const product = new Float64Array(n);
  // Row j is column j: whole rows are added, so that the inner loop has no chain of dependent additions.
  for (let j = 0, at = 0; j < n; j++) {
    const vj = v[j];
    for (let i = 0; i < n; i++, at++) product[i] += vj * weights[at];
  }
  return product;
}

/** Sets the diagonal of a row-major N × N matrix to zero and returns the matrix. */
export function withoutDiagonal(weights: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) weights[i * (n + 1)] = 0;
  return weights;
}
