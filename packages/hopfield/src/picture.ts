import { type Matrix, matrix } from "@basin/energy-core";

/**
 * Returns weights as a gray picture [N, N] of bytes: 0 → 128, the largest |w_ij| → 255 where it is positive and 1 where
 * it is negative, linear in between. Writers of pictures and of NPY take it directly.
 *
 * @example
 * ```ts
 * import { hopfield, weightsPicture } from "@basin/hopfield";
 *
 * console.log(weightsPicture(hopfield([[1, 1, -1]]).weights).data); // 128, 255, 1, 255, …
 * ```
 */
export function weightsPicture(weights: Matrix): Matrix<Uint8Array> {
  let largest = 0;
  for (const weight of weights.data) largest = Math.max(largest, Math.abs(weight));
  const scale = largest > 0 ? 127 / largest : 0;
  return matrix(
    Uint8Array.from(weights.data, (weight) => 128 + Math.round(scale * weight)),
    ...weights.shape,
  );
}
