import { ArgumentError, checkLength, checkName, DimensionError } from "@basin/energy-core";
import { inputGradients } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { floatRows, type Inputs, sizeOf } from "../inputs.ts";
import type { JointEnergy } from "../model/joint-energy.ts";

/** Scores by which inputs can be ranked as outliers; higher is more outlying. */
export const SCORES = ["energy", "max-softmax", "max-logit", "approximate-mass"] as const;
export type ScoreName = (typeof SCORES)[number];

/**
 * Returns one score an input, higher meaning more outlying: "energy" is E(x) (Liu et al. 2020), "max-softmax" is
 * −max_y p(y|x) (Hendrycks & Gimpel 2017), "max-logit" is −max_y f_y(x) (Hendrycks et al. 2022), "approximate-mass" is ‖∇ₓE(x)‖₂, large
 * where the density changes fast and so holds little mass (Grathwohl et al. 2020).
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 *
 * @example
 * ```ts
 * import { jointEnergy, scores } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [2], units: 2, kernelInitializer: "identity" })],
 * });
 * const inputs = Float32Array.of(4, 0, 0, 0);
 * console.log(scores(jointEnergy(net), inputs)); // −4.018 and −log 2 = −0.693: the origin is the more outlying
 * console.log(scores(jointEnergy(net), inputs, "max-softmax")); // −0.982 and −0.5
 * ```
 *
 * @throws {ArgumentError} for an unknown score; {DimensionError} for inputs that are not whole rows.
 */
export function scores(model: JointEnergy, inputs: Inputs, score: ScoreName = "energy"): Float32Array {
  checkName("score", score, SCORES);
  const rules: Record<ScoreName, (batch: tf.Tensor) => tf.Tensor> = {
    energy: (batch) => model.can.batch.energies(batch),
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

/**
 * Returns the class of lowest energy, argmin_y E(x, y), for each input; the first of equal ones.
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 *
 * @example
 * ```ts
 * import { classify, jointEnergy } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [2], units: 2, kernelInitializer: "identity" })],
 * });
 * console.log(classify(jointEnergy(net), Float32Array.of(4, 0, 0, 1))); // 0, 1
 * ```
 *
 * @throws {DimensionError} for inputs that are not whole rows.
 */
export function classify(model: JointEnergy, inputs: Inputs): Float32Array {
  return overBatches(model, inputs, (batch) => model.logits(batch).argMax(1));
}

/**
 * Returns p(y|x) = softmax(f(x))_y for each input, row-major `[count, labels]`.
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 *
 * @example
 * ```ts
 * import { jointEnergy, probabilities } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [2], units: 2, kernelInitializer: "identity" })],
 * });
 * console.log(probabilities(jointEnergy(net), Float32Array.of(Math.log(3), 0))); // 0.75, 0.25
 * ```
 *
 * @throws {DimensionError} for inputs that are not whole rows.
 */
export function probabilities(model: JointEnergy, inputs: Inputs): Float32Array {
  return overBatches(model, inputs, (batch) => model.conditional(batch), model.labels);
}

/**
 * Returns f(x), that is −E(x, y) of every label y, for each input, row-major `[count, labels]`.
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 *
 * @example
 * ```ts
 * import { jointEnergy, logitsOf } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [2], units: 2, kernelInitializer: "identity" })],
 * });
 * console.log(logitsOf(jointEnergy(net), Float32Array.of(4, 0, -1, 1))); // 4, 0, −1, 1: f(x) = x
 * ```
 *
 * @throws {DimensionError} for inputs that are not whole rows.
 */
export function logitsOf(model: JointEnergy, inputs: Inputs): Float32Array {
  return overBatches(model, inputs, (batch) => model.logits(batch), model.labels);
}

/**
 * Returns the share of inputs whose class of lowest energy is their label, from 0 to 1.
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 * @param labels one an input.
 *
 * @example
 * ```ts
 * import { accuracy, jointEnergy } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [2], units: 2, kernelInitializer: "identity" })],
 * });
 * console.log(accuracy(jointEnergy(net), Float32Array.of(4, 0, 0, 1), [0, 0])); // 0.5
 * ```
 *
 * @throws {DimensionError} for inputs that are not whole rows, and when there is not one label an input; {ArgumentError} for no inputs.
 */
export function accuracy(model: JointEnergy, inputs: Inputs, labels: ArrayLike<number>): number {
  const classes = classify(model, inputs);
  if (classes.length === 0) throw new ArgumentError("there are no inputs, expected at least one");
  checkLength("labels", labels.length, classes.length);
  let hits = 0;
  for (let i = 0; i < labels.length; i++) if (classes[i] === labels[i]) hits++;
  return hits / labels.length;
}

const BATCH = 1000;

/** Applies `rule` to inputs a batch at a time and returns `width` numbers an input. */
export function overBatches(
  model: Pick<JointEnergy, "space">,
  inputs: Inputs,
  rule: (batch: tf.Tensor) => tf.Tensor,
  width = 1,
): Float32Array {
  const size = sizeOf(model.space.shape);
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
