import * as tf from "@tensorflow/tfjs";
import { checkEnergy } from "../errors.ts";
import { preferredLabel } from "../tasks/predict.ts";
import { type BatchEnergy, checkBatch, type JointTensorEnergy } from "./tensor-energy.ts";

/**
 * Resolves to the label of lowest energy for each state of a batch, argmin_y E(x, y), with its margin to the next best.
 *
 * @throws {CapabilityError} when the energy is not over labels; {EnergyValueError} for NaN and −∞, and when no label is
 * possible.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { jointTensorEnergy, predictBatch } from "@basin/energy-core/tensor";
 *
 * const nearest = jointTensorEnergy([1], 3, (x) => x.sub(tf.tensor2d([[0, 1, 2]])).square());
 * console.log((await predictBatch(nearest, tf.tensor2d([[1.2], [-5]]))).labels); // [1, 0]
 * ```
 */
export async function predictBatch(
  energy: JointTensorEnergy,
  batch: tf.Tensor,
): Promise<{
  /** argmin_y E(x, y) of each state, the lowest index among equals. */
  readonly labels: Int32Array;
  /** How much higher the next label's energy is; +∞ when no other label is possible. */
  readonly margins: Float32Array;
  /** E(x, y), row-major `[batch, labels]`. */
  readonly energies: Float32Array;
  readonly certificate: "exact";
}> {
  const { batch: many, labels: all } = energy.can;
  checkBatch(many.shape, batch);
  const joint = many.energies(batch);
  const energies = (await joint.data()) as Float32Array;
  joint.dispose();
  const count = batch.shape[0];
  const labels = new Int32Array(count);
  const margins = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const row = energies.subarray(i * all.count, (i + 1) * all.count);
    const { label, margin } = preferredLabel(row, ` of state ${i}`);
    [labels[i], margins[i]] = [label, margin];
  }
  return { labels, margins, energies, certificate: "exact" };
}

/** States whose energies are computed at a time. */
const CHUNK = 512;

/**
 * Resolves to E of each state of a batch, computed in parts, for `detector` and `ranking` of `@basin/energy-core`.
 *
 * @throws {DimensionError} for a batch of another shape; {EnergyValueError} naming the state whose energy is NaN or −∞.
 *
 * @example
 * ```ts
 * import { detector } from "@basin/energy-core";
 * import { batchEnergies, tensorEnergy } from "@basin/energy-core/tensor";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * const { isOutlier } = detector(await batchEnergies(bowl, tf.tensor2d([[0], [1], [2]])), { keep: 1 });
 * console.log(Array.from(await batchEnergies(bowl, tf.tensor2d([[1.5], [3]])), isOutlier)); // [false, true]
 * ```
 */
export async function batchEnergies(energy: BatchEnergy, batch: tf.Tensor): Promise<Float32Array> {
  checkBatch(energy.can.batch.shape, batch);
  const count = batch.shape[0];
  const result = new Float32Array(count);
  for (let from = 0; from < count; from += CHUNK) {
    const values = tf.tidy(() => {
      const size = Math.min(CHUNK, count - from);
      return energy.can.batch.energies(
        batch.slice([from, ...energy.can.batch.shape.map(() => 0)], [size, ...energy.can.batch.shape]),
      );
    });
    result.set((await values.data()) as Float32Array, from);
    values.dispose();
  }
  for (const [i, value] of result.entries()) checkEnergy(value, `the energy of state ${i}`);
  return result;
}
