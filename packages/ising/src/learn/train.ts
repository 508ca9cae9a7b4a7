import { ArgumentError, checkNumber, EnergyValueError, type MatrixLike } from "@basin/energy-core";
import {
  checkLength,
  checkName,
  checkOptions,
  checksum,
  type Fingerprint,
  type KernelName,
  type KernelOption,
  seedOf,
} from "@basin/energy-core/internal";
import type { CheckpointOptions, RunOptions } from "@basin/energy-core/run";
import { rateAt } from "@basin/samplers/internal";
import { type LearningRate, learn } from "@basin/samplers/learn";
import type { ClassMachine } from "./class-machine.ts";
import { probabilities } from "./data.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";
import {
  type EpochReport,
  type LearningMethod,
  type Plan,
  Training,
  type TrainRbmProgress,
} from "./training.ts";

/** Every value of {@link LearningMethod}. */
const learningMethodNames: readonly LearningMethod[] = ["cd", "pcd"];

/** Options of {@link trainRbm}. A training that is stopped leaves the machine as it was. */
export interface TrainRbmOptions extends RunOptions<TrainRbmProgress>, CheckpointOptions {
  /** Seed of everything random. Default: drawn, and reported in the result. */
  seed?: number;
  /** Passes over the data. Default 10. */
  epochs?: number;
  /** Data an update. Default 100, at most as many as there are. */
  batchSize?: number;
  /**
   * "cd": chains start at the batch (Hinton 2002). "pcd": they go on from the last update (Tieleman 2008), the default.
   */
  method?: LearningMethod;
  /** k, Gibbs steps an update. Default 1. */
  steps?: number;
  /** Chains of "pcd". Default: the batch size. */
  chains?: number;
  /** Default 0.05 falling linearly to 0. */
  learningRate?: LearningRate;
  /** Share of the last step that is kept, in [0, 1). Default 0.5. */
  momentum?: number;
  /** Pulls weights toward 0: weightDecay · W is taken from the gradient. Default 1e-4. */
  weightDecay?: number;
  /**
   * The machine is left with a moving average of its parameters, average ← average + (1 − averageDecay) (θ − average).
   * In [0, 1); 0 for none. Default 0.999.
   */
  averageDecay?: number;
  /** Class of each datum, for a {@link ClassMachine}. */
  labels?: ArrayLike<number>;
  /** Which implementation runs; both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** What a training did. */
export interface TrainRbmReport {
  readonly epochs: readonly EpochReport[];
  readonly updates: number;
  readonly seconds: number;
  readonly kernel: KernelName;
  /** Where the chains stand: rows of ±1 over the visible units. */
  readonly chains: readonly Int8Array[];
  /** The seed used. */
  readonly seed: number;
}

/**
 * Trains a restricted Boltzmann machine by stochastic maximum likelihood, W ← W + η (E_data[v E[h|v]] − E_model[v
 * E[h|v]] − λW), in place, a batch at a time in a compiled kernel whose TypeScript twin gives the same bits. Data in
 * [0, 1] are probabilities and are drawn anew whenever they are met (Salakhutdinov & Murray 2008).
 *
 * Parameters and negatives are 32-bit floats; uniforms are multiples of 2⁻²⁴. The same gradient, in 64 bits and one
 * state at a time, is `maximizeLikelihood` of `@basin/samplers/learn` with the kernel {@link blockGibbs}; the loop is
 * the same.
 *
 * @param data [n, visible] of numbers in [0, 1], or of −1 and +1.
 *
 * @example
 * ```ts
 * import { logPartition, restrictedBoltzmannMachine, trainRbm } from "@basin/ising/learn";
 *
 * const stripes = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]];
 * const machine = restrictedBoltzmannMachine({ visible: 4, hidden: 3, seed: 1 });
 * await trainRbm(machine, stripes, { seed: 2, epochs: 200, learningRate: 0.1, batchSize: 3 });
 * const { exact } = await logPartition(machine, { method: "exact" });
 * console.log(-machine.energy(Int8Array.of(1, 1, -1, -1)) - exact); // its log-probability
 * ```
 *
 * @throws {ArgumentError} for numbers out of range, bad data, and labels that do not go with the machine.
 * @throws {DivergenceError} when an energy gap, and {EnergyValueError} when the parameters are no longer finite; the
 * machine is then what it was before.
 */
export async function trainRbm(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  data: MatrixLike,
  options: TrainRbmOptions = {},
): Promise<TrainRbmReport> {
  checkOptions(
    "trainRbm",
    options,
    "seed epochs batchSize method steps chains learningRate momentum weightDecay averageDecay",
    "labels kernel checkpoint checkpointEvery signal onProgress",
  );
  const plan = resolve(machine, data, options);
  const training = new Training(machine, plan, options.kernel);
  const { learningRate, updatesAnEpoch } = plan;
  const { signal, onProgress, checkpoint, checkpointEvery } = options;
  const { updates, seconds } = await learn(training, {
    ...{ updates: plan.epochs * updatesAnEpoch, updatesAnEpoch, learningRate },
    ...{ signal, onProgress, checkpoint, checkpointEvery },
    identity: { format: "trainRbm", version: 2, fingerprint: () => fingerprint(machine, plan) },
  });
  const { epochs, phases } = training;
  if (!phases.store(plan.averageDecay > 0)) {
    throw new EnergyValueError("the parameters are no longer finite: lower the learning rate");
  }
  return {
    epochs,
    updates,
    seconds,
    kernel: phases.engine.kernel,
    chains: training.chains(),
    seed: plan.seed,
  };
}

/** What a training's numbers depend on; a rule for the learning rate is told by some of its values. */
function fingerprint(machine: RestrictedBoltzmannMachine | ClassMachine, plan: Plan): Fingerprint {
  const { data, labels, learningRate, ...numbers } = plan;
  const updates = plan.epochs * plan.updatesAnEpoch;
  const { visible, hidden, encoding, parameters } = machine.machine;
  return {
    ...{ visible, hidden, encoding, parameters: checksum(parameters) },
    data: checksum(data.data),
    labels: labels === undefined ? "none" : checksum(Float64Array.from(labels)),
    learningRate: [0, 0.25, 0.5, 0.75]
      .map((share) => rateAt(learningRate, share, share * updates, updates))
      .join(", "),
    ...numbers,
  };
}

function resolve(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  source: MatrixLike,
  options: TrainRbmOptions,
): Plan {
  const count = (name: string, value: number, max = 1e9) =>
    checkNumber(name, value, { min: 1, max, integer: true });
  const data = probabilities(source, machine.visible);
  const rows = data.shape[0];
  const { learningRate = (share: number) => 0.05 * (1 - share), labels } = options;
  const batchSize = Math.min(rows, count("batchSize", options.batchSize ?? 100, 65535));
  checkLabels(machine, labels, rows);
  return {
    data,
    labels,
    seed: seedOf(options),
    epochs: count("epochs", options.epochs ?? 10),
    batchSize,
    method: checkName("method", options.method ?? "pcd", learningMethodNames),
    steps: count("steps", options.steps ?? 1),
    chains: options.method === "cd" ? batchSize : count("chains", options.chains ?? batchSize, 65535),
    learningRate,
    updatesAnEpoch: Math.floor(rows / batchSize),
    momentum: checkNumber("momentum", options.momentum ?? 0.5, { min: 0, max: 0.9999 }),
    weightDecay: checkNumber("weightDecay", options.weightDecay ?? 1e-4, { min: 0 }),
    averageDecay: checkNumber("averageDecay", options.averageDecay ?? 0.999, { min: 0, max: 0.999999 }),
  };
}

function checkLabels(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  labels: ArrayLike<number> | undefined,
  rows: number,
): void {
  if (machine.labels === 0) {
    if (labels !== undefined) throw new ArgumentError("labels were given for a machine that has none");
    return;
  }
  if (labels === undefined) throw new ArgumentError("the machine has labels, and none were given");
  checkLength("labels", labels.length, rows);
  for (let k = 0; k < rows; k++) {
    checkNumber(`labels[${k}]`, labels[k], { min: 0, max: machine.labels - 1, integer: true });
  }
}
