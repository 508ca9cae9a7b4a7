import { ArgumentError } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { BackOff, LearnOptions } from "@basin/samplers/internal";
import { cosineRate, learn } from "@basin/samplers/learn";
import { refuseTokens, sizeOf } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { checkRange, describeModel, energyMargins, refuseBatchStatistics } from "./begin.ts";
import { openCrew } from "./crew.ts";
import { checkData, type LabeledData, labeled } from "./data.ts";
import { fingerprint, type ResolvedTrainOptions, resolveTrainOptions, type TrainOptions } from "./options.ts";
import { Run } from "./run.ts";
import type { TrainFigures, TrainProgress } from "./step.ts";
import { writeVariables } from "./tensor-engine.ts";
import type { JointWatch } from "./watch.ts";

/** What a training run did. */
export interface TrainReport {
  readonly steps: number;
  readonly seconds: number;
  /** The last update. */
  readonly last: TrainProgress;
  /**
   * The persistent chains, row-major `[chains, size]` with `bufferSize` rounded up to whole groups, or none if chains
   * begin at the data. They are samples of the model during training, with the class of each, or −1 if it is drawn from
   * p(x).
   */
  readonly buffer: { readonly states: Float32Array; readonly labels: Int32Array };
  readonly seed: number;
  /** What computed: "dense" the compiled kernel, "tfjs" the current backend. */
  readonly engine: "dense" | "tfjs";
  /** The update that a checkpoint was gone on from; 0 for a run from the start. */
  readonly resumedFrom: number;
  /** Divergences that the run recovered from. */
  readonly backOffs: readonly BackOff[];
  /** m_in and m_out of energy fine-tuning, where outliers were given. */
  readonly margins?: readonly [inside: number, outside: number];
}

/**
 * Trains a classifier as a joint model of inputs and labels, and resolves to a report: minimizes, by Adam on
 * minibatches,
 *
 * E_data[−log p(y|x)] + w (E_data[E(x)] − E_model[E(x)]) + α (E_data[E²] + E_model[E²]),
 *
 * the gradient of −log p(x, y) = −log p(y|x) − log p(x) with the partition function's part estimated from negative
 * samples, which SGLD draws from a replay buffer of persistent chains (Grathwohl et al. 2020). The samples are
 * constants of the gradient, and parameters do not change while sampling. It changes the variables of `model` in place;
 * at the end they hold their moving average.
 *
 * Every layer is applied as at inference: dropout does nothing, and regularizers of layers do not count. A trainable
 * batch normalization is refused, because its statistics would not be learned. During training, the parameters are in
 * the memory of the engine; the variables of `model` change when the run ends.
 *
 * A checkpoint of a run that has done all it was asked for gives its report again.
 *
 * Data of a model with one label, as of {@link energyNet}, need no `labels`. The loss is then that of contrastive
 * divergence.
 *
 * The same seed gives the same numbers on the same machine and backend, whatever the number of workers, and whether or
 * not the run was interrupted and gone on from its checkpoint.
 *
 * @example
 * ```ts
 * import { accuracy, jointEnergy, train } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ inputShape: [2], units: 16, activation: "relu" }),
 *     tf.layers.dense({ units: 2 }),
 *   ],
 * });
 * const model = jointEnergy(net);
 * const data = { inputs: Float32Array.of(0.1, 0.1, 0.2, 0.2, 0.8, 0.8, 0.9, 0.9), labels: [0, 0, 1, 1] };
 * const { steps, buffer } = await train(model, data, { steps: 100, batchSize: 4, learningRate: 0.01, bufferSize: 100 });
 * console.log(steps, buffer.states.length, accuracy(model, data.inputs, data.labels)); // 100 200 1
 * ```
 *
 * @throws {ArgumentError} for bad data, data outside the sampler's box or narrower than the default noise, bad options,
 * a model without variables or with a trainable batch normalization, and a checkpoint that is damaged or another run's.
 * @throws {DivergenceError} when a loss is no longer finite, energies drift apart, gradients explode, chains collapse
 * or the classifier is lost, saying what to change; the model is left with the averaged parameters of the last good
 * state.
 * @throws {BasinError} when a checkpoint cannot be saved; the one before it stands.
 */
export async function train(
  model: JointModel,
  given: LabeledData | Pick<LabeledData, "inputs">,
  options: TrainOptions = {},
): Promise<TrainReport> {
  checkOptions(
    "train",
    options,
    "steps timeLimit batchSize learningRate schedule finalRate warmup weightDecay maxGradientNorm",
    "marginalWeight maxLag energyPenalty classConditional sampler chains bufferSize",
    "restartProbability initialStates inputNoise sampleNoise augment outliers outlierWeight",
    "margins averageDecay groups engine backOff goodEvery maxGap seed workers createWorker",
    "checkpoint checkpointEvery signal onProgress",
  );
  const settings = resolveTrainOptions(options);
  if (model.variables.length === 0)
    throw new ArgumentError("the model has no variables, so there is nothing to train");
  refuseTokens(model, "train");
  const size = sizeOf(model.space.shape);
  const data = labeled(given, size, model.labels);
  checkData(data, size, model.labels);
  checkRange(data, settings, options.inputNoise !== undefined);
  refuseBatchStatistics(model);
  const margins = energyMargins(model, data, settings);
  const crew = await openCrew(model, settings);
  const run = new Run({ crew, model, data, settings, margins });
  try {
    const { updates, ...report } = await learn(run, {
      ...learningOptions(settings, run.watch),
      identity: {
        format: "train",
        version: 4,
        fingerprint: () => fingerprint(settings, describeModel(model), data),
      },
    });
    return {
      ...report,
      steps: updates,
      buffer: run.buffer(),
      seed: settings.seed,
      engine: crew.engine,
      ...(settings.outliers && { margins: run.margins }),
    };
  } finally {
    crew.close();
    writeVariables(model.variables, run.adam.averaged());
  }
}

/** Nats of energy that samples lie above the data where the sampler is to blame. */
const BEHIND = 5;

/** What the loop of all training is told of a run. */
function learningOptions(settings: ResolvedTrainOptions, watch: JointWatch): LearnOptions<TrainFigures> {
  const { steps, timeLimit, learningRate: rate, schedule, finalRate, warmup, marginalWeight } = settings;
  const { goodEvery, backOff, signal, onProgress, checkpoint, checkpointEvery } = settings;
  const final = schedule === "constant" ? 1 : finalRate;
  const advice = () =>
    (watch.gap < -BEHIND
      ? `the samples lie ${(-watch.gap).toPrecision(3)} above the data on average, so they cannot follow: raise the sampler's steps, or `
      : "") +
    `lower learningRate (${rate}) or marginalWeight (${marginalWeight}), ` +
    "or raise energyPenalty, restartProbability or the sampler's steps";
  return {
    ...{
      updates: steps === 0 ? Number.POSITIVE_INFINITY : steps,
      timeLimit,
      watch,
      goodEvery,
      backOff,
      advice,
    },
    learningRate: cosineRate(rate, { final, warmup }),
    ...{ signal, onProgress, checkpoint, checkpointEvery },
  };
}
