import { permutation, type Rng, type RngState, restoreRng, shuffle } from "@basin/energy-core/random";

/** What batches go on from. */
export interface BatchesState {
  readonly order: Uint32Array;
  readonly at: number;
  readonly rng: RngState;
}

/**
 * Draws batches of row numbers for ever, each epoch in a random order of its own; what is left over at an epoch's end
 * waits for another.
 */
export class Batches {
  readonly size: number;
  readonly #rows: number;
  readonly #onward: boolean;
  #order: Uint32Array;
  #at: number;
  #rng: Rng;

  /**
   * @param onward whether an epoch's order is made of the last one's, and not of rows in order: which draws, not which
   * law.
   */
  constructor(rows: number, size: number, rng: Rng, onward = false) {
    this.size = Math.min(size, rows);
    this.#rows = rows;
    this.#onward = onward;
    this.#order = Uint32Array.from({ length: rows }, (_, i) => i);
    this.#at = rows;
    this.#rng = rng;
  }

  /** Whether the next batch begins an epoch. */
  get epochEnds(): boolean {
    return this.#at + this.size > this.#rows;
  }

  /** Returns the rows of the next batch: a view. */
  next(): Uint32Array {
    if (this.epochEnds) {
      if (this.#onward) shuffle(this.#rng, this.#order);
      else this.#order = permutation(this.#rng, this.#rows);
      this.#at = 0;
    }
    this.#at += this.size;
    return this.#order.subarray(this.#at - this.size, this.#at);
  }

  save(): BatchesState {
    return { order: this.#order.slice(), at: this.#at, rng: this.#rng.save() };
  }

  restore({ order, at, rng }: BatchesState): void {
    this.#order = order.slice();
    this.#at = at;
    this.#rng = restoreRng(rng);
  }
}
