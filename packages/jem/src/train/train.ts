import { ArgumentError, BasinError } from "@basin/energy-core";
import { now, throwIfAborted, yieldToEvents } from "@basin/energy-core/platform";
import { createRng, type Rng } from "@basin/energy-core/random";
import { normalTensor } from "@basin/energy-core/tensor";
import { ReplayBuffer } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import type { JointEnergy } from "../model/joint-energy.ts";
import { type LabelledData, type Minibatch, Minibatches } from "./data.ts";
import {
  type ResolvedTrainOptions,
  resolveTrainOptions,
  type TrainOptions,
  type TrainStep,
} from "./options.ts";
import { ParameterAverage } from "./parameter-average.ts";

/** Training that went wrong beyond repair; the model keeps its last averaged parameters. */
export class DivergenceError extends BasinError {
  override name = "DivergenceError";
}

/** What a training run did. */
export interface TrainReport {
  readonly steps: number;
  readonly seconds: number;
  /** The last update. */
  readonly last: TrainStep;
  /** The persistent chains, row-major `[bufferSize, size]`: samples of the model in the making. */
  readonly buffer: ReplayBuffer;
  readonly seed: number;
}

/** Energies of data and samples further apart than this mean that sampling lost track of the model. */
const LARGEST_GAP = 1e4;

/**
 * Trains a classifier as a joint model of inputs and labels, and resolves to a report: minimises, by Adam on minibatches,
 *
 *   E_data[−log p(y|x)] + w (E_data[E(x)] − E_model[E(x)]) + α (E_data[E²] + E_model[E²]),
 *
 * the gradient of −log p(x, y) = −log p(y|x) − log p(x) with the partition function's part estimated from negative samples, which
 * SGLD draws from a replay buffer of persistent chains (Grathwohl et al. 2020). The samples are constants of the gradient, and
 * parameters do not change while sampling. Changes the variables of `model` in place and leaves their moving average in them.
 *
 * @throws {ArgumentError} for bad data, bad options, and a model without variables.
 * @throws {DivergenceError} when a loss is no longer finite or energies drift apart, saying what to change.
 */
export async function train(
  model: JointEnergy,
  data: LabelledData,
  options: TrainOptions = {},
): Promise<TrainReport> {
  const settings = resolveTrainOptions(options);
  if (model.variables.length === 0)
    throw new ArgumentError("the model has no variables, so there is nothing to train");
  const run = new Training(model, data, settings);
  const started = now();
  let last: TrainStep | undefined;
  try {
    for (let step = 1; step <= settings.steps; step++) {
      const seconds = (now() - started) / 1000;
      if (last !== undefined && seconds >= settings.seconds) break;
      throwIfAborted(options.signal);
      last = {
        step,
        steps: settings.steps,
        ...run.step(step),
        seconds: (now() - started) / 1000,
      };
      options.onStep?.(last);
      await yieldToEvents();
    }
  } finally {
    run.finish();
  }
  const seconds = (now() - started) / 1000;
  return { steps: last!.step, seconds, last: last!, buffer: run.buffer, seed: settings.seed };
}

type Figures = Pick<TrainStep, "crossEntropy" | "dataEnergy" | "sampleEnergy" | "accuracy">;

/** The state of a run: optimiser, averages, chains and random streams. */
class Training {
  readonly buffer: ReplayBuffer;
  readonly #model: JointEnergy;
  readonly #settings: ResolvedTrainOptions;
  readonly #batches: Minibatches;
  readonly #optimizer: tf.AdamOptimizer;
  readonly #average: ParameterAverage;
  readonly #chains: Rng;
  readonly #noise: Rng;

  constructor(model: JointEnergy, data: LabelledData, settings: ResolvedTrainOptions) {
    const rng = createRng(settings.seed);
    const size = model.space.shape.reduce((product, length) => product * length, 1);
    this.#model = model;
    this.#settings = settings;
    this.#batches = new Minibatches(data, size, model.labels, settings.batchSize, rng.split(0));
    this.#chains = rng.split(1);
    this.#noise = rng.split(2);
    this.buffer = new ReplayBuffer(size, uniformNoise, rng.split(3), {
      capacity: settings.bufferSize,
      restartProbability: settings.restartProbability,
    });
    this.#optimizer = tf.train.adam(settings.learningRate, 0.9, 0.999);
    this.#average = new ParameterAverage(model.variables, settings.averageDecay);
  }

