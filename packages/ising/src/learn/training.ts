import { EnergyValueError, type Matrix } from "@basin/energy-core";
import { createRng, permutation, type Rng, type RngState, restoreRng } from "@basin/energy-core/random";
import { type Progress, pacer, type RunKeeper, type RunOptions } from "@basin/energy-core/run";
import type { KernelOption } from "@basin/energy-core/wasm";
import type { ClassMachine } from "./class-machine.ts";
import { Learner, type LearnerState } from "./learner.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";

/** Where negative samples come from. */
export type LearningMethod = "cd" | "pcd";

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

/** What an `onProgress` is told now and then, and after every epoch; `done` and `total` count updates. */
export interface TrainRbmProgress extends Progress {
  /** The last epoch that has ended. */
  readonly epoch: EpochReport | undefined;
}

/** What a training is to do, with every default filled in. */
export interface Plan {
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

/** Updates between two looks at the energy gap: it costs about as much as a phase. */
const LOOK_EVERY = 16;

/** What a training goes on from. */
export interface TrainingState {
  readonly learner: LearnerState;
  readonly order: RngState;
  readonly rng: RngState;
  readonly started: boolean;
  readonly updates: number;
  readonly epochs: readonly EpochReport[];
  readonly pass: Pass | undefined;
  readonly seconds: number;
}

/** An epoch under way. */
interface Pass {
  /** Rows of the data, batch after batch. */
  readonly order: Uint32Array;
  /** Batches done. */
  batch: number;
  learningRate: number;
  readonly gap: Mean;
  readonly on: readonly [data: Mean, model: Mean];
}

/** A running mean, as plain values. */
interface Mean {
  sum: number;
  count: number;
}

/** The updates of one training, epoch after epoch. */
export class Training {
  readonly learner: Learner;
  readonly epochs: EpochReport[] = [];
  updates = 0;
  /** Since the training began, pauses between a checkpoint and its resumption left out. */
  seconds = 0;
  readonly #plan: Plan;
  #order: Rng;
  #rng: Rng;
  #started = false;
  #pass: Pass | undefined;

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

  /** Goes on to the end. */
  async run(options: RunOptions<TrainRbmProgress>, keeper: RunKeeper<TrainingState>): Promise<void> {
    const { epochs, batchSize, data } = this.#plan;
    if (keeper.found !== undefined) this.#restore(keeper.found);
    const pace = pacer(options, { keeper, state: () => this.#save() });
    const batches = Math.floor(data.shape[0] / batchSize);
    const progress = () => ({ done: this.updates, total: epochs * batches, epoch: this.epochs.at(-1) });
    const before = this.seconds;
    while (this.epochs.length < epochs) {
      const pass = this.#pass ?? this.#begin();
      while (pass.batch < batches) {
        this.#advance(pass, (this.epochs.length + pass.batch / batches) / epochs);
        this.seconds = before + pace.elapsed / 1000;
        if (pace.due) await pace.breathe(progress);
      }
      this.#end(pass);
      pace.report(progress);
    }
    await keeper.save(this.#save());
  }

  #begin(): Pass {
    const mean = (): Mean => ({ sum: 0, count: 0 });
    const order = permutation(this.#order, this.#plan.data.shape[0]);
    this.#pass = { order, batch: 0, learningRate: 0, gap: mean(), on: [mean(), mean()] };
    return this.#pass;
  }

  #advance(pass: Pass, share: number): void {
    const { batchSize, learningRate } = this.#plan;
    const { order, batch } = pass;
    pass.learningRate = learningRate(share);
    this.#loadBatch(order.subarray(batch * batchSize, (batch + 1) * batchSize));
    this.#update(pass.learningRate, batch % LOOK_EVERY === 0 ? pass : undefined);
    pass.batch++;
  }

  #end({ gap, on, learningRate }: Pass): void {
    const epoch = this.epochs.length + 1;
    const energyGap = meanOf(gap);
    if (!Number.isFinite(energyGap)) {
      throw new EnergyValueError(
        `the energy gap is ${energyGap} in epoch ${epoch}: training has gone astray; lower the learning rate`,
      );
    }
    const activity = [meanOf(on[0]), meanOf(on[1])] as const;
    const { seconds } = this;
    this.epochs.push({ epoch, epochs: this.#plan.epochs, seconds, energyGap, activity, learningRate });
    this.#pass = undefined;
  }

  #save(): TrainingState {
    const pass = this.#pass;
    const copy = (mean: Mean) => ({ ...mean });
    return {
      learner: this.learner.save(this.#started ? this.#plan.chains : 0),
      order: this.#order.save(),
      rng: this.#rng.save(),
      started: this.#started,
      updates: this.updates,
      epochs: [...this.epochs],
      pass: pass && { ...pass, gap: copy(pass.gap), on: [copy(pass.on[0]), copy(pass.on[1])] },
      seconds: this.seconds,
    };
  }

  #restore(state: TrainingState): void {
    this.learner.restore(state.learner);
    this.#order = restoreRng(state.order);
    this.#rng = restoreRng(state.rng);
    this.#started = state.started;
    this.updates = state.updates;
    this.epochs.push(...state.epochs);
    const { pass } = state;
    // The store may hand out the very object that it goes on keeping.
    this.#pass = pass && { ...pass, gap: { ...pass.gap }, on: [{ ...pass.on[0] }, { ...pass.on[1] }] };
    this.seconds = state.seconds;
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

  #update(learningRate: number, look?: Pick<Pass, "gap" | "on">): void {
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

  #look({ gap, on }: Pick<Pass, "gap" | "on">): void {
    const { learner } = this;
    const sizes = [this.#plan.batchSize, this.#plan.chains] as const;
    add(gap, learner.meanEnergy(0, sizes[0]) - learner.meanEnergy(1, sizes[1]));
    for (const batch of [0, 1] as const) {
      const [layer] = learner.layers(batch);
      const counts = learner.engine.counts(layer).subarray(0, sizes[batch]);
      add(on[batch], counts.reduce((sum, count) => sum + count, 0) / (sizes[batch] * layer.units));
    }
  }
}

function add(mean: Mean, value: number): void {
  mean.sum += value;
  mean.count++;
}

function meanOf({ sum, count }: Mean): number {
  return sum / count;
}
