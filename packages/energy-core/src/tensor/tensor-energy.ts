import * as tf from "@tensorflow/tfjs";
import type { Batch, Can, Energy, Labeled } from "../energy.ts";
import { checkNumber, DimensionError } from "../errors.ts";
import type { Space } from "../space.ts";
import { labeled } from "../spaces/labeled.ts";
import { reals } from "../spaces/reals.ts";
import { batchGradients, type EnergiesAndGradients, tensorArrays } from "./arrays.ts";
import { mendReads } from "./mend-backend.ts";

/** Real tensors of one `shape` (without the batch axis): a single state is a vector of its entries, row by row. */
export interface TensorSpace extends Space<Float64Array> {
  readonly shape: readonly number[];
}

/** An energy that is evaluated a batch at a time. */
export type BatchEnergy = Energy<Float64Array, { readonly batch: Batch<tf.Tensor> }>;

/**
 * An energy over tensors of one shape. It is fast on batches `[batch, ...shape]`. A single vector is a batch of one in
 * 32-bit floats that is read synchronously, which the webgpu backend cannot do in every browser: it throws where not.
 */
export interface TensorEnergy
  extends Energy<Float64Array, Can<Float64Array, "gradient"> & { readonly batch: Batch<tf.Tensor> }> {
  readonly space: TensorSpace;
}

/** A tensor energy with variables that training may change. */
export interface LearnableTensorEnergy extends TensorEnergy {
  readonly can: TensorEnergy["can"] & Can<Float64Array, "parameters">;
}

/** An energy E(x, y) over tensors with labels; its batches give E(x, y) for every label. */
export type JointTensorEnergy = Energy<
  Labeled<Float64Array>,
  Can<Labeled<Float64Array>, "labels"> & { readonly batch: Batch<tf.Tensor> }
>;

/**
 * Returns the space of tensors of `shape`.
 *
 * @example
 * ```ts
 * import { tensors } from "@basin/energy-core/tensor";
 *
 * console.log(tensors([28, 28]).dimension); // 784
 * ```
 */
export function tensors(shape: readonly number[]): TensorSpace {
  const dimension = shape.reduce((product, length) => product * length, 1);
  return { ...reals(dimension), name: `${dimension} reals of shape [${shape.join(", ")}]`, shape };
}

/**
 * Returns an energy over tensors of `shape` from a differentiable tfjs function.
 *
 * @param energies maps `[batch, ...shape]` to `[batch]`.
 * @param variables what training may change; if given, the energy has parameters.
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
  energies: (states: tf.Tensor) => tf.Tensor,
): TensorEnergy;
export function tensorEnergy(
  shape: readonly number[],
  energies: (states: tf.Tensor) => tf.Tensor,
  variables: readonly tf.Variable[],
): LearnableTensorEnergy;
export function tensorEnergy(
  shape: readonly number[],
  energies: (states: tf.Tensor) => tf.Tensor,
  variables: readonly tf.Variable[] = [],
): TensorEnergy {
  const batch: Batch<tf.Tensor> = {
    shape,
    arrays: tensorArrays,
    variables,
    energies(states) {
      checkBatch(shape, states);
      mendReads();
      return checkValues("a tensor energy", energies(states), states, []);
    },
  };
  return energyOfBatch(tensors(shape), batch);
}

/** Returns the energy whose batches are given. */
export function energyOfBatch(space: TensorSpace, batch: Batch<tf.Tensor>): TensorEnergy {
  const { energy, can } = tensorArrays.single(batch);
  return { space, energy, can: can as TensorEnergy["can"] };
}

/**
 * Returns a joint energy over tensors of `shape` and labels from a differentiable tfjs function.
 *
 * @param jointEnergies maps `[batch, ...shape]` to `[batch, labels]`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { predict } from "@basin/energy-core";
 * import { jointTensorEnergy } from "@basin/energy-core/tensor";
 *
 * const joint = jointTensorEnergy([1], 2, (x) => tf.concat([x, x.neg()], 1));
 * console.log(predict(joint, Float64Array.of(2)).label); // 1
 * ```
 */
export function jointTensorEnergy(
  shape: readonly number[],
  labels: number,
  jointEnergies: (states: tf.Tensor) => tf.Tensor,
  variables: readonly tf.Variable[] = [],
): JointTensorEnergy {
  checkNumber("labels", labels, { min: 1, integer: true });
  const input = tensors(shape);
  const batch: Batch<tf.Tensor> = {
    shape,
    arrays: tensorArrays,
    variables,
    energies(states) {
      checkBatch(shape, states);
      mendReads();
      return checkValues("a joint energy", jointEnergies(states), states, [labels]);
    },
  };
  const energies = (x: Float64Array, out: Float64Array) => {
    out.set(rowOf(batch, x));
    return out;
  };
  const row = new Float64Array(labels);
  return {
    space: labeled(input, labels),
    energy: ({ x, y }) => energies(x, row)[y],
    can: { labels: { input, count: labels, energies }, batch },
  };
}

function rowOf(batch: Batch<tf.Tensor>, x: Float64Array): Float32Array {
  return tf.tidy(
    () => batch.energies(tf.tensor(Float32Array.from(x), [1, ...batch.shape])).dataSync() as Float32Array,
  );
}

function checkValues(what: string, values: tf.Tensor, states: tf.Tensor, rest: readonly number[]): tf.Tensor {
  const expected = [states.shape[0], ...rest];
  if (String(values.shape) === String(expected)) return values;
  throw new DimensionError(
    `${what} of a batch of ${states.shape[0]} gave shape [${values.shape.join(", ")}], expected [${expected.join(", ")}]`,
  );
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
export function inputGradients(energy: BatchEnergy, states: tf.Tensor): EnergiesAndGradients {
  return batchGradients(energy.can.batch, states);
}

/**
 * @throws {DimensionError} when `batch` is not `[batch, ...shape]` with at least one state.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { checkBatch } from "@basin/energy-core/tensor";
 *
 * checkBatch([3], tf.ones([5, 3])); // [5, 2] would throw
 * ```
 */
export function checkBatch(shape: readonly number[], batch: tf.Tensor): void {
  const [count, ...rest] = batch.shape;
  if (count > 0 && rest.length === shape.length && rest.every((length, axis) => length === shape[axis]))
    return;
  throw new DimensionError(
    `a batch has shape [${batch.shape.join(", ")}], expected [batch, ${shape.join(", ")}] with at least one state`,
  );
}
