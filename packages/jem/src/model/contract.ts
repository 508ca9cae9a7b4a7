import type { JointTensorEnergy, TensorEnergy } from "@basin/energy-core/tensor";
import type * as tf from "@tensorflow/tfjs";
import type { HeadName } from "./head.ts";
import type { Reading } from "./logits.ts";

/**
 * A classifier read as an energy-based model (Grathwohl et al. 2020): with logits f_y(x),
 *
 * E(x, y) = −f_y(x),   E(x) = −log Σ_y exp(f_y(x)),   p(y|x) = softmax(f(x))_y.
 *
 * It is the marginal {@link TensorEnergy} E(x), so samplers, detectors and every other task take it; `joint` is E(x,
 * y). All methods take a batch `[batch, ...shape]`; the caller disposes of results.
 */
export interface JointModel extends TensorEnergy {
  readonly labels: number;
  readonly variables: readonly tf.Variable[];
  readonly head: HeadName;
  /** What the classifier was taken for. */
  readonly reading: Reading;
  /** The layers that compute the outputs, if the model consists of layers; a thread or a file can take them. */
  readonly classifier?: tf.LayersModel;
  /** Returns f(x), `[batch, labels]`. */
  logits(batch: tf.Tensor): tf.Tensor2D;
  /** E(x, y), over inputs with a label: what `predict` asks. */
  readonly joint: JointTensorEnergy;
  /** Returns p(y|x), `[batch, labels]`: independent of the partition function. */
  conditional(batch: tf.Tensor): tf.Tensor2D;
  /** Returns the energy x ↦ E(x, y) of one class, or of one class for each row of the batches, to draw from p(x|y). */
  ofClass(label: number | ArrayLike<number>): TensorEnergy;
}
