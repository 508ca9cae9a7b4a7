import { CostError } from "@basin/energy-core";
import { exp, log } from "@basin/energy-core/random";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";
import { logTwo } from "./rbm-cursor.ts";

/** Units of the smaller layer that are enumerated at most. */
const MOST_UNITS = 25;

/**
 * Returns log Z = log Σ_v exp(−F(v)) exactly, by walking all states of the smaller layer in Gray-code order with the
 * other layer summed out: 2^min(V, H) · max(V, H) steps.
 *
 * @throws {CostError} when both layers have more than 25 units.
 */
export function exactLogPartition(machine: RestrictedBoltzmannMachine): number {
  const { visible, hidden, low } = machine;
  const [small, large] = [Math.min(visible, hidden), Math.max(visible, hidden)];
  if (small > MOST_UNITS) {
    throw new CostError(
      `an exact log Z of ${visible} and ${hidden} units walks 2^${small} states, at most 2^${MOST_UNITS}; the method "annealed" estimates it`,
    );
  }
  const byHidden = hidden <= visible;
  const [bias, otherBias] = byHidden
    ? [machine.hiddenBias, machine.visibleBias]
    : [machine.visibleBias, machine.hiddenBias];
  const weight = byHidden
    ? (unit: number, other: number) => machine.weights[other * hidden + unit]
    : (unit: number, other: number) => machine.weights[unit * hidden + other];
  const rows = Array.from({ length: small }, (_, unit) =>
    Float64Array.from({ length: large }, (_, other) => weight(unit, other)),
  );
  const other = new SummedLayer(bias, otherBias, rows, low);
  let top = -Infinity;
  let scaled = 0;
  for (let state = 0; ; ) {
    const value = other.logSum();
    if (value > top) {
      scaled = scaled * exp(top - value) + 1;
      top = value;
    } else scaled += exp(value - top);
    if (++state === 2 ** small) return top + log(scaled);
    other.flip(31 - Math.clz32(state & -state));
    if (state % RENEW_EVERY === 0) other.renew();
  }
}

/** Products and added differences pile up rounding; a fresh start now and then keeps it at the last places. */
const RENEW_EVERY = 4096;
/** Factors 1 + e^x that go into one logarithm, and the largest x for which their product is finite. */
const FACTORS = 8;
const LARGEST_EXPONENT = 85;

/**
 * One layer, whose units are walked, with the other one summed out: log Σ over the other layer of exp(−E) is linear in
 * the walked units plus Σ_k log(1 + e^((1 − low) a_k)). The exponentials are kept, and a flip multiplies them.
 */
class SummedLayer {
  readonly #on: boolean[];
  readonly #bias: Float64Array;
  readonly #otherBias: Float64Array;
  readonly #rows: readonly Float64Array[];
  readonly #low: number;
  readonly #gains: readonly Float64Array[] | undefined;
  readonly #fields: Float64Array;
  readonly #powers: Float64Array;
  #linear = 0;

  constructor(bias: Float64Array, otherBias: Float64Array, rows: readonly Float64Array[], low: number) {
    this.#on = new Array<boolean>(rows.length).fill(false);
    this.#bias = bias;
    this.#otherBias = otherBias;
    this.#rows = rows;
    this.#low = low;
    this.#fields = otherBias.slice();
    this.#powers = new Float64Array(otherBias.length);
    const step = 1 - low;
    const reach = otherBias.map(
      (b, k) => step * rows.reduce((sum, row) => sum + Math.abs(row[k]), Math.abs(b)),
    );
    const safe = reach.every((x) => x < LARGEST_EXPONENT);
    this.#gains = safe ? rows.map((row) => row.map((w) => exp(step * step * w))) : undefined;
    this.renew();
  }

  /** log Σ over the other layer for the state that is walked. */
  logSum(): number {
    const powers = this.#powers;
    let sum = this.#linear;
    if (this.#gains === undefined) {
      for (const field of this.#fields) sum += logTwo(field, this.#low) - this.#low * field;
      return sum;
    }
    for (let k = 0; k < powers.length; k += FACTORS) {
      let product = 1;
      const end = Math.min(powers.length, k + FACTORS);
      for (let i = k; i < end; i++) product *= 1 + powers[i];
      sum += log(product);
    }
    return sum;
  }

  flip(unit: number): void {
    const on = !this.#on[unit];
    this.#on[unit] = on;
    const row = this.#rows[unit];
    const change = on ? 1 - this.#low : this.#low - 1;
    this.#linear += change * this.#bias[unit];
    for (let k = 0; k < row.length; k++) this.#linear += this.#low * change * row[k];
    if (this.#gains === undefined) for (let k = 0; k < row.length; k++) this.#fields[k] += change * row[k];
    else if (on) for (let k = 0; k < row.length; k++) this.#powers[k] *= this.#gains[unit][k];
    else for (let k = 0; k < row.length; k++) this.#powers[k] /= this.#gains[unit][k];
  }

  /** Computes everything anew. */
  renew(): void {
    const fields = this.#fields;
    fields.set(this.#otherBias);
    this.#linear = 0;
    for (const [unit, row] of this.#rows.entries()) {
      const value = this.#on[unit] ? 1 : this.#low;
      this.#linear += value * this.#bias[unit];
      if (value !== 0) for (let k = 0; k < row.length; k++) fields[k] += value * row[k];
    }
    for (let k = 0; k < fields.length; k++) {
      this.#linear += this.#low * fields[k];
      this.#powers[k] = exp((1 - this.#low) * fields[k]);
    }
  }
}
