import type { Rng } from "@basin/energy-core/random";
import { ReplayBuffer } from "@basin/samplers/internal";
import { floatRows, type Inputs } from "../inputs.ts";
import { freshBox, noiseKey } from "../sampler.ts";
import type { LabeledData } from "./data.ts";
import type { GroupTask } from "./engine.ts";
import { freshStates } from "./initial.ts";
import type { ResolvedTrainOptions } from "./options.ts";

/** What an update gives every group, and this group's share of the batch. */
type Share = Pick<GroupTask, "parameters" | "inputs" | "labels" | "weights">;

/** A group's work for one update, and where its chains are put back afterwards. */
interface Prepared {
  readonly task: GroupTask;
  readonly put?: (states: Float32Array) => void;
}

/** Opens the chains of every group of a run. */
export function openChains(
  settings: ResolvedTrainOptions,
  data: LabeledData,
  sizes: { readonly size: number; readonly labels: number },
  rng: Rng,
): readonly GroupChains[] {
  const { groups, bufferSize, initialStates, marginalWeight, chains } = settings;
  const persistent = marginalWeight > 0 && chains === "buffer";
  const fresh = persistent
    ? freshStates(initialStates, data, sizes, freshBox(settings.sampler.settings), rng.split(3))
    : () => {};
  const capacity = persistent ? Math.ceil(bufferSize / groups) : 1;
  return Array.from(
    { length: groups },
    (_, group) => new GroupChains(settings, sizes, capacity, fresh, rng.split(16 + group)),
  );
}

/** The chains of one group, and its stream of randomness, which also keys the noise of its tasks. */
export class GroupChains {
  readonly buffer: ReplayBuffer;
  rng: Rng;
  readonly #labels: number;
  readonly #size: number;

  constructor(
    { classConditional, restartProbability }: ResolvedTrainOptions,
    { size, labels }: { readonly size: number; readonly labels: number },
    capacity: number,
    fresh: (rng: Rng, out: Float32Array, label: number) => void,
    rng: Rng,
  ) {
    this.#labels = labels;
    this.#size = size;
    this.rng = rng;
    // A chain keeps its class for life: that of its place.
    const write = (own: Rng, out: Float32Array, place: number): void =>
      fresh(own, out, classConditional ? place % labels : -1);
    const states = new Float32Array(capacity * size);
    this.buffer = new ReplayBuffer<Float32Array>(states, size, write, rng.split(0), restartProbability);
  }

  task(share: Share, settings: ResolvedTrainOptions): Prepared {
    const { rng } = this;
    const count = share.labels.length;
    const task: GroupTask = {
      ...share,
      ...(settings.outliers && { outliers: this.#outliers(settings.outliers, count) }),
      inputNoise: settings.inputNoise,
      sampleNoise: settings.sampleNoise,
      sampler: settings.sampler.settings ?? NO_SETTINGS,
      key: noiseKey(rng),
      total: { data: settings.batchSize, outliers: settings.batchSize },
    };
    if (settings.marginalWeight === 0) return { task };
    if (settings.chains === "data") {
      const labels = settings.classConditional && { stateLabels: share.labels };
      return { task: { ...task, states: share.inputs.slice(), ...labels } };
    }
    const states = new Float32Array(count * this.#size);
    const places = this.buffer.draw(rng, states);
    const labels = settings.classConditional && {
      stateLabels: Int32Array.from(places, (place) => place % this.#labels),
    };
    return {
      task: { ...task, states, ...labels },
      put: (ends) => this.buffer.put(places, ends),
    };
  }

  #outliers(all: Inputs, count: number): Float32Array {
    const size = this.#size;
    const rows = new Float32Array(count * size);
    for (let k = 0; k < count; k++) {
      const i = this.rng.index(all.length / size);
      rows.set(floatRows(all, size, i, i + 1), k * size);
    }
    return rows;
  }
}

/** Stands in the tasks of a sampler that is code; the thread that has it does not look. */
const NO_SETTINGS = {
  steps: 1,
  stepSize: 1,
  noiseScale: 0,
  box: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  maxGradient: Number.POSITIVE_INFINITY,
  direction: "gradient",
} as const;

/** Coordinates that the spread is taken over, at most: a sample of them says enough. */
const LOOKED_AT = 64;

/** Standard deviation between states, averaged over their coordinates. */
export function spread(groups: readonly Float32Array[], size: number): number {
  const stride = Math.max(1, Math.floor(size / LOOKED_AT));
  const rows = groups.reduce((sum, states) => sum + states.length / size, 0);
  if (rows < 2) return Number.POSITIVE_INFINITY;
  let [total, columns] = [0, 0];
  for (let j = 0; j < size; j += stride, columns++) {
    let [sum, squares] = [0, 0];
    for (const states of groups) {
      for (let at = j; at < states.length; at += size) {
        sum += states[at];
        squares += states[at] ** 2;
      }
    }
    total += Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2));
  }
  return total / columns;
}
