import type { Cursor } from "@basin/energy-core";
import { exp, log } from "@basin/energy-core/random";

/** What the energy of the visible units needs of a machine. */
interface Machine {
  readonly hidden: number;
  readonly weights: Float64Array;
  readonly visibleBias: Float64Array;
  readonly low: number;
  value(spin: number): number;
  hiddenFields(x: Int8Array): Float64Array;
}

/** log(e^(low·a) + e^a), with the larger exponent taken out. */
export function logTwo(a: number, low: number): number {
  const other = low * a;
  return Math.max(a, other) + log(1 + exp(-Math.abs(a - other)));
}

/** Returns F of a state from the fields of its hidden units. */
export function freeEnergy(machine: Machine, x: Int8Array, fields: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += machine.visibleBias[i] * machine.value(x[i]);
  for (const field of fields) sum += logTwo(field, machine.low);
  return 0 - sum;
}

/** The fields of the hidden units, kept while visible ones flip: a difference costs one pass over the hidden units. */
export class RbmCursor implements Cursor<Int8Array> {
  readonly state: Int8Array;
  energy: number;
  readonly #machine: Machine;
  readonly #fields: Float64Array;
  /** log Σ_h exp(h a_j) of every hidden unit as it stands. */
  readonly #terms: Float64Array;

  constructor(machine: Machine, state: Int8Array) {
    this.state = state;
    this.#machine = machine;
    this.#fields = machine.hiddenFields(state);
    this.energy = freeEnergy(machine, state, this.#fields);
    this.#terms = this.#fields.map((field) => logTwo(field, machine.low));
  }

  delta(i: number): number {
    const { hidden, weights, visibleBias, low } = this.#machine;
    const change = this.#change(i);
    let sum = change * visibleBias[i];
    for (let j = 0, at = i * hidden; j < hidden; j++, at++) {
      sum += logTwo(this.#fields[j] + change * weights[at], low) - this.#terms[j];
    }
    return 0 - sum;
  }

  deltas(out: Float64Array): Float64Array {
    for (let i = 0; i < this.state.length; i++) out[i] = this.delta(i);
    return out;
  }

  apply(i: number): void {
    const { hidden, weights, low } = this.#machine;
    this.energy += this.delta(i);
    const change = this.#change(i);
    this.state[i] = -this.state[i];
    for (let j = 0, at = i * hidden; j < hidden; j++, at++) {
      this.#fields[j] += change * weights[at];
      this.#terms[j] = logTwo(this.#fields[j], low);
    }
  }

  /** What a flip adds to the value of unit i. */
  #change(i: number): number {
    return -this.state[i] * (1 - this.#machine.low);
  }
}
