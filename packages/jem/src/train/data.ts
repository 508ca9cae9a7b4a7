import { checkLength, DimensionError } from "@basin/energy-core";
import { type Rng, type RngState, restoreRng, shuffle } from "@basin/energy-core/random";
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
  readonly #batch: number;
  readonly #order: Uint32Array;
  #rng: Rng;
  #at: number;

  constructor(data: LabeledData, size: number, labels: number, batch: number, rng: Rng) {
    checkData(data, size, labels);
    if (data.labels.length < batch) {
      throw new DimensionError(
        `there are ${data.labels.length} labeled inputs, expected at least a batch of ${batch}`,
      );
    }
    this.#data = data;
    this.#size = size;
    this.#batch = batch;
    this.#order = Uint32Array.from({ length: data.labels.length }, (_, i) => i);
    this.#rng = rng;
    this.#at = this.#order.length;
  }

  /** Where in which order the next batch starts. */
  save(): { order: Uint32Array; at: number; rng: RngState } {
    return { order: this.#order.slice(), at: this.#at, rng: this.#rng.save() };
  }

  restore({ order, at, rng }: { order: Uint32Array; at: number; rng: RngState }): void {
    this.#order.set(order);
    this.#at = at;
    this.#rng = restoreRng(rng);
  }

  next(): Minibatch {
    if (this.#at + this.#batch > this.#order.length) {
      shuffle(this.#rng, this.#order);
      this.#at = 0;
    }
    const size = this.#size;
    const inputs = new Float32Array(this.#batch * size);
    const labels = new Int32Array(this.#batch);
    for (let k = 0; k < this.#batch; k++) {
      const i = this.#order[this.#at++];
      inputs.set(floatRows(this.#data.inputs, size, i, i + 1), k * size);
      labels[k] = this.#data.labels[i];
    }
    return { inputs, labels };
  }
}

/** Checks labeled data as {@link Minibatches} says. */
export function checkData({ inputs, labels }: LabeledData, size: number, classes: number): void {
  const count = inputs.length / size;
  checkLabels(labels, classes, Number.isInteger(count) ? count : undefined);
  checkLength("inputs", inputs.length, labels.length * size);
  checkFinite("input", inputs, size);
}
