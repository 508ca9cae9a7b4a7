import * as tf from "@tensorflow/tfjs";
import { CapabilityError, checkEnergy, EnergyValueError } from "../errors.ts";
import { type Detector, type DetectorOptions, detector as vectorDetector } from "../tasks/detect.ts";
import { type Ranking, rank as vectorRank } from "../tasks/rank.ts";
import { checkBatch, type JointTensorEnergy, type TensorEnergy } from "./tensor-energy.ts";

/** The labels of lowest energy of a batch. */
export interface BatchPrediction {
  /** argmin_y E(x, y) of each state, the lowest index among equals. */
  readonly labels: Int32Array;
  /** How much higher the next label's energy is; +∞ when no other label is possible. */
  readonly margins: Float32Array;
  /** E(x, y), row-major `[batch, labels]`. */
  readonly energies: Float32Array;
  readonly certificate: "exact";
}

/**
 * Resolves to the label that fits each state of a batch best, argmin_y E(x, y), with its margin to the next best.
 *
 * @throws {CapabilityError} when the energy is not over labels; {EnergyValueError} for NaN and −∞, and when no label is possible.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { jointTensorEnergy, predict } from "@basin/energy-core/tensor";
 *
 * const nearest = jointTensorEnergy([1], 3, (x) => x.sub(tf.tensor2d([[0, 1, 2]])).square());
 * console.log((await predict(nearest, tf.tensor2d([[1.2], [-5]]))).labels); // [1, 0]
 * ```
 */
export async function predict(energy: JointTensorEnergy, batch: tf.Tensor): Promise<BatchPrediction> {
  if (energy.jointEnergies === undefined) throw new CapabilityError("predict needs an energy over labels");
  checkBatch(energy.space, batch);
  const joint = energy.jointEnergies(batch);
  const energies = (await joint.data()) as Float32Array;
  joint.dispose();
  const count = batch.shape[0];
  const labels = new Int32Array(count);
  const margins = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < count; i++) {
    const own = energies.subarray(i * energy.labels, (i + 1) * energy.labels);
    for (const [y, value] of own.entries()) {
      if (checkEnergy(value, `the energy of label ${y} of state ${i}`) < own[labels[i]]) labels[i] = y;
    }
    if (own[labels[i]] === Number.POSITIVE_INFINITY) {
      throw new EnergyValueError(`all labels of state ${i} have energy +Infinity: none can be predicted`);
    }
    for (const [y, value] of own.entries()) {
      if (y !== labels[i]) margins[i] = Math.min(margins[i], value - own[labels[i]]);
    }
  }
  return { labels, margins, energies, certificate: "exact" };
}

/**
 * Resolves to the states of a batch in order of preference, the lowest energy first.
 *
 * @throws {EnergyValueError} naming the state whose energy is NaN or −∞.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { rank, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * console.log((await rank(bowl, tf.tensor2d([[3], [0], [-1]]))).order); // [1, 2, 0]
 * ```
 */
export async function rank(energy: TensorEnergy, batch: tf.Tensor): Promise<Ranking> {
  const energies = await energiesOf(energy, batch);
  const indices = Array.from(energies, (_, i) => i);
  return vectorRank({ space: { kind: "reals", dimension: 1 }, energy: (i: number) => energies[i] }, indices);
}

/** A calibrated test of batches for outliers. */
export interface BatchDetector extends Detector {
  /** Resolves to 1 for each state of a batch whose energy is above the threshold, else 0. */
  outliers(batch: tf.Tensor): Promise<Uint8Array>;
}

/**
 * Resolves to a detector of outliers, E(x) > τ, whose threshold keeps a given share of the held-out states.
 *
 * @throws {ArgumentError} for options out of range; {EnergyValueError} for NaN and −∞.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { detector, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * const { outliers } = await detector(bowl, tf.tensor2d([[0], [1], [2]]), { keep: 1 });
 * console.log(await outliers(tf.tensor2d([[1.5], [3]]))); // [0, 1]
 * ```
 */
export async function detector(
  energy: TensorEnergy,
  heldOut: tf.Tensor,
  options: DetectorOptions = {},
): Promise<BatchDetector> {
  const calibrated = vectorDetector(await energiesOf(energy, heldOut), options);
  return {
    ...calibrated,
    outliers: async (batch) =>
      Uint8Array.from(await energiesOf(energy, batch), (value) => (calibrated.isOutlier(value) ? 1 : 0)),
  };
}

/** States whose energies are computed at a time. */
const CHUNK = 512;

/** Resolves to E of each state of a batch, checked. */
export async function energiesOf(energy: TensorEnergy, batch: tf.Tensor): Promise<Float32Array> {
  checkBatch(energy.space, batch);
  const count = batch.shape[0];
  const result = new Float32Array(count);
  for (let from = 0; from < count; from += CHUNK) {
    const values = tf.tidy(() => {
      const size = Math.min(CHUNK, count - from);
      return energy.energies(
        batch.slice([from, ...energy.space.shape.map(() => 0)], [size, ...energy.space.shape]),
      );
    });
    result.set((await values.data()) as Float32Array, from);
    values.dispose();
  }
  for (const [i, value] of result.entries()) checkEnergy(value, `the energy of state ${i}`);
  return result;
}
