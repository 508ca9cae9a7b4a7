import { ArgumentError, checkNumber } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { BatchEnergy } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Toy } from "./toy.ts";

/** The midpoints of n × n equal cells of a square, row after row from `low`, the first coordinate running fastest. */
export interface Grid {
  readonly low: number;
  readonly high: number;
  /** Cells a side. */
  readonly n: number;
  /** Area of a cell. */
  readonly area: number;
  /** Row-major `[n², 2]`. */
  readonly points: Float32Array;
}

/**
 * Returns a grid of n × n cells on [low, high]². Sums over midpoints times the area of a cell are integrals; for
 * densities that are smooth on the scale of a cell and vanish at the border the midpoint rule converges faster than any
 * power of 1/n.
 *
 * @param n cells a side. Default 200.
 *
 * @example
 * ```ts
 * import { squareGrid } from "@basin/jem/toys";
 *
 * console.log(squareGrid([-1, 1], 2).points); // (−½, −½), (½, −½), (−½, ½), (½, ½)
 * ```
 */
export function squareGrid([low, high]: readonly [low: number, high: number], n = 200): Grid {
  checkNumber("n", n, { min: 2, max: 2000, integer: true });
  checkNumber("low", low);
  checkNumber("high", high, { above: low });
  const width = (high - low) / n;
  const points = new Float32Array(2 * n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      points[2 * (row * n + column)] = low + (column + 0.5) * width;
      points[2 * (row * n + column) + 1] = low + (row + 0.5) * width;
    }
  }
  return { low, high, n, area: width * width, points };
}

/**
 * Returns −log p at every point of a grid, for a toy.
 *
 * @example
 * ```ts
 * import { squareGrid, toyEnergies, twoMoons } from "@basin/jem/toys";
 *
 * const toy = twoMoons();
 * console.log(toyEnergies(toy, squareGrid(toy.box, 50)).length); // 2500
 * ```
 */
export function toyEnergies(toy: Toy, { points, n }: Grid): Float64Array {
  const x = new Float64Array(2);
  return Float64Array.from({ length: n * n }, (_, k) => {
    x[0] = points[2 * k];
    x[1] = points[2 * k + 1];
    return toy.energy(x);
  });
}

const BATCH = 10_000;

/**
 * Returns E at every point of a grid, for an energy of tensors of shape [2].
 *
 * @example
 * ```ts
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { gridEnergies, squareGrid } from "@basin/jem/toys";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1));
 * console.log(gridEnergies(bowl, squareGrid([-1, 1], 2))); // ½ four times
 * ```
 */
export function gridEnergies(energy: BatchEnergy, { points, n }: Grid): Float64Array {
  const result = new Float64Array(n * n);
  for (let from = 0; from < n * n; from += BATCH) {
    const part = points.subarray(2 * from, 2 * Math.min(n * n, from + BATCH));
    result.set(
      tf.tidy(() => energy.can.batch.energies(tf.tensor2d(part, [part.length / 2, 2])).dataSync()),
      from,
    );
  }
  return result;
}

/**
 * Returns log Σ exp(−E) · area over a grid: log Z of exp(−E) on the square.
 *
 * @example
 * ```ts
 * import { gridLogPartition, squareGrid } from "@basin/jem/toys";
 *
 * console.log(gridLogPartition(new Float64Array(4), squareGrid([-1, 1], 2))); // ln 4
 * ```
 */
export function gridLogPartition(energies: Float64Array, { area }: Grid): number {
  const lowest = energies.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  if (!Number.isFinite(lowest)) {
    throw new ArgumentError(`the lowest energy on the grid is ${lowest}, expected a finite number`);
  }
  let sum = 0;
  for (const energy of energies) sum += Math.exp(lowest - energy);
  return Math.log(sum * area) - lowest;
}

/**
 * Returns KL(p‖q) = ∫ p (log p − log q) in nats, for p ∝ exp(−truth) and q ∝ exp(−model) on the square of the grid,
 * both normalized there.
 *
 * @example
 * ```ts
 * import { gridDivergence, squareGrid, toyEnergies, twoMoons } from "@basin/jem/toys";
 *
 * const toy = twoMoons();
 * const grid = squareGrid(toy.box, 100);
 * const truth = toyEnergies(toy, grid);
 * console.log(gridDivergence(truth, truth, grid)); // 0
 * ```
 */
export function gridDivergence(truth: Float64Array, model: Float64Array, grid: Grid): number {
  const logP = gridLogPartition(truth, grid);
  const logQ = gridLogPartition(model, grid);
  let sum = 0;
  for (let k = 0; k < truth.length; k++) {
    const p = Math.exp(-truth[k] - logP);
    if (p > 0) sum += p * (model[k] + logQ - truth[k] - logP);
  }
  return sum * grid.area;
}

/**
 * Returns independent draws of exp(−E)/Z, constant within cells of a grid: a cell by its probability, then a uniform
 * point of it. Row-major `[count, 2]`. They differ from draws of the energy itself by what the energy changes within a
 * cell.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { gridSamples, squareGrid } from "@basin/jem/toys";
 *
 * console.log(gridSamples(new Float64Array(4), squareGrid([-1, 1], 2), createRng(1), 3).length); // 6
 * ```
 */
export function gridSamples(energies: Float64Array, grid: Grid, rng: Rng, count: number): Float32Array {
  const logZ = gridLogPartition(energies, grid);
  const cumulative = new Float64Array(energies.length);
  let total = 0;
  for (const [k, energy] of energies.entries()) {
    total += Math.exp(-energy - logZ) * grid.area;
    cumulative[k] = total;
  }
  const width = Math.sqrt(grid.area);
  const samples = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const cell = lowerBound(cumulative, rng.uniform() * total);
    for (let axis = 0; axis < 2; axis++) {
      samples[2 * i + axis] = grid.points[2 * cell + axis] + width * (rng.uniform() - 0.5);
    }
  }
  return samples;
}

/** The first index whose value is above `u`. */
function lowerBound(ascending: Float64Array, u: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > u) high = middle;
    else low = middle + 1;
  }
  return low;
}
