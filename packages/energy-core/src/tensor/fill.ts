import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../random/rng.ts";

/** Returns a tensor of independent standard normal draws of `rng`, times `scale` (default 1). */
export function normalTensor(rng: Rng, shape: readonly number[], scale = 1): tf.Tensor {
  return filled(shape, () => scale * rng.normal());
}

/** Returns a tensor of independent draws of `rng`, uniform on [low, high). Default [0, 1). */
export function uniformTensor(rng: Rng, shape: readonly number[], low = 0, high = 1): tf.Tensor {
  return filled(shape, () => low + (high - low) * rng.uniform());
}

function filled(shape: readonly number[], draw: () => number): tf.Tensor {
  const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return tf.tensor(values, [...shape], "float32");
}
