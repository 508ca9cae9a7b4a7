import type { Rng } from "@basin/energy-core/random";
import type * as tf from "@tensorflow/tfjs";

/** Data of one update. */
export interface Batch {
  /** `[count, ...shape]`. */
  readonly x: tf.Tensor;
  /** Classes, `[count]`, int32, for objectives that need them. */
  readonly y?: tf.Tensor1D;
}

/**
 * The objective of a training update, in two steps: first it draws everything that is held constant (negatives, noise),
 * then the loss is a differentiable function of the parameters only.
 */
export interface Objective {
  /** The name it is reported under. */
  readonly name: string;
  /** Returns the constants of one update; the caller disposes of them. */
  prepare(batch: Batch, rng: Rng): tf.Tensor[];
  /** Returns the loss, differentiable by tfjs with respect to the variables of the energy it was made for. */
  loss(batch: Batch, constants: readonly tf.Tensor[]): tf.Scalar;
}
