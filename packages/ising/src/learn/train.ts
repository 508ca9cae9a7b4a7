import {
  ArgumentError,
  checkLength,
  checkName,
  checkNumber,
  EnergyValueError,
  type Matrix,
  type MatrixLike,
} from "@basin/energy-core";
import { createRng, permutation, type Rng } from "@basin/energy-core/random";
import { type Pacer, type Progress, pacer, type RunOptions } from "@basin/energy-core/run";
import type { KernelName, KernelOption } from "@basin/energy-core/wasm";
import { ClassMachine } from "./class-machine.ts";
import { probabilities } from "./data.ts";
import { Learner } from "./learner.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";

/** Where negative samples come from. */
export type LearningMethod = "cd" | "pcd";

/** Every value of {@link LearningMethod}. */
export const learningMethods: readonly LearningMethod[] = ["cd", "pcd"];

/** What an `onProgress` is told now and then, and after every epoch; `done` and `total` count updates. */
export interface TrainRbmProgress extends Progress {
  /** The last epoch that has ended. */
  readonly epoch: EpochReport | undefined;
}

/** Options of {@link trainRbm}. A training that is stopped leaves the machine as it was. */
export interface TrainRbmOptions extends RunOptions<TrainRbmProgress> {
  /** Seed of everything random. */
  seed: number;
  /** Passes over the data. Default 10. */
  epochs?: number;
  /** Data an update. Default 100, at most as many as there are. */
  batchSize?: number;
  /** "cd": chains start at the batch (Hinton 2002). "pcd": they go on from the last update (Tieleman 2008), the default. */
  method?: LearningMethod;
  /** k, Gibbs steps an update. Default 1. */
  steps?: number;
  /** Chains of "pcd". Default: the batch size. */
  chains?: number;
  /** A number, or a function of the share of the training that is done, in [0, 1). Default 0.05 falling linearly to 0. */
  learningRate?: number | ((share: number) => number);
  /** Share of the last step that is kept, in [0, 1). Default 0.5. */
  momentum?: number;
  /** Pulls weights toward 0: weightDecay · W is taken from the gradient. Default 1e-4. */
  weightDecay?: number;
  /**
   * The machine is left with a moving average of its parameters, average ← average + (1 − averageDecay) (θ − average). In [0, 1); 0 for
   * none. Default 0.999.
   */
  averageDecay?: number;
  /** Class of each datum, for a {@link ClassMachine}. */
  labels?: ArrayLike<number>;
  /** Which implementation runs; both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** What one epoch did. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Since the training began. */
  readonly seconds: number;
  /** Mean energy F of the data minus that of the negatives, at the parameters that each update met. */
  readonly energyGap: number;
  /** Share of visible units that are on, in the data and in the negatives. */
  readonly activity: readonly [data: number, model: number];
  readonly learningRate: number;
}

/** What a training did. */
export interface TrainRbmReport {
  readonly epochs: readonly EpochReport[];
  readonly updates: number;
  readonly seconds: number;
  readonly kernel: KernelName;
  /** Where the chains stand: rows of ±1 over the visible units. */
  readonly chains: readonly Int8Array[];
}

/**
 * Trains a restricted Boltzmann machine by stochastic maximum likelihood,
 * W ← W + η (E_data[v E[h|v]] − E_model[v E[h|v]] − λW), in place, a batch at a time in a compiled kernel whose TypeScript twin gives
 * the same bits. Data in [0, 1] are probabilities and are drawn anew whenever they are met (Salakhutdinov & Murray 2008).
 *
 * Parameters and negatives are 32-bit floats; uniforms are multiples of 2⁻²⁴. The same gradient, in 64 bits and one state at a time,
 * is `maximizeLikelihood` of `@basin/samplers/learn` with the kernel {@link blockGibbs}.
 *
 * @param data [n, visible] of numbers in [0, 1], or of −1 and +1.
 *
 * @example
 * ```ts
 * import { exactLogPartition, restrictedBoltzmannMachine, trainRbm } from "@basin/ising/learn";
 *
 * const stripes = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]];
 * const machine = restrictedBoltzmannMachine({ visible: 4, hidden: 3, seed: 1 });
 * await trainRbm(machine, stripes, { seed: 2, epochs: 200, learningRate: 0.1, batchSize: 3 });
 * console.log(-machine.energy(Int8Array.of(1, 1, -1, -1)) - exactLogPartition(machine)); // its log-probability
 * ```
 *
 * @throws {ArgumentError} for numbers out of range, bad data, and labels that do not go with the machine.
 * @throws {EnergyValueError} when the parameters are no longer finite; the machine is then what it was before.
 */
