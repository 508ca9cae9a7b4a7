import { seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { WasmInstance } from "@basin/energy-core/wasm";
import { writeCoinRow } from "./coin-table.ts";
import type { SolveExports } from "./exports.ts";
import { type BitLayout, LOG_END, REPLICAS, TABLE_ROWS } from "./layout.ts";

/** 128 replicas in the kernel's memory. */
export class BitBatch {
  readonly #layout: BitLayout;
  readonly #instance: WasmInstance<SolveExports>;
  readonly #shared: boolean;

  constructor(layout: BitLayout, instance: WasmInstance<SolveExports>, shared = false) {
    this.#shared = shared;
    this.#layout = layout;
    this.#instance = instance;
    layout.write(this.#words());
  }

  /** Draws random spins for every replica and seeds the kernel's generators, all from `rng`. */
  start(rng: Rng): void {
    const { words: first, complement, tape, log, order } = this.#layout;
    const words = this.#words();
    seedTape(words, rng, tape);
    words[log >> 2] = log + LOG_END;
    for (let at = first >> 2, end = at + 4 * order.length; at < end; at++) {
      words[at] = rng.uint32();
      if (complement > 0) words[at + (complement >> 2)] = ~words[at];
    }
  }

  /** Runs the Metropolis sweeps `from` … `to − 1` of `inverseTemperatures`. */
  anneal(inverseTemperatures: Float64Array, from: number, to: number): void {
    for (let s = from; s < to; s += TABLE_ROWS) {
      const rows = Math.min(TABLE_ROWS, to - s);
      const { buffer } = this.#instance.memory;
      for (let r = 0; r < rows; r++)
        writeCoinRow(buffer, this.#layout, r, inverseTemperatures[s + r], true, this.#shared);
      this.#instance.exports.sweeps(0, rows, 0);
    }
  }

  /** Flips what lowers the energy until no single flip does. */
  descend(): void {
    writeCoinRow(this.#instance.memory.buffer, this.#layout, 0, 0, false);
    // Every pass that flips lowers an energy of integer units, so this ends.
    while (this.#instance.exports.sweeps(0, 1, 0) !== 0);
  }

  /** Returns the energy of every replica. */
  energies(): Float64Array {
    const { problem, unit, order, words: first } = this.#layout;
    const words = this.#words();
    const place = new Int32Array(order.length);
    for (const [at, i] of order.entries()) place[i] = (first >> 2) + 4 * at;
    const counter = new BitCounter();
    let total = 0;
    const { sources, targets, values } = problem.couplings;
    for (let e = 0; e < values.length; e++) {
      const size = Math.abs(values[e]) / unit;
      const turn = values[e] > 0 ? -1 : 0;
      total += size;
      const [a, b] = [place[sources[e]], place[targets[e]]];
      for (let w = 0; w < 4; w++) counter.add(w, words[a + w] ^ words[b + w] ^ turn, size);
    }
    for (const [i, h] of problem.fields.entries()) {
      if (h === 0) continue;
      const size = Math.abs(h) / unit;
      total += size;
      for (let w = 0; w < 4; w++) counter.add(w, h > 0 ? words[place[i] + w] : ~words[place[i] + w], size);
    }
    // Every satisfied unit lowers the energy, every other raises it.
    return Float64Array.from({ length: REPLICAS }, (_, r) => {
      const energy = (total - 2 * counter.count(r)) * unit;
      return energy + problem.offset;
    });
  }

  /** Writes the spins of replica `r` into `out`. */
  readState(r: number, out: Int8Array): void {
    const words = this.#words();
    const { order, words: first } = this.#layout;
    const bit = r & 31;
    let at = (first >> 2) + (r >> 5);
    for (let place = 0; place < order.length; place++) {
      out[order[place]] = ((words[at] >>> bit) & 1) * 2 - 1;
      at += 4;
    }
  }

  #words(): Int32Array {
    return new Int32Array(this.#instance.memory.buffer);
  }
}

/** 128 counters, bit k of all of them in four words. */
class BitCounter {
  readonly #bits = new Int32Array(4 * 53);

  /** Adds `size` to the counters whose bit is set in word `w`. */
  add(w: number, word: number, size: number): void {
    const bits = this.#bits;
    let rest = size;
    for (let level = 0; rest > 0; level++, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      let carry = word;
      for (let at = 4 * level + w; carry !== 0; at += 4) {
        const bit = bits[at];
        bits[at] = bit ^ carry;
        carry &= bit;
      }
    }
  }

  count(r: number): number {
    let value = 0;
    for (let k = 52; k >= 0; k--) value = 2 * value + ((this.#bits[4 * k + (r >> 5)] >>> (r & 31)) & 1);
    return value;
  }
}
