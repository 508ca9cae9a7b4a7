import * as tf from "@tensorflow/tfjs";
import { DimensionError } from "../errors.ts";
import { type BatchEnergy, energyOfBatch, type TensorEnergy, tensors } from "./tensor-energy.ts";

/**
 * Returns E with some coordinates held: where `known` is 1, the value of `x` replaces that of the state. States remain
 * whole tensors; {@link complete} writes the held values into them.
 *
 * @param x one state of the energy's shape, or a batch that the batches given later must match.
 * @param known 1 where a coordinate is held and 0 elsewhere; of the energy's shape.
 * @throws {DimensionError} for another shape of `x` or `known`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { hold, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1));
 * const held = hold(bowl, tf.tensor1d([3, 0]), tf.tensor1d([1, 0]));
 * console.log(held.can.batch.energies(tf.tensor2d([[9, 1]])).dataSync()); // [10]
 * ```
 */
export function hold(
  energy: BatchEnergy,
  x: tf.Tensor,
  known: tf.Tensor,
): TensorEnergy & {
  /** Frees the copies of the held values; the energy cannot be used afterwards. */
  release(): void;
} {
  const { batch } = energy.can;
  const { shape } = batch;
  const whole = x.shape.slice(-shape.length);
  if (String(whole) !== String(shape) || x.rank > shape.length + 1)
    throw new DimensionError(
      `x has shape [${x.shape.join(", ")}], expected [${shape.join(", ")}] or a batch of it`,
    );
  if (String(known.shape) !== String(shape))
    throw new DimensionError(`known has shape [${known.shape.join(", ")}], expected [${shape.join(", ")}]`);
  // Copies of their own: the caller may dispose of the arguments, and unknown entries may be NaN, which no product
  // would remove.
  const mask = tf.keep(tf.tidy(() => known.toBool()));
  const held = tf.keep(tf.tidy(() => tf.where(mask, x, tf.zerosLike(x))));
  const unknown = tf.keep(tf.tidy(() => tf.scalar(1).sub(mask.toFloat())));
  const energies = (states: tf.Tensor) => tf.tidy(() => batch.energies(states.mul(unknown).add(held)));
  return {
    ...energyOfBatch(tensors(shape), { ...batch, energies }),
    release: () => tf.dispose([mask, held, unknown]),
  };
}