export async function trainRbm(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  data: MatrixLike,
  options: TrainRbmOptions,
): Promise<TrainRbmReport> {
  const plan = resolve(machine, data, options);
  const training = new Training(machine, plan, options.kernel);
  const pace = pacer(options);
  const epochs: EpochReport[] = [];
  const progress = () => ({ done: training.updates, total: training.total, epoch: epochs.at(-1) });
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    const figures = await training.epoch(epoch - 1, pace, progress);
    epochs.push({ epoch, epochs: plan.epochs, seconds: pace.elapsed / 1000, ...figures });
    pace.report(progress);
  }
  if (!training.learner.store(plan.averageDecay > 0)) {
    throw new EnergyValueError("the parameters are no longer finite: lower the learning rate");
  }
  return {
    epochs,
    updates: training.updates,
    seconds: pace.elapsed / 1000,
    kernel: training.learner.engine.kernel,
    chains: training.chains(),
  };
}

interface Plan {
  readonly data: Matrix<Float32Array>;
  readonly labels?: ArrayLike<number>;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly method: LearningMethod;
  readonly steps: number;
  readonly chains: number;
  readonly learningRate: (share: number) => number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly averageDecay: number;
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
  const { learningRate: rate = (share: number) => 0.05 * (1 - share), labels } = options;
  const batchSize = Math.min(rows, count("batchSize", options.batchSize ?? 100, 65535));
  checkLabels(machine, labels, rows);
  return {
    data,
    labels,
    seed: options.seed,
    epochs: count("epochs", options.epochs ?? 10),
    batchSize,
    method: checkName("method", options.method ?? "pcd", learningMethods),
    steps: count("steps", options.steps ?? 1),
    chains: options.method === "cd" ? batchSize : count("chains", options.chains ?? batchSize, 65535),
    learningRate: (share) =>
      checkNumber("learningRate", typeof rate === "number" ? rate : rate(share), { min: 0 }),
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
  if (!(machine instanceof ClassMachine)) {
    if (labels !== undefined) throw new ArgumentError("labels were given for a machine that has none");
    return;
  }
  if (labels === undefined) throw new ArgumentError("the machine has labels, and none were given");
  checkLength("labels", labels.length, rows);
  for (let k = 0; k < rows; k++) {
    checkNumber(`labels[${k}]`, labels[k], { min: 0, max: machine.labels - 1, integer: true });
  }
}

/** Updates between two looks at the energy gap: it costs about as much as a phase. */
const LOOK_EVERY = 16;

class Training {
  readonly learner: Learner;
  updates = 0;
  readonly #plan: Plan;
  readonly #order: Rng;
  readonly #rng: Rng;
  #started = false;

  constructor(
    machine: RestrictedBoltzmannMachine | ClassMachine,
    plan: Plan,
    kernel: KernelOption | undefined,
  ) {
    this.#plan = plan;
    this.learner = new Learner(machine, Math.max(plan.batchSize, plan.chains), kernel);
    const root = createRng(plan.seed);
    this.#order = root.split(0);
    this.#rng = root.split(1);
    this.learner.engine.seed(root.split(2));
  }

  /** Updates of the whole training. */
  get total(): number {
    const { data, batchSize, epochs } = this.#plan;
    return epochs * Math.floor(data.shape[0] / batchSize);
  }

