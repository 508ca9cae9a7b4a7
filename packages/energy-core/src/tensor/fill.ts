import * as tf from "@tensorflow/tfjs";
import { ArgumentError, checkNumber } from "../errors.ts";
import { type BulkRng, bulkRng } from "../random/fill.ts";
import { createRng, type Rng, seedLanes } from "../random/rng.ts";

// One generator serves every fill: each is seeded afresh, so nothing is carried from one to the next.
let generator: BulkRng | undefined;
const LANES = 8;

/**
 * Returns a tensor of independent standard normal draws, times `scale` (default 1). It takes two words of `rng`, which
 * key a {@link bulkRng}: the whole state stays in `rng`, and the draws are the same on every platform.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { normalTensor } from "@basin/energy-core/tensor";
 *
 * console.log(normalTensor(createRng(7), [64, 784], 0.01).shape);
 * ```
 */
export function normalTensor(rng: Rng, shape: readonly number[], scale = 1): tf.Tensor {
  checkNumber("scale", scale, { min: 0 });
  return filled(shape, (out) => keyed(rng).fillNormal(out, 0, scale));
}

/**
 * Returns a tensor of independent draws, uniform on [low, high); default [0, 1). It takes two words of `rng`, as
 * {@link normalTensor} does.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { uniformTensor } from "@basin/energy-core/tensor";
 *
 * console.log(uniformTensor(createRng(7), [2, 3], -1, 1).shape);
 * ```
 */
export function uniformTensor(rng: Rng, shape: readonly number[], low = 0, high = 1): tf.Tensor {
  if (!(low <= high)) throw new ArgumentError(`low is ${low} and high ${high}, expected low ≤ high`);
  return filled(shape, (out) => keyed(rng).fillUniform(out, low, high));
}

function keyed(rng: Rng): BulkRng {
  // A key of 53 bits is what a seed can hold.
  const stream = createRng((rng.uint32() >>> 11) * 2 ** 32 + rng.uint32());
  generator ??= bulkRng(stream);
  const state = new Uint32Array(4 * LANES);
  seedLanes(state, 0, stream, LANES);
  generator.restore(state);
  return generator;
}

function filled(shape: readonly number[], fill: (out: Float32Array) => void): tf.Tensor {
  const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
  fill(values);
  return tf.tensor(values, [...shape], "float32");
}
