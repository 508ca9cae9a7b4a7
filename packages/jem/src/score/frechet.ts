import { checkNumber, DimensionError } from "@basin/energy-core";
import { squareProduct, symmetricEigen, symmetricFunction } from "@basin/energy-core/internal";

/**
 * Returns the Fréchet distance between normal distributions fitted to two sets of features (Dowson & Landau 1982;
 * Heusel et al. 2017 with the features of an Inception net): ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½). Compare its value
 * only with that of another set under the same features and counts.
 *
 * @param first row-major `[count, size]`, at least two rows.
 * @throws {DimensionError} for features that are not whole rows.
 *
 * @example
 * ```ts
 * import { frechetDistance } from "@basin/jem";
 *
 * console.log(frechetDistance([0, 2], [3, 5], 1)); // 9: the same spread, means 3 apart
 * ```
 */
export function frechetDistance(first: ArrayLike<number>, second: ArrayLike<number>, size: number): number {
  checkNumber("size", size, { min: 1, integer: true });
  const [a, b] = [moments(first, size), moments(second, size)];
  let sum = 0;
  for (let i = 0; i < size; i++)
    sum += (a.mean[i] - b.mean[i]) ** 2 + a.covariance[i * size + i] + b.covariance[i * size + i];
  // tr (Σ₁ Σ₂)^½ = tr (R Σ₂ R)^½ with R = Σ₁^½, which is symmetric.
  const root = symmetricFunction(symmetricEigen(a.covariance, size), (value) =>
    Math.sqrt(Math.max(0, value)),
  );
  const inner = squareProduct(squareProduct(root, b.covariance, size), root, size);
  for (const value of symmetricEigen(inner, size).values) sum -= 2 * Math.sqrt(Math.max(0, value));
  return Math.max(0, sum);
}

function moments(rows: ArrayLike<number>, size: number) {
  const count = rows.length / size;
  if (!Number.isInteger(count) || count < 2)
    throw new DimensionError(`there are ${rows.length} features, expected at least two rows of ${size}`);
  const mean = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  for (let k = 0; k < rows.length; k++) mean[k % size] += rows[k] / count;
  const centered = new Float64Array(size);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < size; i++) centered[i] = rows[k * size + i] - mean[i];
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) covariance[i * size + j] += (centered[i] * centered[j]) / (count - 1);
  }
  return { mean, covariance };
}
