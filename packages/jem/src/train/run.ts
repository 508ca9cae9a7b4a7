import { createRng, type Rng, restoreRng } from "@basin/energy-core/random";
import type { UpdatePlace } from "@basin/samplers/internal";
import type { Learner } from "@basin/samplers/learn";
import { sizeOf } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { type GroupChains, openChains, spread } from "./chains.ts";
import type { RunState } from "./checkpoint.ts";
import type { Crew } from "./crew.ts";
import { type LabeledData, Minibatches } from "./data.ts";
import type { GroupResult } from "./engine.ts";
import type { LossWeights } from "./objective.ts";
import { Adam } from "./optimizer.ts";
import type { ResolvedTrainOptions } from "./options.ts";
import { sharedFloats } from "./shared.ts";
import type { TrainFigures } from "./step.ts";
import { readVariables } from "./tensor-engine.ts";
import { JointWatch } from "./watch.ts";

/** What {@link Run} is told at its start. */
export interface RunStart {
  readonly crew: Crew;
  readonly model: JointModel;
  readonly data: LabeledData;
  readonly settings: ResolvedTrainOptions;
  readonly margins: readonly [number, number];
}

/**
 * The state of a run: parameters and optimizer, chains, order of the data, random streams, detectors. A crew makes the
 * expectations.
 */
export class Run implements Learner<RunState, TrainFigures> {
  readonly adam: Adam;
  readonly watch: JointWatch;
  readonly #crew: Crew;
  readonly #settings: ResolvedTrainOptions;
  readonly #size: number;
  readonly #labels: number;
  readonly #batches: Minibatches;
  readonly #chains: readonly GroupChains[];
  /** What the groups read: the same memory for every thread where that can be. */
  readonly #parameters: Float32Array;
  #augmentRng: Rng;
  #margins: readonly [number, number];

  constructor({ crew, model, data, settings, margins }: RunStart) {
    const rng = createRng(settings.seed);
    const size = sizeOf(model.space.shape);
    this.#crew = crew;
    this.#settings = settings;
    this.#size = size;
    this.#labels = model.labels;
    this.#batches = new Minibatches(data, size, model.labels, settings.batchSize, rng.split(0));
    this.#augmentRng = rng.split(2);
    this.#margins = margins;
    this.adam = new Adam(readVariables(model.variables), settings.averageDecay);
    this.#parameters = sharedFloats(this.adam.parameters.length);
    this.watch = new JointWatch(settings.maxGap);
    this.#chains = openChains(settings, data, { size, labels: model.labels }, rng);
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

  async update({ learningRate }: UpdatePlace): Promise<TrainFigures> {
    const settings = this.#settings;
    const tasks = this.#prepare();
    const { marginalWeight } = tasks[0].task.weights;
    const results = await this.#crew.run(tasks.map(({ task }) => task));
    for (const [group, { states }] of results.entries()) if (states) tasks[group].put?.(states);
    const gradientNorm = this.#gather(results);
    const clip = Math.min(1, settings.maxGradientNorm / gradientNorm);
    if (Number.isFinite(gradientNorm))
      this.adam.step({ learningRate, weightDecay: settings.weightDecay, scale: clip });
    else this.adam.updates++;
    return { ...this.#figures(results), gradientNorm, marginalWeight };
  }

  save(): RunState {
    const { adam } = this;
    return {
      updates: adam.updates,
      parameters: adam.parameters.slice(),
      first: adam.first.slice(),
      second: adam.second.slice(),
      average: adam.average.slice(),
      averageWeight: adam.averageWeight,
      margins: this.#margins,
      chains: this.#chains.map(({ buffer, rng }) => ({ states: buffer.states.slice(), rng: rng.save() })),
      batches: this.#batches.save(),
      augmentRng: this.#augmentRng.save(),
    };
  }

  restore(state: RunState): void {
    const { adam } = this;
    adam.updates = state.updates;
    adam.averageWeight = state.averageWeight;
    adam.parameters.set(state.parameters);
    adam.first.set(state.first);
    adam.second.set(state.second);
    adam.average.set(state.average);
    this.#margins = state.margins;
    for (const [k, { states, rng }] of state.chains.entries()) {
      this.#chains[k].buffer.states.set(states);
      this.#chains[k].rng = restoreRng(rng);
    }
    this.#batches.restore(state.batches);
    this.#augmentRng = restoreRng(state.augmentRng);
  }

  divert(times: number): void {
    for (const chains of this.#chains) chains.rng = chains.rng.split(times);
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

  #figures(results: readonly GroupResult[]): Omit<TrainFigures, "gradientNorm" | "marginalWeight"> {
    const { batchSize, energyPenalty, outlierWeight, marginalWeight } = this.#settings;
    const sum = (name: keyof GroupResult["sums"]): number =>
      results.reduce((total, { sums }) => total + sums[name], 0) / batchSize;
    const states = results.flatMap(({ states }) => (states ? [states] : []));
    return {
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
