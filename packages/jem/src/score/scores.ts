import { checkName, DimensionError } from "@basin/energy-core";
import { inputGradients } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { JointEnergy } from "../model/joint-energy.ts";
import { floatRows } from "../train/data.ts";

/** Scores by which inputs can be ranked as outliers; higher is more outlying. */
export const SCORES = ["energy", "max-softmax", "max-logit", "approximate-mass"] as const;
export type ScoreName = (typeof SCORES)[number];

/**
 * Returns one score an input, higher meaning more outlying: "energy" is E(x) (Liu et al. 2020), "max-softmax" is
 * −max_y p(y|x) (Hendrycks & Gimpel 2017), "max-logit" is −max_y f_y(x) (Hendrycks et al. 2022), "approximate-mass" is ‖∇ₓE(x)‖₂, large
 * where the density changes fast and so holds little mass (Grathwohl et al. 2020).
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 * @throws {ArgumentError} for an unknown score; {DimensionError} for inputs that are not whole rows.
 */
export function scores(
  model: JointEnergy,
  inputs: Uint8Array | Float32Array,
  score: ScoreName = "energy",
): Float32Array {
  checkName("score", score, SCORES);
  const rules: Record<ScoreName, (batch: tf.Tensor) => tf.Tensor> = {
    energy: (batch) => model.energies(batch),
    "max-softmax": (batch) => model.conditional(batch).max(1).neg(),
    "max-logit": (batch) => model.logits(batch).max(1).neg(),
    "approximate-mass": (batch) => {
      const { energies, gradients } = inputGradients(model, batch);
      energies.dispose();
      return gradients.reshape([batch.shape[0], -1]).norm("euclidean", 1);
    },
  };
  return overBatches(model, inputs, rules[score]);
}

/** Returns the class of lowest energy, argmin_y E(x, y), for each input. */
export function classify(model: JointEnergy, inputs: Uint8Array | Float32Array): Float32Array {
  return overBatches(model, inputs, (batch) => model.logits(batch).argMax(1));
}

/** Returns p(y|x) for each input, row-major `[count, labels]`. */
export function probabilities(model: JointEnergy, inputs: Uint8Array | Float32Array): Float32Array {
  return overBatches(model, inputs, (batch) => model.conditional(batch), model.labels);
}

/** Returns f(x) for each input, row-major `[count, labels]`. */
export function logitsOf(model: JointEnergy, inputs: Uint8Array | Float32Array): Float32Array {
  return overBatches(model, inputs, (batch) => model.logits(batch), model.labels);
}

/** Returns the share of inputs whose class of lowest energy is their label. */
export function accuracy(
  model: JointEnergy,
  inputs: Uint8Array | Float32Array,
  labels: ArrayLike<number>,
): number {
  const classes = classify(model, inputs);
  let hits = 0;
  for (let i = 0; i < labels.length; i++) if (classes[i] === labels[i]) hits++;
  return hits / labels.length;
}

const BATCH = 1000;

/** Applies `rule` to inputs a batch at a time and returns `width` numbers an input. */
export function overBatches(
  model: Pick<JointEnergy, "space">,
  inputs: Uint8Array | Float32Array,
  rule: (batch: tf.Tensor) => tf.Tensor,
  width = 1,
): Float32Array {
  const size = model.space.shape.reduce((product, length) => product * length, 1);
  const count = inputs.length / size;
  if (!Number.isInteger(count))
    throw new DimensionError(`inputs has length ${inputs.length}, expected whole rows of ${size}`);
  const result = new Float32Array(count * width);
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(count, from + BATCH);
    const values = tf.tidy(() => {
      const batch = tf.tensor(floatRows(inputs, size, from, to), [to - from, ...model.space.shape]);
      return rule(batch).dataSync();
    });
    result.set(values, from * width);
  }
  return result;
}
