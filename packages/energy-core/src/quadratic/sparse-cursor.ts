import type { Cursor } from "../energy.ts";

/**
 * A symmetric matrix W in compressed rows: row i has `values[k]` in column `neighbors[k]`, for `starts[i]` ≤ k <
 * `starts[i + 1]`.
 */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly neighbors: Int32Array;
  readonly values: Float64Array;
}

/**
 * A cursor on spins whose local fields are f_i = Σ_j W_ij s_j − θ_i, so that the flip of spin i changes the energy by 2
 * s_i f_i.
 */
export class SparseCursor implements Cursor<Int8Array> {
  readonly state: Int8Array;
  energy: number;
  readonly #fields: Float64Array;
  readonly #starts: Int32Array;
  readonly #neighbors: Int32Array;
  readonly #values: Float64Array;

  /** @param fields of `state`, which the cursor changes. */
  constructor(state: Int8Array, rows: SparseRows, fields: Float64Array, energy: number) {
    this.state = state;
    this.energy = energy;
    this.#fields = fields;
    this.#starts = rows.starts;
    this.#neighbors = rows.neighbors;
    this.#values = rows.values;
  }

  delta(i: number): number {
    return 2 * this.state[i] * this.#fields[i];
  }

  deltas(out: Float64Array): Float64Array {
    const { state } = this;
    const fields = this.#fields;
    for (let i = 0; i < state.length; i++) out[i] = 2 * state[i] * fields[i];
    return out;
  }

  apply(i: number): void {
    const before = this.state[i];
    const fields = this.#fields;
    this.energy += 2 * before * fields[i];
    this.state[i] = -before;
    const neighbors = this.#neighbors;
    const values = this.#values;
    const end = this.#starts[i + 1];
    const change = -2 * before;
    for (let k = this.#starts[i]; k < end; k++) fields[neighbors[k]] += change * values[k];
  }
}
