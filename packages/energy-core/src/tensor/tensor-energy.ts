import * as tf from "@tensorflow/tfjs";
import type { TensorSpace } from "../energy.ts";
import { checkNumber, DimensionError } from "../errors.ts";
import { logSumExp } from "./smooth.ts";

/** An energy over tensors of one shape, evaluated a batch at a time: E(x) for every x of `[batch, ...shape]`. */
export interface TensorEnergy {
  readonly space: TensorSpace;
  /**
   * Returns E of each state of a batch `[batch, ...space.shape]`, as `[batch]`. Differentiable by tfjs with respect to the batch.
   * The caller disposes of the result.
   */
  energies(batch: tf.Tensor): tf.Tensor1D;
}

/** A tensor energy E(x, y) over inputs and labels, which is the marginal energy E(x) = −log Σ_y exp(−E(x, y)) as well. */
export interface JointTensorEnergy extends TensorEnergy {
  readonly labels: number;
  /** Returns E(x, y) for every label, `[batch, labels]`. The caller disposes of the result. */
  jointEnergies(batch: tf.Tensor): tf.Tensor2D;
}

/** A tensor energy with variables that training may change. */
export interface LearnableTensorEnergy extends TensorEnergy {
  readonly variables: readonly tf.Variable[];
}

/** Energies of a batch with their gradients. The caller disposes of both. */
export interface EnergiesAndGradients {
  /** E(x), `[batch]`. */
  readonly energies: tf.Tensor1D;
  /** ∇ₓE(x), `[batch, ...shape]`. */
  readonly gradients: tf.Tensor;
}

/**
 * Returns an energy over tensors of `shape` from a differentiable tfjs function.
 *
 * @param energies maps `[batch, ...shape]` to `[batch]`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { inputGradients, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const gaussian = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const { energies, gradients } = inputGradients(gaussian, tf.tensor2d([[3, 4]]));
 * console.log(energies.dataSync(), gradients.dataSync()); // [12.5], [3, 4]
 * ```
 */
export function tensorEnergy(
  shape: readonly number[],
  energies: (batch: tf.Tensor) => tf.Tensor,
): TensorEnergy {
  const space: TensorSpace = { kind: "tensors", shape };
  return {
    space,
    energies(batch) {
      checkBatch(space, batch);
      const result = energies(batch);
      if (result.rank !== 1 || result.shape[0] !== batch.shape[0]) {
        throw new DimensionError(
          `a tensor energy of a batch of ${batch.shape[0]} gave shape [${result.shape.join(", ")}], expected [${batch.shape[0]}]`,
        );
      }
      return result as tf.Tensor1D;
    },
  };
}

/**
 * Returns a joint energy over tensors of `shape` and labels from a differentiable tfjs function.
 *
 * @param jointEnergies maps `[batch, ...shape]` to `[batch, labels]`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { jointTensorEnergy } from "@basin/energy-core/tensor";
 *
 * const joint = jointTensorEnergy([1], 2, (x) => tf.concat([x, x.neg()], 1));
 * console.log(joint.energies(tf.tensor2d([[0]])).dataSync()); // [−ln 2]
 * ```
 */
export function jointTensorEnergy(
  shape: readonly number[],
  labels: number,
  jointEnergies: (batch: tf.Tensor) => tf.Tensor,
): JointTensorEnergy {
  checkNumber("labels", labels, { min: 1, integer: true });
  const joint = (batch: tf.Tensor): tf.Tensor2D => {
    checkBatch({ kind: "tensors", shape }, batch);
    const result = jointEnergies(batch);
    if (result.rank === 2 && result.shape[0] === batch.shape[0] && result.shape[1] === labels)
      return result as tf.Tensor2D;
    throw new DimensionError(
      `a joint energy of a batch of ${batch.shape[0]} gave shape [${result.shape.join(", ")}], expected [${batch.shape[0]}, ${labels}]`,
    );
  };
  const marginal = (batch: tf.Tensor) => logSumExp(joint(batch).neg(), 1).neg();
  return { ...tensorEnergy(shape, marginal), labels, jointEnergies: joint };
}

/**
 * Returns E(x) and ∇ₓE(x) for each state x of a batch, in one forward and one backward pass.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { inputGradients, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * const { gradients } = inputGradients(bowl, tf.tensor2d([[3], [1]]));
 * console.log(gradients.dataSync()); // [6, 2]
 * ```
 */
export function inputGradients(energy: TensorEnergy, batch: tf.Tensor): EnergiesAndGradients {
  let energies: tf.Tensor1D | undefined;
  // States of a batch do not interact, so the gradient of the sum holds the gradient of each.
  const { value, grad: gradients } = tf.valueAndGrad((x: tf.Tensor) => {
    energies = tf.keep(energy.energies(x));
    return energies.sum();
  })(batch);
  value.dispose();
  return { energies: energies as tf.Tensor1D, gradients };
}

/**
 * @throws {DimensionError} when `batch` is not `[batch, ...shape]` with at least one state.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { checkBatch } from "@basin/energy-core/tensor";
 *
 * checkBatch({ kind: "tensors", shape: [3] }, tf.ones([5, 3])); // [5, 2] would throw
 * ```
 */
export function checkBatch({ shape }: TensorSpace, batch: tf.Tensor): void {
  const [count, ...rest] = batch.shape;
  if (count > 0 && rest.length === shape.length && rest.every((length, axis) => length === shape[axis]))
    return;
  throw new DimensionError(
    `a batch has shape [${batch.shape.join(", ")}], expected [batch, ${shape.join(", ")}] with at least one state`,
  );
}
