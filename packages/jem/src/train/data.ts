import { DimensionError } from "@basin/energy-core";
import { checkKind, checkLength } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { Batches, type BatchesState } from "@basin/samplers/internal";
import { checkFinite, floatRows, type Inputs } from "../inputs.ts";
import { checkLabels } from "../labels.ts";

/** Labeled inputs. */
export interface LabeledData {
  /** Row-major `[count, size]`. Bytes stand for value/255, floats for themselves. */
  readonly inputs: Inputs;
  /** One class an input, 0 to labels − 1. */
  readonly labels: ArrayLike<number>;
}

/** One minibatch. */
export interface Minibatch {
  readonly inputs: Float32Array;
  readonly labels: Int32Array;
}

/**
 * Draws minibatches for ever, each epoch in an order of its own.
 *
 * @throws {DimensionError} when inputs and labels do not match, or there are fewer than a batch.
 * @throws {ArgumentError} for a label out of range or an input that is not finite, naming its place.
 */
export class Minibatches {
  readonly #data: LabeledData;
  readonly #size: number;
  readonly #batches: Batches;

  constructor(data: LabeledData, size: number, labels: number, batch: number, rng: Rng) {
    checkData(data, size, labels);
    if (data.labels.length < batch) {
      throw new DimensionError(
        `there are ${data.labels.length} labeled inputs, expected at least a batch of ${batch}`,
      );
    }
    this.#data = data;
    this.#size = size;
    this.#batches = new Batches(data.labels.length, batch, rng, true);
  }

  save(): BatchesState {
    return this.#batches.save();
  }

  restore(state: BatchesState): void {
    this.#batches.restore(state);
  }

  next(): Minibatch {
    const size = this.#size;
    const rows = this.#batches.next();
    const inputs = new Float32Array(rows.length * size);
    for (const [k, i] of rows.entries()) inputs.set(floatRows(this.#data.inputs, size, i, i + 1), k * size);
    return { inputs, labels: Int32Array.from(rows, (i) => this.#data.labels[i]) };
  }
}

/** Returns data with their labels, which are all 0 where a model has one label and none are given. */
export function labeled(
  data: LabeledData | Pick<LabeledData, "inputs">,
  size: number,
  classes: number,
): LabeledData {
  const count = (data as Partial<LabeledData> | undefined)?.inputs?.length;
  checkKind("the data of train", data, count !== undefined, "{ inputs, labels }");
  if (classes !== 1 || ("labels" in data && data.labels !== undefined)) return data as LabeledData;
  return { ...data, labels: new Uint8Array(Math.floor(data.inputs.length / size)) };
}

/** Checks labeled data as {@link Minibatches} says. */
export function checkData({ inputs, labels }: LabeledData, size: number, classes: number): void {
  const count = inputs.length / size;
  checkLabels(labels, classes, Number.isInteger(count) ? count : undefined);
  checkLength("inputs", inputs.length, labels.length * size);
  checkFinite("input", inputs, size);
}
