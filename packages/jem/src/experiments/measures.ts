import { createRng, type Rng } from "@basin/energy-core/random";
import { type TensorSgldOptions, tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "../model/contract.ts";
import { pgd } from "../objectives/pgd.ts";
import { calibration } from "../score/calibration.ts";
import { classify, scores } from "../score/scores.ts";
import { crossEntropies } from "./methods.ts";

/** Labeled inputs as floats. */
export interface TestSet {
  readonly inputs: Float32Array;
  readonly labels: Uint8Array;
}

/** Numbers by name. */
export type Measures = Readonly<Record<string, number>>;

/** Returns accuracy, negative log-likelihood (nats) and expected calibration error (15 bins) on a test set. */
export function conditionalMeasures(model: JointModel, { inputs, labels }: TestSet): Measures {
  const shape = [labels.length, ...model.space.shape];
  const probabilities = tf.tidy(() => model.conditional(tf.tensor(inputs, shape)).dataSync());
  const { negativeLogLikelihood, expectedCalibrationError } = calibration(
    Float64Array.from(probabilities, (p) => Math.min(1, p)),
    labels,
    model.labels,
  );
  return {
    accuracy: share(classify(model, inputs), labels),
    // A probability that float32 rounds to 0 has an infinite logarithm.
    negativeLogLikelihood: Math.min(negativeLogLikelihood, 100),
    ece: expectedCalibrationError,
  };
}

/** Returns the accuracy after 20 steps of projected gradient ascent on −log p(y|x) from one random start (L2). */
export function robustAccuracy(
  model: JointModel,
  { inputs, labels }: TestSet,
  radius: number,
  box: readonly [number, number] | undefined,
  rng: Rng,
): number {
  const moved = tf.tidy(() => {
    const y = tf.tensor1d(Int32Array.from(labels), "int32");
    const x = tf.tensor(inputs, [labels.length, ...model.space.shape]);
    const climb = (at: tf.Tensor) => crossEntropies(model, at, y);
    return pgd(climb, x, rng, { radius, steps: 20, randomStart: true, box }).dataSync() as Float32Array;
  });
  return share(classify(model, moved), labels);
}

/**
 * Returns the drift of long chains that start at data: the mean energy at their end minus that at their start (in nats
 * at temperature T of the chain, that is, divided by T), and the share of chains that keep the class of the datum. If
 * the data are typical of the model, there is no drift.
 */
export function longChains(
  model: JointModel,
  { inputs, labels }: TestSet,
  sampler: TensorSgldOptions,
  steps: number,
  rng: Rng,
): Measures {
  const dynamics = tensorSgld({ ...sampler, steps });
  const ends = tf.tidy(() => {
    const start = tf.tensor(inputs, [labels.length, ...model.space.shape]);
    return dynamics.run(model, start, rng).dataSync() as Float32Array;
  });
  if (!ends.every(Number.isFinite)) return { drift: Number.NaN, keptClass: 0 };
  return {
    drift: mean(scores(model, ends)) - mean(scores(model, inputs)),
    keptClass: share(classify(model, ends), labels),
  };
}

/** Returns the mean of numbers. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Returns a stream for measuring, apart from those of training. */
export function measuringStream(seed: number): Rng {
  return createRng(seed).split(77);
}

function share(classes: ArrayLike<number>, labels: ArrayLike<number>): number {
  let hits = 0;
  for (let i = 0; i < labels.length; i++) if (classes[i] === labels[i]) hits++;
  return hits / labels.length;
}
