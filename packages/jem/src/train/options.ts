import { checkNumber } from "@basin/energy-core";
import type { AbortSignalLike } from "@basin/energy-core/platform";
import { type Sgld, sgld } from "@basin/samplers/tensor";

/** How {@link train} works; every option has a default. */
export interface TrainOptions {
  /** Parameter updates. Default 1000. */
  steps?: number;
  /** Stops at the first update that begins after so many seconds. Default: no limit. */
  seconds?: number;
  /** Data, and negative samples, an update. Default 64. */
  batchSize?: number;
  /** Adam's learning rate, falling to a tenth by a half cosine over `steps`. Default 1e-3. */
  learningRate?: number;
  /** Weight of the marginal term E_data[E] − E_model[E]; 0 trains the classifier alone. Default 0.1. */
  marginalWeight?: number;
  /** Weight of E_data[E²] + E_model[E²], which keeps energies of order one. Default 1e-3. */
  energyPenalty?: number;
  /** Draws the negative samples. Default 10 steps of SGLD with a = 1, s = 0.01 (implied temperature 5e-5) clamped to [0, 1]. */
  sampler?: Sgld;
  /** Persistent chains kept. Default 2000. */
  bufferSize?: number;
  /** Probability that a chain starts afresh from uniform noise. Default 0.05. */
  restartProbability?: number;
  /** Standard deviation of the normal noise added to the data. Default 0.03. */
  inputNoise?: number;
  /** Decay of the moving average of the parameters that the model is left with, in [0, 1); 0 keeps the last parameters. Default 0.99. */
  averageDecay?: number;
  /** Seed of all randomness. Default 0. */
  seed?: number;
  /** Called after every update. */
  onStep?: (step: TrainStep) => void;
  /** Stops the run: the promise rejects with the signal's reason, and the model keeps the averaged parameters so far. */
  signal?: AbortSignalLike;
}

/** What an update saw. */
export interface TrainStep {
  /** Updates made. */
  readonly step: number;
  readonly steps: number;
  readonly seconds: number;
  /** −log p(y|x) averaged over the batch, in nats. */
  readonly crossEntropy: number;
  /** Mean E of the data and of the samples of the model. */
  readonly dataEnergy: number;
  readonly sampleEnergy: number;
  /** Share of the batch classified rightly. */
  readonly accuracy: number;
}

/** Options with defaults filled in. */
export type ResolvedTrainOptions = Required<Omit<TrainOptions, "signal" | "onStep">>;

/** Returns options checked, with every default filled in. */
export function resolveTrainOptions(options: TrainOptions): ResolvedTrainOptions {
  const positive = { min: 1, integer: true };
  return {
    steps: checkNumber("steps", options.steps ?? 1000, positive),
    seconds: options.seconds === undefined ? Infinity : checkNumber("seconds", options.seconds, { above: 0 }),
    batchSize: checkNumber("batchSize", options.batchSize ?? 64, positive),
    learningRate: checkNumber("learningRate", options.learningRate ?? 1e-3, { above: 0 }),
    marginalWeight: checkNumber("marginalWeight", options.marginalWeight ?? 0.1, { min: 0 }),
    energyPenalty: checkNumber("energyPenalty", options.energyPenalty ?? 1e-3, { min: 0 }),
    sampler: options.sampler ?? sgld({ steps: 10, stepSize: 1, noiseScale: 0.01, box: [0, 1] }),
    bufferSize: checkNumber("bufferSize", options.bufferSize ?? 2000, positive),
    restartProbability: checkNumber("restartProbability", options.restartProbability ?? 0.05, {
      min: 0,
      max: 1,
    }),
    inputNoise: checkNumber("inputNoise", options.inputNoise ?? 0.03, { min: 0 }),
    averageDecay: checkNumber("averageDecay", options.averageDecay ?? 0.99, { min: 0, max: 1 - 1e-9 }),
    seed: checkNumber("seed", options.seed ?? 0, { min: 0, integer: true }),
  };
}
