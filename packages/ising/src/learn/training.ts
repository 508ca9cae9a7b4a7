import type { Matrix } from "@basin/energy-core";
import type { KernelOption } from "@basin/energy-core/internal";
import { createRng, type Rng, type RngState, restoreRng } from "@basin/energy-core/random";
import type { Progress } from "@basin/energy-core/run";
import { Batches, type BatchesState, type UpdatePlace } from "@basin/samplers/internal";
import type { Learner, LearningRate } from "@basin/samplers/learn";
import type { ClassMachine } from "./class-machine.ts";
import { Phases, type PhasesState } from "./phases.ts";
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

/** What an update saw. */
interface RbmFigures {
  /** The last epoch that has ended. */
  readonly epoch: EpochReport | undefined;
  /** Mean energy F of the data minus that of the negatives, where an update looked. */
  readonly energyGap: number | undefined;
}

/** What an `onProgress` is told after every update; `done` and `total` count updates. */
export interface TrainRbmProgress extends Progress, RbmFigures {}

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
  readonly learningRate: LearningRate;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly averageDecay: number;
  readonly updatesAnEpoch: number;
}

/** Updates between two looks at the energy gap: it costs about as much as a phase. */
const LOOK_EVERY = 16;

/** What a training goes on from. */
export interface TrainingState {
  readonly phases: PhasesState;
  readonly batches: BatchesState;
  readonly rng: RngState;
  readonly started: boolean;
  readonly epochs: readonly EpochReport[];
  readonly pass: Pass;
}

/** Figures of an epoch under way. */
interface Pass {
  readonly gap: Mean;
  readonly on: readonly [data: Mean, model: Mean];
}

/** A running mean, as plain values. */
interface Mean {
  sum: number;
  count: number;
}

/** A machine in the memory of its kernel, which makes both expectations and the step of an update. */
export class Training implements Learner<TrainingState, RbmFigures> {
  readonly phases: Phases;
  readonly epochs: EpochReport[] = [];
  readonly #plan: Plan;
  readonly #batches: Batches;
  #rng: Rng;
  #started = false;
  #pass = emptyPass();

  constructor(
    machine: RestrictedBoltzmannMachine | ClassMachine,
    plan: Plan,
    kernel: KernelOption | undefined,
  ) {
    this.#plan = plan;
    this.phases = new Phases(machine, Math.max(plan.batchSize, plan.chains), kernel);
    const root = createRng(plan.seed);
    this.#batches = new Batches(plan.data.shape[0], plan.batchSize, root.split(0));
    this.#rng = root.split(1);
    this.phases.engine.seed(root.split(2));
  }

  update({ update, learningRate, seconds }: UpdatePlace): RbmFigures {
    this.#loadBatch(this.#batches.next());
    const look = (update % this.#plan.updatesAnEpoch) % LOOK_EVERY === 0;
    const energyGap = this.#update(update, learningRate, look);
    if (this.#batches.epochEnds) this.#end(learningRate, seconds);
    return { epoch: this.epochs.at(-1), energyGap };
  }

  #end(learningRate: number, seconds: number): void {
    const { gap, on } = this.#pass;
    const epoch = this.epochs.length + 1;
    const activity = [meanOf(on[0]), meanOf(on[1])] as const;
    const { epochs } = this.#plan;
    this.epochs.push({ epoch, epochs, seconds, energyGap: meanOf(gap), activity, learningRate });
    this.#pass = emptyPass();
  }

  save(): TrainingState {
    return {
      phases: this.phases.save(this.#started ? this.#plan.chains : 0),
      batches: this.#batches.save(),
      rng: this.#rng.save(),
      started: this.#started,
      epochs: [...this.epochs],
      pass: copyOf(this.#pass),
    };
  }

  restore(state: TrainingState): void {
    this.phases.restore(state.phases);
    this.#batches.restore(state.batches);
    this.#rng = restoreRng(state.rng);
    this.#started = state.started;
    this.epochs.splice(0, this.epochs.length, ...state.epochs);
    // The store may hand out the very object that it goes on keeping.
    this.#pass = copyOf(state.pass);
  }

  chains(): Int8Array[] {
    const { engine } = this.phases;
    const [layer] = this.phases.layers(1);
    return Array.from({ length: this.#plan.chains }, (_, s) => {
      const state = new Int8Array(layer.units).fill(-1);
      for (const i of engine.list(layer, s)) state[i] = 1;
      return state;
    });
  }

  #loadBatch(rows: Uint32Array): void {
    const { data, labels } = this.#plan;
    const [layer] = this.phases.layers(0);
    const columns = data.shape[1];
    for (const [s, row] of rows.entries()) {
      const values = this.phases.engine.row(layer, s);
      values.set(data.data.subarray(row * columns, (row + 1) * columns));
      if (labels === undefined) continue;
      values.fill(0, columns, layer.units);
      values[columns + labels[row]] = 1;
    }
  }

  /** Returns the energy gap, where it is looked at. */
  #update(update: number, learningRate: number, look: boolean): number | undefined {
    const { phases } = this;
    const { batchSize, chains, method, steps, momentum, weightDecay, averageDecay } = this.#plan;
    phases.positivePhase(batchSize);
    if (method === "cd" || !this.#started) this.#start();
    phases.gibbs(chains, method === "cd" ? steps - 1 : steps, this.#rng);
    phases.hiddenProbabilities(1, chains);
    const energyGap = look ? this.#look() : undefined;
    // At first a plain mean, so that a short training is not tied to where it began.
    const follow = averageDecay > 0 ? Math.max(1 - averageDecay, 1 / (update + 1)) : 0;
    phases.update(batchSize, chains, { learningRate, momentum, weightDecay, follow });
    return energyGap;
  }

  /** Puts the model's states where the data's hidden states lead; more chains than data begin at the data again. */
  #start(): void {
    const { batchSize, chains } = this.#plan;
    const { phases } = this;
    const { engine } = phases;
    this.#started = true;
    if (chains <= batchSize) {
      phases.startAtData(chains, this.#rng);
      return;
    }
    const [from] = phases.layers(0);
    const [to] = phases.layers(1);
    for (let s = 0; s < chains; s++) engine.place(to, s, engine.list(from, s % batchSize).slice());
  }

  #look(): number {
    const { gap, on } = this.#pass;
    const { phases } = this;
    const sizes = [this.#plan.batchSize, this.#plan.chains] as const;
    const energyGap = phases.meanEnergy(0, sizes[0]) - phases.meanEnergy(1, sizes[1]);
    add(gap, energyGap);
    for (const batch of [0, 1] as const) {
      const [layer] = phases.layers(batch);
      const counts = phases.engine.counts(layer).subarray(0, sizes[batch]);
      add(on[batch], counts.reduce((sum, count) => sum + count, 0) / (sizes[batch] * layer.units));
    }
    return energyGap;
  }
}

function emptyPass(): Pass {
  const mean = (): Mean => ({ sum: 0, count: 0 });
  return { gap: mean(), on: [mean(), mean()] };
}

function copyOf({ gap, on }: Pass): Pass {
  return { gap: { ...gap }, on: [{ ...on[0] }, { ...on[1] }] };
}

function add(mean: Mean, value: number): void {
  mean.sum += value;
  mean.count++;
}

function meanOf({ sum, count }: Mean): number {
  return sum / count;
}
