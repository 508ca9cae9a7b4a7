import { checkNumber } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { Target } from "@basin/energy-core/targets";

/**
 * A known density on the plane: E(x) = −log p(x) is normalized on ℝ² (log Z = 0), with exact draws and moments, and it
 * is a mixture p(x) = Σ_y w_y p(x|y) whose components are the classes.
 */
export interface Toy extends Target {
  /** Number of parts. */
  readonly labels: number;
  /** [low, high]², the square for grids and pictures, contains all but at most 1e-6 of the mass. */
  readonly box: readonly [low: number, high: number];
  /** Writes −log(w_y p(x|y)) for every part y into `out` (length `labels`) and returns it. */
  jointEnergies(x: ArrayLike<number>, out: Float64Array): Float64Array;
  /** Returns an independent draw of (x, y). */
  sampleLabeled(rng: Rng): { readonly x: Float64Array; readonly y: number };
}

/**
 * Returns `count` independent draws of a toy with their labels.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { drawToy, twoMoons } from "@basin/jem/toys";
 *
 * const { inputs, labels } = drawToy(twoMoons(), createRng(1), 100);
 * console.log(inputs.length, labels.length); // 200, 100
 * ```
 */
export function drawToy(
  toy: Toy,
  rng: Rng,
  count: number,
): {
  /** Row-major `[count, 2]`. */
  readonly inputs: Float32Array;
  readonly labels: Uint8Array;
} {
  checkNumber("count", count, { min: 1, integer: true });
  const inputs = new Float32Array(2 * count);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const { x, y } = toy.sampleLabeled(rng);
    inputs.set(x, 2 * i);
    labels[i] = y;
  }
  return { inputs, labels };
}
