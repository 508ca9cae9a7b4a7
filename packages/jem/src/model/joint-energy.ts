import { ArgumentError, DimensionError, type TensorSpace } from "@basin/energy-core";
import { checkBatch, logSumExp, type TensorEnergy } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { logitsModel } from "./logits.ts";

/** A classifier as a function from a batch `[batch, ...shape]` to logits `[batch, labels]`, differentiable by tfjs. */
export interface LogitFunction {
  /** Shape of one input, without the batch axis. */
  readonly shape: readonly number[];
  /** Number of classes. */
  readonly labels: number;
  /** f(x), `[batch, labels]`. */
  logits(batch: tf.Tensor): tf.Tensor2D;
  /** What training may change; none when absent. */
  readonly variables?: readonly tf.Variable[];
}

/**
 * A classifier read as an energy-based model (Grathwohl et al. 2020): with logits f_y(x),
 *
 *   E(x, y) = −f_y(x),   E(x) = −log Σ_y exp(f_y(x)),   p(y|x) = softmax(f(x))_y.
 *
 * It is itself the marginal {@link TensorEnergy} E(x), so samplers, detectors and every other task on tensor energies take it as it is.
 * All methods take a batch `[batch, ...shape]`; the caller disposes of results.
 */
export interface JointEnergy extends TensorEnergy {
  readonly labels: number;
  readonly variables: readonly tf.Variable[];
  /** Returns f(x), `[batch, labels]`. */
  logits(batch: tf.Tensor): tf.Tensor2D;
  /** Returns E(x, y) for every label y, `[batch, labels]`. */
  jointEnergies(batch: tf.Tensor): tf.Tensor2D;
  /** Returns the marginal energy E(x), `[batch]`. */
  energies(batch: tf.Tensor): tf.Tensor1D;
  /** Returns p(y|x), `[batch, labels]`: independent of the partition function. */
  conditional(batch: tf.Tensor): tf.Tensor2D;
  /** Returns the energy x ↦ E(x, y) of one class, for drawing from p(x|y). */
  ofClass(label: number): TensorEnergy;
}

/**
 * Returns a classifier as an energy-based model. The classifier stays what it was, and is shared, not copied.
 *
 * @param classifier a tf.LayersModel with one input and one output `[batch, labels]`, or a function to logits. A model that ends in a
 *   softmax is read up to the softmax's input, because log p(y|x) for logits makes E(x) ≡ 0.
 * @throws {ArgumentError} when the model ends in another saturating activation, or has several inputs or outputs.
 * @throws {DimensionError} for an output that is not `[batch, labels]`.
 */
export function jointEnergy(classifier: tf.LayersModel | LogitFunction): JointEnergy {
  const source = "logits" in classifier ? classifier : logitsModel(classifier);
  const { labels } = source;
  const space: TensorSpace = { kind: "tensors", shape: source.shape };
  const logits = (batch: tf.Tensor): tf.Tensor2D => {
    checkBatch(space, batch);
    const result = source.logits(batch);
    if (result.rank === 2 && result.shape[1] === labels) return result;
    throw new DimensionError(
      `the classifier gave shape [${result.shape.join(", ")}], expected [batch, ${labels}]`,
    );
  };
  return {
    space,
    labels,
    variables: source.variables ?? [],
    logits,
    jointEnergies: (batch) => tf.tidy(() => logits(batch).neg()),
    energies: (batch) => tf.tidy(() => logSumExp(logits(batch), 1).neg() as tf.Tensor1D),
    conditional: (batch) => tf.tidy(() => tf.softmax(logits(batch))),
    ofClass(label) {
      if (!Number.isInteger(label) || label < 0 || label >= labels) {
        throw new ArgumentError(`label is ${label}, expected an integer from 0 to ${labels - 1}`);
      }
      const energies = (batch: tf.Tensor) =>
        tf.tidy(() => logits(batch).slice([0, label], [-1, 1]).neg().reshape([-1]) as tf.Tensor1D);
      return { space, energies };
    },
  };
}
