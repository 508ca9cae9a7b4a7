import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { RunOptions } from "@basin/energy-core/run";
import * as tf from "@tensorflow/tfjs";
import { floatRows, type Inputs } from "../inputs.ts";
import { jointEnergy } from "../model/joint-energy.ts";
import { accuracy, classify } from "../score/scores.ts";
import type { LabeledData } from "../train/data.ts";
import { train } from "../train/train.ts";

/** A classifier that had no part in the model whose samples it judges. */
export interface Judge {
  readonly description: string;
  /** Share of the test inputs that it classifies rightly. */
  readonly accuracy: number;
  classify(inputs: Inputs): Int32Array;
  /** Returns the activations of its last hidden layer, row-major `[count, width]`. */
  features(inputs: Inputs): Float32Array;
  readonly width: number;
}

/** Options of {@link trainJudge}. */
export interface JudgeOptions extends RunOptions {
  /** Classes. Required. */
  labels: number;
}

const SEED = 20_201_001;
const MAX_UPDATES = 3000;
/** Few data are learned by heart long before {@link MAX_UPDATES}. */
const MAX_PASSES = 200;
const MIN_UPDATES = 300;
const WIDTH = 64;

/**
 * Resolves to an independent judge of samples: the same dense net every time, from the same seed, trained on labeled
 * inputs by cross-entropy only, for 3000 updates or 200 passes over the data, whichever is fewer, and at least 300.
 *
 * @example
 * ```ts
 * import { trainJudge } from "@basin/jem";
 *
 * const data = { inputs: Float32Array.of(0, 0.1, 0.9, 1), labels: [0, 0, 1, 1] };
 * const judge = await trainJudge(data, data, { labels: 2 });
 * console.log(judge.accuracy, judge.classify(Float32Array.of(0.05))); // 1, 0
 * ```
 *
 * @throws {ArgumentError} and {DimensionError} for data that `train` refuses.
 */
export async function trainJudge(
  data: LabeledData,
  test: LabeledData,
  options: JudgeOptions,
): Promise<Judge> {
  checkOptions("trainJudge", options, "labels signal onProgress");
  const { labels, ...run } = options;
  checkNumber("labels", labels, { min: 1, integer: true });
  const size = data.inputs.length / data.labels.length;
  const batchSize = Math.min(128, 2 * (data.labels.length >> 1));
  const passes = Math.ceil((MAX_PASSES * data.labels.length) / batchSize);
  const steps = Math.min(MAX_UPDATES, Math.max(MIN_UPDATES, passes));
  const dense = (units: number, layer: number, options: object) =>
    tf.layers.dense({
      ...{ units, kernelInitializer: tf.initializers.glorotNormal({ seed: SEED + layer }) },
      ...options,
    });
  const network = tf.sequential({
    layers: [
      dense(256, 1, { inputShape: [size], activation: "relu" }),
      dense(WIDTH, 2, { activation: "relu" }),
      dense(labels, 3, {}),
    ],
  });
  const hidden = tf.model({
    inputs: network.inputs,
    outputs: network.layers[1].output as tf.SymbolicTensor,
  });
  const model = jointEnergy(network);
  await train(model, data, {
    ...run,
    ...{ steps, batchSize, seed: SEED },
    ...{ marginalWeight: 0, inputNoise: 0.1, averageDecay: 0.995 },
    // A classifier alone, by the plain schedule.
    ...{ learningRate: 1e-3, finalRate: 0.1, maxGradientNorm: Number.POSITIVE_INFINITY },
  });
  return {
    description:
      `dense net ${size}-256-${WIDTH}-${labels}, relu, ${steps} updates of cross-entropy, seed ${SEED}; ` +
      `features: its ${WIDTH} last hidden units`,
    accuracy: accuracy(model, test.inputs, test.labels),
    classify: (inputs) => classify(model, inputs),
    features(inputs) {
      const rows = inputs.length / size;
      const batch = tf.tensor2d(floatRows(inputs, size, 0, rows), [rows, size]);
      const features = hidden.predict(batch) as tf.Tensor;
      const values = features.dataSync() as Float32Array;
      tf.dispose([batch, features]);
      return values;
    },
    width: WIDTH,
  };
}