  step(step: number): Figures {
    const { steps, learningRate } = this.#settings;
    const batch = this.#batches.next();
    const samples = this.#settings.marginalWeight > 0 ? this.#negatives() : undefined;
    const share = (step - 1) / Math.max(1, steps - 1);
    (this.#optimizer as unknown as { learningRate: number }).learningRate =
      learningRate * (0.1 + 0.45 * (1 + Math.cos(Math.PI * share)));
    const figures = this.#update(batch, samples);
    samples?.dispose();
    this.#check(step, figures);
    this.#average.update();
    return figures;
  }

  finish(): void {
    this.#average.apply();
    this.#optimizer.dispose();
  }

  /** Continues chains of the buffer under the current model and returns where they got to. */
  #negatives(): tf.Tensor {
    const { batchSize, sampler } = this.#settings;
    const { states, places } = this.buffer.draw(this.#chains, batchSize);
    const start = tf.tensor(states, [batchSize, ...this.#model.space.shape]);
    const end = sampler.run(this.#model, start, this.#chains);
    start.dispose();
    this.buffer.put(places, end.dataSync() as Float32Array);
    return end;
  }

  #update(batch: Minibatch, samples: tf.Tensor | undefined): Figures {
    const { marginalWeight, energyPenalty, batchSize } = this.#settings;
    const kept: tf.Tensor[] = [];
    const loss = (): tf.Scalar => {
      const clean = tf.tensor(batch.inputs, [batchSize, ...this.#model.space.shape]);
      const noisy = clean.add(normalTensor(this.#noise, clean.shape, this.#settings.inputNoise));
      // One pass over data and samples together.
      const logits = this.#model.logits(samples ? tf.concat([noisy, samples]) : noisy);
      const energies = tf.logSumExp(logits, 1).neg();
      const dataLogits = logits.slice([0, 0], [batchSize, -1]);
      const labels = tf.oneHot(tf.tensor1d(batch.labels, "int32"), this.#model.labels);
      const dataEnergies = energies.slice([0], [batchSize]);
      // −log p(y|x) = E(x, y) − E(x)
      const crossEntropy = dataLogits.mul(labels).sum(1).neg().sub(dataEnergies).mean();
      const dataEnergy = dataEnergies.mean();
      const sampleEnergy = samples ? energies.slice([batchSize]).mean() : tf.scalar(Number.NaN);
      const hits = dataLogits.argMax(1).equal(tf.tensor1d(batch.labels, "int32")).mean();
      kept.push(...[crossEntropy, dataEnergy, sampleEnergy, hits].map((value) => tf.keep(value)));
      if (!samples) return crossEntropy as tf.Scalar;
      const penalty = energies
        .square()
        .mean()
        .mul(2 * energyPenalty);
      return crossEntropy.add(dataEnergy.sub(sampleEnergy).mul(marginalWeight)).add(penalty) as tf.Scalar;
    };
    this.#optimizer.minimize(loss, false, this.#model.variables as tf.Variable[]);
    const [crossEntropy, dataEnergy, sampleEnergy, accuracy] = kept.map((value) => value.dataSync()[0]);
    tf.dispose(kept);
    return { crossEntropy, dataEnergy, sampleEnergy, accuracy };
  }

  #check(step: number, { crossEntropy, dataEnergy, sampleEnergy }: Figures): void {
    const sampling = this.#settings.marginalWeight > 0;
    const finite = [crossEntropy, dataEnergy, ...(sampling ? [sampleEnergy] : [])].every(Number.isFinite);
    if (finite && !(sampling && Math.abs(dataEnergy - sampleEnergy) > LARGEST_GAP)) return;
    throw new DivergenceError(
      `training diverged at step ${step}: cross-entropy ${crossEntropy}, mean energy of the data ${dataEnergy} and of the samples ` +
        `${sampleEnergy}; lower learningRate (${this.#settings.learningRate}) or marginalWeight (${this.#settings.marginalWeight}), ` +
        "or raise energyPenalty or the sampler's steps",
    );
  }
}

function uniformNoise(rng: Rng, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = rng.uniform();
}
