import type { Rng } from "@basin/energy-core/random";
import { normalTensor } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { floatRows } from "../inputs.ts";
import { checkData, type LabeledData } from "./data.ts";

/** What chains can start afresh from. */
export const initialStateNames = ["uniform", "gaussian", "data"] as const;
export type InitialStates = (typeof initialStateNames)[number];

/** Draws of each class's Gaussian that are kept ready. */
const READY = 200;
/** Inputs a class that a Gaussian is fitted to, at most. */
const FITTED = 2000;
/** Noise on data that chains start from, as a share of the box. */
const DATA_NOISE = 0.1;

/**
 * Returns draws of the normal distribution that has the mean and covariance of each class's inputs (the informative
 * initialization of JEM++, Yang & Ji 2021), clamped to `box`: row-major `[labels, count, size]`. The first 2000 inputs
 * of a class are what it is fitted to; of a class without inputs every draw is 0.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { classGaussianDraws } from "@basin/jem";
 *
 * const data = { inputs: Float32Array.of(0.5, 0.5, 0.2, 0.4), labels: [0, 0, 1, 1] };
 * const draws = classGaussianDraws(data, 1, 2, 3, createRng(1));
 * console.log(draws.subarray(0, 3)); // 0.5 thrice: the inputs of class 0 do not vary
 * console.log(draws.subarray(3)); // three draws of the normal distribution of mean 0.3 and variance 0.02
 * ```
 *
 * @throws {DimensionError} when inputs and labels do not match; {ArgumentError} for a label out of range or an input
 * that is not finite.
 */
export function classGaussianDraws(
  data: LabeledData,
  size: number,
  labels: number,
  count: number,
  rng: Rng,
  box: readonly [low: number, high: number] = [0, 1],
): Float32Array {
  checkData(data, size, labels);
  const draws = new Float32Array(labels * count * size);
  const members = Array.from({ length: labels }, () => [] as number[]);
  for (let i = 0; i < data.labels.length; i++) {
    const own = members[data.labels[i]];
    if (own.length < FITTED) own.push(i);
  }
  for (const [label, own] of members.entries()) {
    if (own.length === 0) continue;
    const rows = new Float32Array(own.length * size);
    for (const [k, i] of own.entries()) rows.set(floatRows(data.inputs, size, i, i + 1), k * size);
    const values = tf.tidy(() => {
      const inputs = tf.tensor2d(rows, [own.length, size]);
      const mean = inputs.mean(0, true);
      // Normal weights of centered data have the data's covariance, with no matrix to factorize.
      const mixed = tf.matMul(
        normalTensor(rng, [count, own.length]) as tf.Tensor2D,
        inputs.sub(mean) as tf.Tensor2D,
      );
      return mixed
        .div(Math.sqrt(Math.max(1, own.length - 1)))
        .add(mean)
        .clipByValue(box[0], box[1])
        .dataSync();
    });
    draws.set(values, label * count * size);
  }
  return draws;
}

/** Returns what writes a fresh state in `box` for a chain of class `label` (−1: none). */
export function freshStates(
  kind: InitialStates,
  data: LabeledData,
  { size, labels }: { readonly size: number; readonly labels: number },
  box: readonly [low: number, high: number],
  rng: Rng,
): (rng: Rng, out: Float32Array, label: number) => void {
  if (kind === "gaussian") {
    const ready = classGaussianDraws(data, size, labels, READY, rng, box);
    return (stream, out, label) => {
      const row = (label < 0 ? stream.index(labels) : label) * READY + stream.index(READY);
      out.set(ready.subarray(row * size, (row + 1) * size));
    };
  }
  const [low, high] = box;
  if (kind === "data") {
    return (stream, out) => {
      const i = stream.index(data.labels.length);
      out.set(floatRows(data.inputs, size, i, i + 1));
      for (let k = 0; k < size; k++) out[k] += DATA_NOISE * (high - low) * stream.normal();
    };
  }
  return (stream, out) => {
    for (let k = 0; k < size; k++) out[k] = low + (high - low) * stream.uniform();
  };
}
