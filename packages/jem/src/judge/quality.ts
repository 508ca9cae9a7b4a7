import { checkNumber } from "@basin/energy-core";
import { checkLength, checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import * as tf from "@tensorflow/tfjs";
import { floatRows, type Inputs } from "../inputs.ts";
import { checkLabels } from "../labels.ts";
import { frechetDistance } from "../score/frechet.ts";
import type { LabeledData } from "../train/data.ts";
import { classGaussianDraws } from "../train/initial.ts";
import type { Judge } from "./judge.ts";

/** Fréchet distances between a judge's features of the test inputs and of others. */
export interface FrechetDistances {
  readonly samples: number;
  /** Value for draws of the normal distribution of each class, the best of a model of means and covariances. */
  readonly classGaussian: number;
  /** Of training inputs: what the number of samples alone leaves. */
  readonly trainingInputs: number;
}

/** What a judge says of samples of classes. */
export interface SampleQuality {
  /** Share of the samples that the judge puts into their class. */
  readonly classifiedAsTheirClass: number;
  /** Absent where a kind has fewer than two inputs. */
  readonly frechet?: FrechetDistances;
  /**
   * Mean Euclidean distance to the nearest training input; of test inputs absent where none are of the classes drawn.
   */
  readonly nearestTrainingInput: { readonly samples: number; readonly testInputs?: number };
  /** The seed of the normal draws. */
  readonly seed: number;
}

/** Options of {@link sampleQuality}. */
export interface SampleQualityOptions {
  /** What the model was trained on. Required. */
  train: LabeledData;
  /** What it never saw. Required. */
  test: LabeledData;
  /** Classes. Required. */
  classes: number;
  /** Seed of the normal draws. Default: drawn, and reported in the result. */
  seed?: number;
  /** Inputs of each kind that distances are taken over, at most. Default 2000. */
  maxInputs?: number;
}

/**
 * Returns the quality of samples of classes: whether a {@link trainJudge | judge} assigns them to their class, how far
 * its features of them are from those of test inputs of the same classes (Fréchet distance; Heusel et al. 2017), and
 * how near they are to training inputs.
 *
 * @param samples row-major `[labels.length, size]`.
 *
 * @example
 * ```ts
 * import { sampleQuality, trainJudge } from "@basin/jem";
 *
 * const data = { inputs: Float32Array.of(0, 0.1, 0.9, 1), labels: [0, 0, 1, 1] };
 * const judge = await trainJudge(data, data, { labels: 2 });
 * const quality = sampleQuality(judge, Float32Array.of(0.1, 0.8), [0, 1], { train: data, test: data, classes: 2 });
 * console.log(quality.classifiedAsTheirClass, quality.nearestTrainingInput.samples); // 1, 0.05
 * ```
 *
 * @throws {DimensionError} when samples and labels do not match; {ArgumentError} for a label out of range.
 */
export function sampleQuality(
  judge: Judge,
  samples: Float32Array,
  labels: ArrayLike<number>,
  options: SampleQualityOptions,
): SampleQuality {
  checkOptions("sampleQuality", options, "train test classes seed maxInputs");
  const { train, test, classes, maxInputs = 2000 } = options;
  const seed = seedOf(options);
  checkLabels(labels, classes);
  checkNumber("maxInputs", maxInputs, { min: 1, integer: true });
  const size = train.inputs.length / train.labels.length;
  checkLength("samples", samples.length, labels.length * size);
  const found = judge.classify(samples);
  const hits = found.filter((label, i) => label === labels[i]).length;
  const alike = (set: LabeledData) => ofClasses(set, size, labels, maxInputs);
  const [tested, trained] = [alike(test), alike(train)];
  const enough = Math.min(labels.length, tested.length / size, trained.length / size) >= 2;
  return {
    classifiedAsTheirClass: hits / labels.length,
    ...(enough && {
      frechet: distances(judge, samples, tested, {
        classGaussian: gaussianDraws(train, size, labels, classes, seed),
        trainingInputs: trained,
      }),
    }),
    nearestTrainingInput: {
      samples: meanNearest(samples, train.inputs, size),
      ...(tested.length > 0 && { testInputs: meanNearest(tested, train.inputs, size) }),
    },
    seed,
  };
}

function distances(
  judge: Judge,
  samples: Float32Array,
  tested: Float32Array,
  others: Record<"classGaussian" | "trainingInputs", Float32Array>,
): FrechetDistances {
  const reference = judge.features(tested);
  const to = (inputs: Float32Array) => frechetDistance(judge.features(inputs), reference, judge.width);
  return {
    samples: to(samples),
    classGaussian: to(others.classGaussian),
    trainingInputs: to(others.trainingInputs),
  };
}

/** Inputs of the classes that were drawn, so that like is compared with like. */
function ofClasses(
  { inputs, labels }: LabeledData,
  size: number,
  drawn: ArrayLike<number>,
  most: number,
): Float32Array {
  const wanted = new Set(Array.from(drawn));
  const which = Array.from(labels, (label, i) => (wanted.has(label) ? i : -1)).filter((i) => i >= 0);
  const rows = new Float32Array(Math.min(most, which.length) * size);
  for (let k = 0; k * size < rows.length; k++)
    rows.set(floatRows(inputs, size, which[k], which[k] + 1), k * size);
  return rows;
}

/** Class-Gaussian draws of the same classes in the same numbers as the samples. */
function gaussianDraws(
  train: LabeledData,
  size: number,
  labels: ArrayLike<number>,
  classes: number,
  seed: number,
): Float32Array {
  const each = Math.ceil(labels.length / classes);
  const draws = classGaussianDraws(train, size, classes, each, createRng(seed));
  const rows = new Float32Array(labels.length * size);
  const used = new Uint32Array(classes);
  for (let k = 0; k < labels.length; k++) {
    const at = labels[k] * each + (used[labels[k]]++ % each);
    rows.set(draws.subarray(at * size, (at + 1) * size), k * size);
  }
  return rows;
}

const CHUNK = 5000;

function meanNearest(inputs: Float32Array, train: Inputs, size: number): number {
  const count = train.length / size;
  const mean = tf.tidy(() => {
    const rows = tf.tensor2d(inputs, [inputs.length / size, size]);
    const squares = rows.square().sum(1, true);
    let best: tf.Tensor = tf.fill([rows.shape[0]], Number.POSITIVE_INFINITY);
    for (let from = 0; from < count; from += CHUNK) {
      const to = Math.min(count, from + CHUNK);
      const others = tf.tensor2d(floatRows(train, size, from, to), [to - from, size]);
      const distance = squares
        .add(others.square().sum(1).expandDims(0))
        .sub(tf.matMul(rows, others, false, true).mul(2));
      best = tf.minimum(best, distance.min(1));
    }
    return best.maximum(0).sqrt().mean();
  });
  const [value] = mean.dataSync();
  mean.dispose();
  return value;
}
