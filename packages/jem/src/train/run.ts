import { createRng, type Rng, restoreRng } from "@basin/energy-core/random";
import { sizeOf } from "../inputs.ts";
import type { JointEnergy } from "../model/joint-energy.ts";
import { type GroupChains, openChains, spread } from "./chains.ts";
import type { BackOff, TrainState } from "./checkpoint.ts";
import type { Crew } from "./crew.ts";
import { type LabeledData, Minibatches } from "./data.ts";
import type { GroupResult } from "./engine.ts";
import type { LossWeights } from "./objective.ts";
import { Adam } from "./optimizer.ts";
import type { ResolvedTrainOptions } from "./options.ts";
import { sharedFloats } from "./shared.ts";
import type { TrainProgress } from "./step.ts";
import { readVariables } from "./tensor-engine.ts";
import { Watch } from "./watch.ts";

/** What {@link Run} is told at its start. */
export interface RunStart {
  readonly model: JointEnergy;
  readonly data: LabeledData;
  readonly settings: ResolvedTrainOptions;
  readonly margins: readonly [number, number];
}

/** The state of a run: parameters and optimizer, chains, order of the data, random streams, detectors. */
export class Run {
  readonly adam: Adam;
  readonly watch: Watch;
  seconds = 0;
  plannedSteps: number;
  backOffs: readonly BackOff[] = [];
  /** The last update, none before the first. */
  last: TrainProgress | undefined;
  readonly #settings: ResolvedTrainOptions;
  readonly #size: number;
  readonly #labels: number;
  readonly #batches: Minibatches;
  readonly #chains: readonly GroupChains[];
  /** What the groups read: the same memory for every thread where that can be. */
  readonly #parameters: Float32Array;
  #augmentRng: Rng;
  #margins: readonly [number, number];
  #rateFactor = 1;

  constructor({ model, data, settings, margins }: RunStart) {
    const rng = createRng(settings.seed);
    const size = sizeOf(model.space.shape);
    this.#settings = settings;
    this.#size = size;
    this.#labels = model.labels;
    this.#batches = new Minibatches(data, size, model.labels, settings.batchSize, rng.split(0));
    this.#augmentRng = rng.split(2);
    this.#margins = margins;
    this.plannedSteps = settings.steps;
    this.adam = new Adam(readVariables(model.variables), settings.averageDecay);
    this.#parameters = sharedFloats(this.adam.parameters.length);
    this.watch = new Watch(settings.maxGap);
    this.#chains = openChains(settings, data, { size, labels: model.labels }, rng);
  }

  get updates(): number {
    return this.adam.updates;
  }

  /** Updates in all, as far as that is known. */
  get total(): number {
    return this.plannedSteps === 0 ? Number.POSITIVE_INFINITY : this.plannedSteps;
  }

  get margins(): readonly [number, number] {
    return this.#margins;
  }

