import { ArgumentError } from "@basin/energy-core";
import { checkName } from "@basin/energy-core/internal";
import { inputGradients } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import {
  type Inputs,
  openInputs,
  type Reader,
  refuseTokens,
  rowsAtOnce,
  type ShapedInputs,
} from "../inputs.ts";
import { checkLabels } from "../labels.ts";
import type { JointModel } from "../model/contract.ts";
import { maxLogitScore } from "../outliers/scores/max-logit.ts";
import { maxSoftmaxScore } from "../outliers/scores/max-softmax.ts";
import { largestOf, softmax } from "../outliers/softmax.ts";
import { checkNumbers } from "./check.ts";

/** Scores by which inputs can be ranked as outliers; higher is more outlying. */
export const scoreNames = ["energy", "max-softmax", "max-logit", "approximate-mass"] as const;
export type ScoreName = (typeof scoreNames)[number];

/**
 * Returns one score for each input, higher for outliers: "energy" is E(x) (Liu et al. 2020), "max-softmax" is −max_y
 * p(y|x) (Hendrycks & Gimpel 2017), "max-logit" is −max_y f_y(x) (Hendrycks et al. 2022), "approximate-mass" is
 * ‖∇ₓE(x)‖₂, large where the density changes fast and so holds little mass (Grathwohl et al. 2020).
 *
 * @param inputs row-major `[count, size]`, or `{ data, shape }`; `model.reading` gives the meaning of bytes, by default
 * value/255.
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
 * @throws {ArgumentError} for an unknown score, and for inputs that are not finite or have more channels than the
 * model; {DimensionError} for inputs that are not whole rows; {EnergyValueError} for a score that is NaN or an energy
 * of −∞; {CapabilityError} for the gradient of tokens.
 */
export function scores(
  model: JointModel,
  inputs: Inputs | ShapedInputs,
  score: ScoreName = "energy",
): Float64Array {
  checkName("score", score, scoreNames);
  if (score === "max-softmax" || score === "max-logit") {
    const data = logitsOf(model, inputs);
    const logits = { data, shape: [data.length / model.labels, model.labels] };
    return (score === "max-softmax" ? maxSoftmaxScore : maxLogitScore)(logits, { of: "logits" });
  }
  const backward = score === "approximate-mass";
  if (backward) refuseTokens(model, `the score "${score}"`);
  const rule = backward ? gradientLengths : (batch: tf.Tensor) => model.can.batch.energies(batch);
  const what = backward ? `the score "${score}"` : "the energy";
  const values = overBatches(model, inputs, rule, 1, backward);
  return Float64Array.from(checkNumbers(model, values, { what, forbidden: -Infinity }));

  function gradientLengths(batch: tf.Tensor): tf.Tensor {
    const { energies, gradients } = inputGradients(model, batch);
    energies.dispose();
    return gradients.reshape([batch.shape[0], -1]).norm("euclidean", 1);
  }
}

/**
 * Returns the class of lowest energy, argmin_y E(x, y), for each input; the first of equal ones.
 *
 * @param inputs row-major `[count, size]`, or `{ data, shape }`; `model.reading` gives the meaning of bytes, by default
 * value/255.
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
 * @throws {DimensionError} for inputs that are not whole rows; {EnergyValueError} for a logit that is NaN.
 */
export function classify(model: JointModel, inputs: Inputs | ShapedInputs): Int32Array {
  const data = logitsOf(model, inputs);
  return largestOf({ data, count: data.length / model.labels, width: model.labels });
}

/**
 * Returns p(y|x) = softmax(f(x))_y for each input, row-major `[count, labels]`, computed in double precision, so its
 * logarithm is accurate down to e^−700.
 *
 * @param inputs row-major `[count, size]`, or `{ data, shape }`; `model.reading` gives the meaning of bytes, by default
 * value/255.
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
 * @throws {DimensionError} for inputs that are not whole rows; {EnergyValueError} for a logit that is NaN.
 */
export function probabilities(model: JointModel, inputs: Inputs | ShapedInputs): Float64Array {
  return softmax(logitsOf(model, inputs), model.labels);
}

/**
 * Returns f(x), that is −E(x, y) of every label y, for each input, row-major `[count, labels]`.
 *
 * @param inputs row-major `[count, size]`, or `{ data, shape }`; `model.reading` gives the meaning of bytes, by default
 * value/255.
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
 * @throws {DimensionError} for inputs that are not whole rows; {EnergyValueError} for a logit that is NaN or +∞.
 */
export function logitsOf(model: JointModel, inputs: Inputs | ShapedInputs): Float32Array {
  const values = overBatches(model, inputs, (batch) => model.logits(batch), model.labels);
  return checkNumbers(model, values, { what: "a logit", width: model.labels, forbidden: Infinity });
}

/**
 * Returns the share of inputs whose class of lowest energy is their label, from 0 to 1.
 *
 * @param inputs row-major `[count, size]`, or `{ data, shape }`; `model.reading` gives the meaning of bytes, by default
 * value/255.
 * @param labels one for each input.
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
 * @throws {DimensionError} for inputs that are not whole rows, and unless there is one label for each input;
 * {ArgumentError} for no inputs, and for labels that are not classes from 0 on; {EnergyValueError} for a logit that is
 * NaN.
 */
export function accuracy(
  model: JointModel,
  inputs: Inputs | ShapedInputs,
  labels: ArrayLike<number>,
): number {
  const classes = classify(model, inputs);
  if (classes.length === 0) throw new ArgumentError("there are no inputs, expected at least one");
  checkLabels(labels, model.labels, classes.length);
  let hits = 0;
  for (let i = 0; i < labels.length; i++) if (classes[i] === labels[i]) hits++;
  return hits / labels.length;
}

const BATCH = 1000;

/** Applies `rule` to inputs a batch at a time and returns `width` numbers an input. */
export function overBatches(
  model: Reader & Partial<Pick<JointModel, "classifier">>,
  inputs: Inputs | ShapedInputs,
  rule: (batch: tf.Tensor) => tf.Tensor,
  width = 1,
  backward = false,
): Float32Array {
  const rows = openInputs(model, inputs);
  const batch = rowsAtOnce(model, BATCH, backward);
  const result = new Float32Array(rows.count * width);
  for (let from = 0; from < rows.count; from += batch) {
    const to = Math.min(rows.count, from + batch);
    const values = tf.tidy(() =>
      rule(tf.tensor(rows.read(from, to), [to - from, ...model.space.shape])).dataSync(),
    );
    result.set(values, from * width);
  }
  return result;
}
