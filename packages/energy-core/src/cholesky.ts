import { ArgumentError } from "./errors.ts";

/**
 * Returns the lower triangle L of the symmetric positive definite `matrix` = LLᵀ (n × n, row-major); the upper triangle
 * is not read and is zero in the result.
 *
 * @param what names the matrix in the error. Default "matrix".
 * @throws {ArgumentError} when the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, n: number, what = "matrix"): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      if (i > j) {
        lower[i * n + j] = sum / lower[j * n + j];
      } else {
        if (!(sum > 0)) {
          throw new ArgumentError(`${what} is not positive definite: pivot ${i} is ${sum}, expected above 0`);
        }
        lower[i * n + i] = Math.sqrt(sum);
      }
    }
  }
  return lower;
}

/**
 * Returns the inverse of LLᵀ, n × n and row-major, from the lower triangle L of {@link cholesky}.
 */
export function inverseFromCholesky(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lower[i * n + k] * column[k];
      column[i] = sum / lower[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = column[i];
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i] * column[k];
      column[i] = sum / lower[i * n + i];
    }
    for (let i = 0; i < n; i++) inverse[i * n + c] = column[i];
  }
  return inverse;
}
