import { symmetricEigen } from "@basin/energy-core/internal";
import type { Rows } from "../rows.ts";

/** Returns the mean row. */
export function meanOf({ data, count, width }: Rows): Float64Array {
  const mean = new Float64Array(width);
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < width; j++, at++) mean[j] += data[at];
  return mean.map((sum) => sum / count);
}

/**
 * Returns the lower triangle of 1/n Σ_i (x_i − c_i)(x_i − c_i)ᵀ, `[d, d]`, where `centerOf` gives the row of `centers`
 * that is c_i.
 */
export function scatter(
  { data, count, width: d }: Rows,
  centers: Float64Array,
  centerOf?: ArrayLike<number>,
): Float64Array {
  const sum = new Float64Array(d * d);
  // Four rows at a time: each sum is read and written once for four products.
  const block = new Float64Array(4 * d);
  for (let from = 0; from < count; from += 4) {
    block.fill(0);
    for (let r = 0; r < Math.min(4, count - from); r++) {
      const [row, center] = [(from + r) * d, (centerOf?.[from + r] ?? 0) * d];
      for (let j = 0; j < d; j++) block[r * d + j] = data[row + j] - centers[center + j];
    }
    for (let i = 0; i < d; i++) {
      const a = block[i];
      const b = block[d + i];
      const c = block[2 * d + i];
      const e = block[3 * d + i];
      for (let j = 0, at = i * d; j <= i; j++, at++)
        sum[at] += a * block[j] + b * block[d + j] + c * block[2 * d + j] + e * block[3 * d + j];
    }
  }
  return sum.map((total) => total / count);
}

/** Eigenvalues up to this times the largest count as 0. */
export const NONE = 1e-12;

/**
 * Returns W, `[rank, d]`, with Wᵀ W the pseudo-inverse of a covariance: its eigenvectors, each divided by the root of
 * its eigenvalue. Eigenvalues up to 10⁻¹² of the largest are left out.
 */
export function whitening(covariance: Float64Array, d: number): Float64Array {
  const { values, vectors } = symmetricEigen(covariance, d);
  const first = values.findIndex((value) => value > NONE * values[d - 1] && value > 0);
  const kept = first < 0 ? 0 : d - first;
  const result = vectors.slice((d - kept) * d);
  for (let k = 0; k < kept; k++) {
    const root = Math.sqrt(values[d - kept + k]);
    for (let j = 0; j < d; j++) result[k * d + j] /= root;
  }
  return result;
}

/**
 * Returns Σ_k (w_k · (x − c))² over the rows w_k of `directions`, for the row of `data` at `from` and the center at
 * `center`.
 */
export function squaredLength(
  data: ArrayLike<number>,
  from: number,
  centers: Float64Array,
  center: number,
  directions: Float64Array,
  d: number,
): number {
  let square = 0;
  for (let at = 0; at < directions.length; at += d) {
    let along = 0;
    for (let j = 0; j < d; j++) along += directions[at + j] * (data[from + j] - centers[center + j]);
    square += along * along;
  }
  return square;
}