  /** All persistent chains, group after group, with the class that each is drawn from, −1 for none. */
  buffer(): { states: Float32Array; labels: Int32Array } {
    const { marginalWeight, chains, classConditional } = this.#settings;
    const parts = marginalWeight > 0 && chains === "buffer" ? this.#chains.map(({ buffer }) => buffer) : [];
    const states = new Float32Array(parts.reduce((sum, part) => sum + part.states.length, 0));
    let at = 0;
    for (const part of parts) {
      states.set(part.states, at);
      at += part.states.length;
    }
    const labels = parts.flatMap(({ capacity }) =>
      Array.from({ length: capacity }, (_, place) => (classConditional ? place % this.#labels : -1)),
    );
    return { states, labels: Int32Array.from(labels) };
  }

  /** Makes one update. */
  async step(crew: Crew): Promise<TrainProgress> {
    const settings = this.#settings;
    const tasks = this.#prepare();
    const { marginalWeight } = tasks[0].task.weights;
    const results = await crew.run(tasks.map(({ task }) => task));
    for (const [group, { states }] of results.entries()) if (states) tasks[group].put?.(states);
    const gradientNorm = this.#gather(results);
    const clip = Math.min(1, settings.maxGradientNorm / gradientNorm);
    const learningRate = this.#learningRate();
    if (Number.isFinite(gradientNorm))
      this.adam.step({ learningRate, weightDecay: settings.weightDecay, scale: clip });
    else this.adam.updates++;
    return { ...this.#figures(results), gradientNorm, learningRate, marginalWeight };
  }

  save(): TrainState {
    const { adam } = this;
    const batches = this.#batches.save();
    return {
      updates: adam.updates,
      seconds: this.seconds,
      plannedSteps: this.plannedSteps,
      plannedFor: this.#settings.seconds,
      parameters: adam.parameters.slice(),
      first: adam.first.slice(),
      second: adam.second.slice(),
      average: adam.average.slice(),
      averageWeight: adam.averageWeight,
      rateFactor: this.#rateFactor,
      margins: this.#margins,
      chains: this.#chains.map(({ buffer, rng }) => ({ states: buffer.states.slice(), rng: rng.save() })),
      order: batches.order,
      at: batches.at,
      orderRng: batches.rng,
      augmentRng: this.#augmentRng.save(),
      watch: this.watch.save(),
      backOffs: this.backOffs,
      last: this.last,
    };
  }

  restore(state: TrainState): void {
    const { adam } = this;
    adam.updates = state.updates;
    adam.averageWeight = state.averageWeight;
    adam.parameters.set(state.parameters);
    adam.first.set(state.first);
    adam.second.set(state.second);
    adam.average.set(state.average);
    this.seconds = state.seconds;
    // A plan that was carried out, or was made for another time, is not gone on with.
    const { steps, seconds } = this.#settings;
    if (steps === 0 && state.updates < state.plannedSteps && state.plannedFor === seconds)
      this.plannedSteps = state.plannedSteps;
    this.#rateFactor = state.rateFactor;
    this.#margins = state.margins;
    for (const [k, { states, rng }] of state.chains.entries()) {
      this.#chains[k].buffer.states.set(states);
      this.#chains[k].rng = restoreRng(rng);
    }
    this.#batches.restore({ order: state.order, at: state.at, rng: state.orderRng });
    this.#augmentRng = restoreRng(state.augmentRng);
    this.watch.restore(state.watch);
    this.backOffs = state.backOffs;
    this.last = state.last;
  }

  /** Whether the state is fit to go back to: well, and past the last divergence, on whose way every state is suspect. */
  get wellBeyondTrouble(): boolean {
    const last = this.backOffs.at(-1);
    return this.watch.settled && this.watch.calm && (last === undefined || this.updates > last.step);
  }

  /** Goes back to a good state with half the learning rate and other draws, which is what keeps it from failing in the same way. */
  backOff(state: TrainState, step: number, reason: string): void {
    const before = this.backOffs;
    const { seconds } = this;
    const watch = this.watch.save();
    this.restore(state);
    this.seconds = seconds;
    this.watch.restore(watch);
    this.watch.goBack(state.watch);
    this.#rateFactor = 0.5 ** (before.length + 1);
    for (const chains of this.#chains) chains.rng = chains.rng.split(before.length);
    const resumedFrom = this.updates;
    this.backOffs = [...before, { step, reason, resumedFrom, learningRate: this.#learningRate() }];
  }

  #prepare() {
    const settings = this.#settings;
    const batch = this.#batches.next();
    settings.augment?.(batch.inputs, batch.labels, this.#augmentRng);
    const each = settings.batchSize / settings.groups;
    this.#parameters.set(this.adam.parameters);
    return this.#chains.map((chains, group) => {
      const [from, to] = [group * each, (group + 1) * each];
      const inputs = batch.inputs.slice(from * this.#size, to * this.#size);
      return chains.task(
        {
          parameters: this.#parameters,
          inputs,
          labels: batch.labels.slice(from, to),
          weights: this.#weights(),
        },
        settings,
      );
    });
  }

  #weights(): LossWeights {
    const { energyPenalty, classConditional, outlierWeight } = this.#settings;
    const marginalWeight = this.#marginalWeight();
    return { marginalWeight, energyPenalty, classConditional, outlierWeight, margins: this.#margins };
  }

  #marginalWeight(): number {
    const { marginalWeight, maxLag } = this.#settings;
    return marginalWeight * Math.min(1, Math.max(0, 1 + this.watch.gap / maxLag));
  }

  /** Sums the groups' gradients in their order and returns the norm. */
  #gather(results: readonly GroupResult[]): number {
    const { gradient } = this.adam;
    gradient.set(results[0].gradient);
    for (const { gradient: part } of results.slice(1))
      for (let k = 0; k < gradient.length; k++) gradient[k] += part[k];
    let square = 0;
    for (let k = 0; k < gradient.length; k++) square += gradient[k] * gradient[k];
    return Math.sqrt(square);
  }

  #learningRate(): number {
    const { learningRate, schedule, finalRate, warmup } = this.#settings;
    const step = this.updates;
    const share = this.plannedSteps > 0 ? Math.min(1, step / Math.max(1, this.plannedSteps - 1)) : 0;
    const fall =
      schedule === "constant" ? 1 : finalRate + (1 - finalRate) * 0.5 * (1 + Math.cos(Math.PI * share));
    return learningRate * this.#rateFactor * fall * Math.min(1, (step + 1) / (warmup + 1));
  }

  #figures(
    results: readonly GroupResult[],
  ): Omit<TrainProgress, "gradientNorm" | "learningRate" | "marginalWeight"> {
    const { batchSize, energyPenalty, outlierWeight, marginalWeight } = this.#settings;
    const sum = (name: keyof GroupResult["sums"]): number =>
      results.reduce((total, { sums }) => total + sums[name], 0) / batchSize;
    const states = results.flatMap(({ states }) => (states ? [states] : []));
    return {
      done: this.updates,
      total: this.total,
      seconds: this.seconds,
      crossEntropy: sum("crossEntropy"),
      penalty: marginalWeight > 0 ? energyPenalty * sum("squaredEnergy") : 0,
      outlierLoss: outlierWeight * sum("hinges"),
      dataEnergy: sum("dataEnergy"),
      sampleEnergy: states.length > 0 ? sum("sampleEnergy") : Number.NaN,
      accuracy: sum("hits"),
      sampleSpread: states.length > 0 ? spread(states, this.#size) : Number.NaN,
    };
  }
}
