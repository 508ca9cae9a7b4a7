import { CapabilityError, type Matrix, matrix } from "@basin/energy-core";
import { applyModel } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Inputs, ShapedInputs } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { overBatches } from "./scores.ts";

/**
 * Returns the features of each input `[n, d]`, the input of the last layer with weights, for the scores of
 * `@basin/jem/outliers`.
 *
 * @param inputs row-major `[count, size]`, or `{ data, shape }`; what bytes stand for, `model.reading` says: value/255
 * by default.
 * @throws {CapabilityError} for a model without layers, or with only one layer, which has no features.
 *
 * @example
 * ```ts
 * import { featuresOf, jointEnergy } from "@basin/jem";
 * import { fitScore } from "@basin/jem/outliers";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = jointEnergy(
 *   tf.sequential({
 *     layers: [
 *       tf.layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
 *       tf.layers.dense({ units: 3 }),
 *     ],
 *   }),
 * );
 * const features = featuresOf(model, Float32Array.of(1, 0, 0.9, 0.1, 1.1, 0));
 * console.log(features.shape); // [3, 8]
 * console.log(fitScore("neighbors", { features }, { k: 1 }).score({ features })); // 0, 0, 0
 * ```
 */
export function featuresOf(model: JointModel, inputs: Inputs | ShapedInputs): Matrix<Float32Array> {
  const layers = model.classifier?.layers ?? [];
  let last = layers.length - 1;
  while (last > 0 && layers[last].weights.length === 0) last--;
  if (model.classifier === undefined || last < 1)
    throw new CapabilityError("features need a classifier of at least two tf.layers");
  const inner = tf.model({
    inputs: model.classifier.inputs,
    outputs: layers[last].input as tf.SymbolicTensor,
  });
  const width = inner.outputs[0].shape.slice(1).reduce((product: number, n) => product * (n ?? 1), 1);
  const data = overBatches(model, inputs, (batch) => applyModel(inner, batch), width);
  return matrix(data, data.length / width, width);
}
