import { checkName } from "@basin/energy-core";
import * as tf from "@tensorflow/tfjs";
import type { JointEnergy } from "../model/joint-energy.ts";
import { floatRows } from "../train/data.ts";

/** Scores by which inputs can be ranked as outliers; higher is more outlying. */
export const SCORES = ["energy", "max-softmax", "max-logit"] as const;
export type ScoreName = (typeof SCORES)[number];

/**
 * Returns one score an input, higher meaning more outlying: "energy" is E(x) (Liu et al. 2020), "max-softmax" is
 * −max_y p(y|x) (Hendrycks & Gimpel 2017), "max-logit" is −max_y f_y(x) (Hendrycks et al. 2022).
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 */
export function scores(
  model: JointEnergy,
  inputs: Uint8Array | Float32Array,
  score: ScoreName = "energy",
): Float32Array {
  checkName("score", score, SCORES);
  const rules: Record<ScoreName, (logits: tf.Tensor) => tf.Tensor> = {
    energy: (logits) => tf.logSumExp(logits, 1).neg(),
    "max-softmax": (logits) =>
      tf
        .softmax(logits as tf.Tensor2D)
        .max(1)
        .neg(),
    "max-logit": (logits) => logits.max(1).neg(),
  };
  return overBatches(model, inputs, rules[score]);
}

/** Returns the class of lowest energy, argmin_y E(x, y), for each input. */
export function classify(model: JointEnergy, inputs: Uint8Array | Float32Array): Float32Array {
  return overBatches(model, inputs, (logits) => logits.argMax(1));
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

function overBatches(
  model: JointEnergy,
  inputs: Uint8Array | Float32Array,
  rule: (logits: tf.Tensor) => tf.Tensor,
): Float32Array {
  const size = model.space.shape.reduce((product, length) => product * length, 1);
  const count = inputs.length / size;
  const result = new Float32Array(count);
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(count, from + BATCH);
    const values = tf.tidy(() => {
      const batch = tf.tensor(floatRows(inputs, size, from, to), [to - from, ...model.space.shape]);
      return rule(model.logits(batch)).dataSync();
    });
    result.set(values, from);
  }
  return result;
}
