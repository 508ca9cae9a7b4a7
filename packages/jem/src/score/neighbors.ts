import { CapabilityError, checkNumber } from "@basin/energy-core";
import { applyModel } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Inputs } from "../inputs.ts";
import type { JointEnergy } from "../model/joint-energy.ts";
import { overBatches } from "./scores.ts";

/** Outlier scores by the distance to known inputs. */
export interface Neighbors {
  readonly k: number;
  /** Returns the distance of each input's features to the k-th nearest of the known inputs; higher is more outlying. */
  scores(inputs: Inputs): Float32Array;
}

/**
 * Returns k-nearest-neighbor scores on the features of a classifier (Sun et al. 2022): what goes into its last layer with weights,
 * scaled to length 1.
 *
 * @param known in-distribution inputs, row-major; every one is compared with, so a few thousand do.
 * @throws {CapabilityError} for a model that is not made of layers, or of one layer alone: it has no features to show.
 *
 * @example
 * ```ts
 * import { jointEnergy, nearestNeighbors } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ inputShape: [2], units: 8, activation: "relu" }),
 *     tf.layers.dense({ units: 3 }),
 *   ],
 * });
 * const known = Float32Array.of(1, 0, 0.9, 0.1, 1.1, 0);
 * console.log(nearestNeighbors(jointEnergy(net), known, { k: 1 }).scores(known)); // 0, 0, 0
 * ```
 */
export function nearestNeighbors(
  model: JointEnergy,
  known: Inputs,
  { k = 50 }: { k?: number } = {},
): Neighbors {
  const { extract, width } = features(model);
  const unit = (batch: tf.Tensor): tf.Tensor2D => {
    const rows = extract(batch).reshape([batch.shape[0], width]) as tf.Tensor2D;
    return rows.div(rows.norm("euclidean", 1, true).maximum(1e-12));
  };
  const reference = overBatches(model, known, unit, width);
  const count = reference.length / width;
  checkNumber("k", k, { min: 1, max: count, integer: true });
  return {
    k,
    scores: (inputs) =>
      overBatches(model, inputs, (batch) => {
        const others = tf.tensor2d(reference, [count, width]);
        const products = tf.matMul(unit(batch), others.transpose() as tf.Tensor2D);
        // Of unit vectors, the nearest have the largest products: ‖a − b‖² = 2 − 2 a·b.
        const values = products.dataSync() as Float32Array;
        return tf.tensor1d(kthDistances(values, count, k));
      }),
  };
}

/** Returns what computes the features of a model, and how many there are. */
export function features(model: JointEnergy): { extract(batch: tf.Tensor): tf.Tensor; width: number } {
  const layers = model.classifier?.layers ?? [];
  let last = layers.length - 1;
  while (last > 0 && layers[last].weights.length === 0) last--;
  if (model.classifier === undefined || last < 1) {
    throw new CapabilityError("features need a classifier of at least two tf.layers");
  }
  const inner = tf.model({
    inputs: model.classifier.inputs,
    outputs: layers[last].input as tf.SymbolicTensor,
  });
  const width = inner.outputs[0].shape.slice(1).reduce((product: number, n) => product * (n ?? 1), 1);
  return { extract: (batch) => applyModel(inner, batch), width };
}

function kthDistances(products: Float32Array, count: number, k: number): Float32Array {
  return Float32Array.from({ length: products.length / count }, (_, i) => {
    const row = products.slice(i * count, (i + 1) * count).sort();
    return Math.sqrt(Math.max(0, 2 - 2 * row[count - k]));
  });
}