  async epoch(index: number, pace: Pacer<TrainRbmProgress>, progress: () => TrainRbmProgress) {
    const { data, batchSize, epochs } = this.#plan;
    const order = permutation(this.#order, data.shape[0]);
    const batches = Math.floor(order.length / batchSize);
    const gap = new Mean();
    const on = [new Mean(), new Mean()] as const;
    let rate = 0;
    for (let batch = 0; batch < batches; batch++) {
      const share = (index + batch / batches) / epochs;
      rate = this.#plan.learningRate(share);
      this.#loadBatch(order.subarray(batch * batchSize, (batch + 1) * batchSize));
      this.#update(rate, batch % LOOK_EVERY === 0 ? { gap, on } : undefined);
      if (pace.due) await pace.breathe(progress);
    }
    const activity = [on[0].value, on[1].value] as const;
    if (!Number.isFinite(gap.value)) {
      throw new EnergyValueError(
        `the energy gap is ${gap.value} in epoch ${index + 1}: training has gone astray; lower the learning rate`,
      );
    }
    return { energyGap: gap.value, activity, learningRate: rate };
  }

  chains(): Int8Array[] {
    const { engine } = this.learner;
    const [layer] = this.learner.layers(1);
    return Array.from({ length: this.#plan.chains }, (_, s) => {
      const state = new Int8Array(layer.units).fill(-1);
      for (const i of engine.list(layer, s)) state[i] = 1;
      return state;
    });
  }

  #loadBatch(rows: Uint32Array): void {
    const { data, labels } = this.#plan;
    const [layer] = this.learner.layers(0);
    const columns = data.shape[1];
    for (const [s, row] of rows.entries()) {
      const values = this.learner.engine.row(layer, s);
      values.set(data.data.subarray(row * columns, (row + 1) * columns));
      if (labels === undefined) continue;
      values.fill(0, columns, layer.units);
      values[columns + labels[row]] = 1;
    }
  }

  #update(learningRate: number, look?: { gap: Mean; on: readonly [Mean, Mean] }): void {
    const { learner } = this;
    const { batchSize, chains, method, steps, momentum, weightDecay, averageDecay } = this.#plan;
    learner.positivePhase(batchSize);
    if (method === "cd" || !this.#started) this.#start();
    learner.gibbs(chains, method === "cd" ? steps - 1 : steps, this.#rng);
    learner.hiddenProbabilities(1, chains);
    if (look) this.#look(look);
    // At first a plain mean, so that a short training is not tied to where it began.
    const follow = averageDecay > 0 ? Math.max(1 - averageDecay, 1 / (this.updates + 1)) : 0;
    learner.update(batchSize, chains, { learningRate, momentum, weightDecay, follow });
    this.updates++;
  }

  /** Puts the model's states where the data's hidden states lead; more chains than data begin at the data again. */
  #start(): void {
    const { batchSize, chains } = this.#plan;
    const { learner } = this;
    const { engine } = learner;
    this.#started = true;
    if (chains <= batchSize) {
      learner.startAtData(chains, this.#rng);
      return;
    }
    const [from] = learner.layers(0);
    const [to] = learner.layers(1);
    for (let s = 0; s < chains; s++) engine.place(to, s, engine.list(from, s % batchSize).slice());
  }

  #look({ gap, on }: { gap: Mean; on: readonly [Mean, Mean] }): void {
    const { learner } = this;
    const sizes = [this.#plan.batchSize, this.#plan.chains] as const;
    gap.add(learner.meanEnergy(0, sizes[0]) - learner.meanEnergy(1, sizes[1]));
    for (const batch of [0, 1] as const) {
      const [layer] = learner.layers(batch);
      const counts = learner.engine.counts(layer).subarray(0, sizes[batch]);
      on[batch].add(counts.reduce((sum, count) => sum + count, 0) / (sizes[batch] * layer.units));
    }
  }
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  get value(): number {
    return this.#sum / this.#count;
  }
}
