import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName, checksum, checkWorkers, type Fingerprint, seedOf } from "@basin/energy-core/internal";
import type { CheckpointOptions, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import { type Sgld, tensorSgld } from "@basin/samplers/tensor";
import type { Inputs } from "../inputs.ts";
import type { Augmentation } from "./augment.ts";
import type { LabeledData } from "./data.ts";
import { type InitialStates, initialStateNames } from "./initial.ts";
import type { TrainProgress } from "./step.ts";

/**
 * The options of {@link train}; all have defaults. `onProgress` is called after every update. Threads process groups;
 * if `createWorker` makes them, their file imports `@basin/jem/worker`. After a stopped run, the model holds the
 * averaged parameters so far.
 */
export interface TrainOptions extends ThreadOptions, RunOptions<TrainProgress>, CheckpointOptions {
  /** Parameter updates. Default 1000. With only `timeLimit`, the first updates show how many will fit. */
  steps?: number;
  /** Milliseconds after which no further update begins. Default: no limit. */
  timeLimit?: number;
  /** Data, and negative samples, an update. Default 64. */
  batchSize?: number;
  /** Adam's learning rate at its highest. Default 7e-4. */
  learningRate?: number;
  /**
   * "cosine" falls to `finalRate` of the learning rate by a half cosine over `steps`; "constant" stays. Default
   * "cosine".
   */
  schedule?: "cosine" | "constant";
  /** Share of the learning rate left at the end of the cosine. Default 0.02. */
  finalRate?: number;
  /** Updates over which the learning rate rises from 0. Default 0. */
  warmup?: number;
  /**
   * Decoupled weight decay: every update shrinks parameters by learning rate × this (Loshchilov & Hutter 2019). Default
   * 0.
   */
  weightDecay?: number;
  /** Maximum norm of the gradient; a larger gradient is scaled down. +∞ for no limit. Default 5. */
  maxGradientNorm?: number;
  /** Weight w of the marginal term E_data[E] − E_model[E]; 0 trains only the classifier. Default 0.1. */
  marginalWeight?: number;
  /**
   * How far, in nats, the mean energy of samples may be above that of the data. Over that distance w falls to 0: it is
   * w · (1 + gap / maxLag) if the running mean of the gap E_data − E_model is below 0. Samples above the data lag
   * behind the model and are not draws of it. Without this limit their energies are raised further, and the run
   * diverges. +∞ for no limit. Default 0.1.
   */
  maxLag?: number;
  /** Weight α of E_data[E²] + E_model[E²], which keeps energies of order one. Default 1e-3. */
  energyPenalty?: number;
  /**
   * Whether negatives are drawn from p(x|y), with y uniform, and the marginal term compares E(x, y). Otherwise p(x) and
   * E(x). Default true.
   */
  classConditional?: boolean;
  /**
   * Draws the negative samples. Default 20 steps of SGLD with a = 1, s = 0.01 (implied temperature 5e-5) clamped to [0,
   * 1], the gradient's components to ±0.05: without that clamp, steps overshoot as the energy sharpens, and samples
   * never resemble data again.
   */
  sampler?: Sgld;
  /**
   * Where chains start: from the replay buffer (persistent contrastive divergence), or from the batch of data
   * (contrastive divergence). Default "buffer".
   */
  chains?: "buffer" | "data";
  /** Persistent chains kept. Default 5000. */
  bufferSize?: number;
  /** Probability that a chain starts afresh. Default 0.05. */
  restartProbability?: number;
  /**
   * The state of a restarted chain: uniform noise, a draw from the Gaussian of its class, or an input with noise.
   * Default "uniform".
   */
  initialStates?: InitialStates;
  /** Standard deviation of the normal noise added to the data, which may leave the sampler's box. Default 0.1. */
  inputNoise?: number;
  /**
   * Standard deviation of the normal noise added to the samples where they are compared with the data, but not to the
   * chains. Default: that of `inputNoise`. Equal noise keeps the energy from separating the two by the noise alone, so
   * it sharpens more slowly (instance noise: Sønderby et al. 2017).
   */
  sampleNoise?: number;
  /** Changes the data of each batch before the noise, such as {@link randomShifts}. Default: none. */
  augment?: Augmentation;
  /** Known outliers, row-major, for energy fine-tuning (Liu et al. 2020). Default: none. */
  outliers?: Inputs;
  /** Weight λ of the fine-tuning term. Default 0.1 where outliers are given. */
  outlierWeight?: number;
  /**
   * m_in and m_out: data should have an energy below the first, outliers above the second. Default: the mean energies
   * of data and outliers before the first update, which the report states.
   */
  margins?: readonly [inside: number, outside: number];
  /**
   * Decay of the moving average of the parameters, which the model holds at the end, in [0, 1). 0 gives the last
   * parameters. Default 0.998.
   */
  averageDecay?: number;
  /**
   * Independent groups that a batch and its chains are split into; the result depends on it. Default 2, or 1 for an odd
   * batch.
   */
  groups?: number;
  /**
   * "dense" is the compiled kernel for stacks of dense layers, "tfjs" the current backend. Default "auto": the first if
   * possible.
   */
  engine?: "auto" | "dense" | "tfjs";
  /**
   * How often a diverged run returns to a good state, halves the learning rate and continues. It returns to the newest
   * state, and to an older one each time until it passes the point of failure. Default 0: it stops.
   */
  backOff?: number;
  /** Updates between saved good states; states that look diverged are skipped. Default 50. */
  goodEvery?: number;
  /**
   * Mean energies of data and samples further apart than this, on average over some updates, count as divergence.
   * Default 1000.
   */
  maxGap?: number;
  /** Seed of all randomness. Default: drawn, and reported in the result. */
  seed?: number;
}

/**
 * Returns the default sampler of the negatives of joint training, with `steps` steps.
 *
 * @example
 * ```ts
 * import { recipeSampler } from "@basin/jem";
 *
 * console.log(recipeSampler(40).steps); // 40
 * ```
 */
export function recipeSampler(steps = 20): Sgld {
  return tensorSgld({ steps, stepSize: 1, noiseScale: 0.01, box: [0, 1], maxGradient: 0.05 });
}

type Optional = "signal" | "onProgress" | "augment" | "outliers" | "margins" | "createWorker" | "checkpoint";

/** Options with defaults filled in. */
export type ResolvedTrainOptions = Required<Omit<TrainOptions, Optional>> & Pick<TrainOptions, Optional>;

/** Returns options checked, with every default filled in. `steps` is 0 where the time limit is to decide. */
export function resolveTrainOptions(options: TrainOptions): ResolvedTrainOptions {
  const positive = { min: 1, integer: true };
  const number = (name: keyof TrainOptions, fallback: number, range: object): number =>
    checkNumber(name, (options[name] as number | undefined) ?? fallback, range);
  const limit = (name: "maxGradientNorm" | "maxLag", fallback: number): number =>
    options[name] === Number.POSITIVE_INFINITY ? Infinity : number(name, fallback, { above: 0 });
  const inputNoise = number("inputNoise", 0.1, { min: 0 });
  const batchSize = number("batchSize", 64, positive);
  const groups = number("groups", batchSize % 2 === 0 ? 2 : 1, positive);
  if (batchSize % groups !== 0)
    throw new ArgumentError(`batchSize is ${batchSize}, expected a multiple of groups (${groups})`);
  if (options.outliers === undefined && (options.margins ?? options.outlierWeight) !== undefined)
    throw new ArgumentError("margins and outlierWeight are of no use without outliers");
  for (const [k, margin] of (options.margins ?? []).entries()) checkNumber(`margins[${k}]`, margin);
  const bufferSize = number("bufferSize", 5000, { min: groups, integer: true });
  return {
    steps:
      options.steps === undefined && options.timeLimit !== undefined ? 0 : number("steps", 1000, positive),
    timeLimit: number("timeLimit", Number.MAX_VALUE, { above: 0 }),
    batchSize,
    learningRate: number("learningRate", 7e-4, { above: 0 }),
    schedule: checkName("schedule", options.schedule ?? "cosine", ["cosine", "constant"] as const),
    finalRate: number("finalRate", 0.02, { min: 0, max: 1 }),
    warmup: number("warmup", 0, { min: 0, integer: true }),
    weightDecay: number("weightDecay", 0, { min: 0 }),
    maxGradientNorm: limit("maxGradientNorm", 5),
    marginalWeight: number("marginalWeight", 0.1, { min: 0 }),
    maxLag: limit("maxLag", 0.1),
    energyPenalty: number("energyPenalty", 1e-3, { min: 0 }),
    classConditional: options.classConditional ?? true,
    sampler: options.sampler ?? recipeSampler(),
    chains: checkName("chains", options.chains ?? "buffer", ["buffer", "data"] as const),
    bufferSize,
    restartProbability: number("restartProbability", 0.05, { min: 0, max: 1 }),
    initialStates: checkName("initialStates", options.initialStates ?? "uniform", initialStateNames),
    inputNoise,
    sampleNoise: number("sampleNoise", inputNoise, { min: 0 }),
    outlierWeight: options.outliers === undefined ? 0 : number("outlierWeight", 0.1, { min: 0 }),
    averageDecay: number("averageDecay", 0.998, { min: 0, max: 1 - 1e-9 }),
    groups,
    workers: checkWorkers(options),
    engine: checkName("engine", options.engine ?? "auto", ["auto", "dense", "tfjs"] as const),
    checkpointEvery: number("checkpointEvery", 30_000, { min: 0 }),
    goodEvery: number("goodEvery", 50, { min: 1, integer: true }),
    backOff: number("backOff", 0, { min: 0, integer: true }),
    maxGap: number("maxGap", 1000, { above: 0 }),
    seed: seedOf(options),
    ...pick(options),
  };
}

function pick(options: TrainOptions): Pick<TrainOptions, Optional> {
  const { signal, onProgress, augment, outliers, margins, createWorker, checkpoint } = options;
  return {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
    ...(augment && { augment }),
    ...(outliers && { outliers }),
    ...(margins && { margins }),
    ...(createWorker && { createWorker }),
    ...(checkpoint && { checkpoint }),
  };
}

/** What a run's numbers depend on: a checkpoint is gone on from only under the same. */
export function fingerprint(settings: ResolvedTrainOptions, model: string, data: LabeledData): Fingerprint {
  const { sampler, augment, outliers, margins, ...rest } = settings;
  const { steps, stepSize, noiseScale } = sampler;
  const kept = Object.entries(rest).filter(
    ([name, value]) => typeof value !== "function" && typeof value !== "object" && !FREE.has(name),
  );
  return {
    model: checksum(model),
    inputs: checksum(data.inputs),
    labels: checksum(Int32Array.from(data.labels)),
    sampler: JSON.stringify(sampler.settings ?? [steps, stepSize, noiseScale]),
    ...(Object.fromEntries(kept) as Fingerprint),
    ...(augment && { augment: augment.label ?? "of the caller's own" }),
    ...(outliers && { outliers: checksum(outliers), margins: String(margins) }),
  };
}

/** Options that may change between a run and its resumption. */
const FREE = new Set(["steps", "timeLimit", "workers", "checkpointEvery", "backOff", "maxGap"]);
