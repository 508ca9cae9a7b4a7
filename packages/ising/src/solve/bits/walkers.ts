import { type KernelName, seedTape, type WasmInstance } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { Walkers } from "@basin/samplers";
import {
  groupsOf,
  groupTemperature,
  type Initial,
  type Streams,
  type WalkersState,
  writeInitial,
} from "@basin/samplers/internal";
import { restoreParts, saveParts } from "../../sweep/memory-parts.ts";
import { writeCoinRow } from "./coin-table.ts";
import type { SolveExports } from "./exports.ts";
import { type BitLayout, LOG_END, REPLICAS, TABLE_ROWS } from "./layout.ts";
import { type BitMemory, writeBitMemory } from "./memory.ts";

/** Growing clusters are given up after this many passes over the nodes. */
const MOST_PASSES = 300;

/**
 * 128 replicas a group, one bit each. One group at a time occupies the region that sweeps work on; copies of the others
 * follow it.
 */
export class BitWalkers implements Walkers<Int8Array> {
  readonly count: number;
  readonly group = REPLICAS;
  readonly kernel: KernelName;
  readonly can;
  readonly #layout: BitLayout;
  readonly #at: BitMemory;
  readonly #exports: SolveExports;
  readonly #words: Int32Array;
  readonly #shared: boolean;
  readonly #symmetric: boolean;
  /** The group in the region that sweeps work on, and whether its stored copy is out of date. */
  #resident = 0;
  #changed = true;

  constructor(
    layout: BitLayout,
    at: BitMemory,
    { exports, memory }: WasmInstance<SolveExports>,
    {
      kernel,
      groups,
      shared,
      clusters,
    }: { kernel: KernelName; groups: number; shared: boolean; clusters: boolean },
  ) {
    this.count = REPLICAS * groups;
    this.kernel = kernel;
    this.#layout = layout;
    this.#at = at;
    this.#exports = exports;
    this.#words = new Int32Array(memory.buffer);
    this.#shared = shared;
    this.#symmetric = layout.problem.fields.every((h) => h === 0);
    layout.write(this.#words);
    writeBitMemory(this.#words, layout, at);
    this.can = {
      follow: (betas: Float64Array, from: number, to: number, group?: number) =>
        this.#follow(betas, from, to, group),
      descend: (group?: number) => this.#descend(group),
      ...(clusters ? { clusters: (rng: Rng, group: number) => this.#moveClusters(rng, group) } : {}),
    };
  }

  start(streams: Streams, initial?: Initial<Int8Array>): void {
    const { words: first, complement, tape, log, order } = this.#layout;
    const words = this.#words;
    for (let group = 0; group < this.count / REPLICAS; group++) {
      if (group > 0) this.#takeOut();
      this.#resident = group;
      this.#changed = true;
      const rng = streams(group);
      seedTape(words, rng, tape);
      words[log >> 2] = log + LOG_END;
      for (let at = first >> 2, end = at + 4 * order.length; at < end; at++) {
        words[at] = rng.uint32();
        if (complement > 0) words[at + (complement >> 2)] = ~words[at];
      }
    }
    writeInitial(this, streams, initial);
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    const [from, to] = groupsOf(this, group);
    const rows = Math.min(steps, TABLE_ROWS);
    for (let g = from; g < to; g++) {
      this.#bringIn(g);
      const beta = groupTemperature(inverseTemperatures, g);
      writeCoinRow(this.#words.buffer as ArrayBuffer, this.#layout, 0, beta, true, this.#shared);
      const { table, rowBytes } = this.#layout;
      for (let r = 1; r < rows; r++)
        this.#words.copyWithin((table + r * rowBytes) >> 2, table >> 2, (table + rowBytes) >> 2);
      for (let done = 0; done < steps; done += rows) this.#exports.sweeps(0, Math.min(rows, steps - done), 0);
      this.#changed = true;
    }
  }

  #follow(inverseTemperatures: Float64Array, from: number, to: number, group?: number): void {
    const [first, end] = groupsOf(this, group);
    for (let g = first; g < end; g++) {
      this.#bringIn(g);
      for (let s = from; s < to; s += TABLE_ROWS) {
        const rows = Math.min(TABLE_ROWS, to - s);
        for (let r = 0; r < rows; r++)
          writeCoinRow(
            this.#words.buffer as ArrayBuffer,
            this.#layout,
            r,
            inverseTemperatures[s + r],
            true,
            this.#shared,
          );
        this.#exports.sweeps(0, rows, 0);
      }
      this.#changed = true;
    }
  }

  #descend(group?: number): void {
    const [from, to] = groupsOf(this, group);
    for (let g = from; g < to; g++) {
      this.#bringIn(g);
      writeCoinRow(this.#words.buffer as ArrayBuffer, this.#layout, 0, 0, false);
      // Every pass that flips lowers an energy of integer units, so this loop ends.
      while (this.#exports.sweeps(0, 1, 0) !== 0);
      this.#changed = true;
    }
  }

  energies(out: Float64Array, group?: number): Float64Array {
    const [from, to] = groupsOf(this, group);
    const { terms, termsEnd, counts, levels, total } = this.#at;
    const { unit, problem } = this.#layout;
    for (let g = from; g < to; g++) {
      this.#bringIn(g);
      this.#exports.countSatisfied(terms, termsEnd, counts, levels);
      for (let r = 0; r < REPLICAS; r++) {
        let satisfied = 0;
        for (let k = levels - 1; k >= 0; k--)
          satisfied = 2 * satisfied + ((this.#words[(counts >> 2) + 4 * k + (r >> 5)] >>> (r & 31)) & 1);
        // Every satisfied unit lowers the energy, and every other one raises it.
        out[g * REPLICAS + r] = (total - 2 * satisfied) * unit + problem.offset;
      }
    }
    return out;
  }

  read(walker: number, out: Int8Array = new Int8Array(this.#layout.order.length)): Int8Array {
    const { order } = this.#layout;
    const { at, bit } = this.#place(walker);
    for (let node = 0, word = at; node < order.length; node++, word += 4)
      out[order[node]] = ((this.#words[word] >>> bit) & 1) * 2 - 1;
    return out;
  }

  write(walker: number, state: Int8Array): void {
    const { order, complement } = this.#layout;
    const { at, bit, resident } = this.#place(walker);
    const words = this.#words;
    for (let node = 0, word = at; node < order.length; node++, word += 4) {
      const up = state[order[node]] > 0 ? 1 : 0;
      words[word] = (words[word] & ~(1 << bit)) | (up << bit);
      if (resident && complement > 0) words[word + (complement >> 2)] = ~words[word];
    }
    if (resident) this.#changed = true;
  }

  exchange(a: number, b: number, chosen?: Uint8Array): void {
    if (a === b) return;
    this.#takeOut();
    if (this.#resident === a || this.#resident === b) this.#resident = -1;
    const mask = this.#at.mask >> 2;
    for (let w = 0; w < 4; w++) {
      let word = 0;
      for (let r = 32 * w; r < 32 * w + 32; r++)
        if (chosen === undefined || chosen[r] === 1) word |= 1 << (r & 31);
      this.#words[mask + w] = word;
    }
    this.#exports.exchange(this.#state(a), this.#state(b), this.#layout.order.length, this.#at.mask);
  }

  save(): WalkersState {
    return { bytes: saveParts(this.#words.buffer as ArrayBuffer, this.#parts()), numbers: [this.#resident] };
  }

  restore(saved: WalkersState): void {
    restoreParts(this.#words.buffer as ArrayBuffer, this.#parts(), saved);
    [this.#resident] = saved.numbers;
    this.#changed = this.#resident >= 0;
  }

  dispose(): void {}

  /**
   * Everything before the sweep table, which is rewritten for each run; then the spins being swept, and the stored
   * groups.
   */
  #parts(): [number, number][] {
    const { table, words, order, complement } = this.#layout;
    const nodes = 16 * order.length;
    const groups = this.count / REPLICAS;
    return [
      [0, table],
      [words, complement + nodes],
      [this.#at.states, groups > 1 ? nodes * groups : 0],
    ];
  }

  #state(group: number): number {
    return this.#at.states + 16 * this.#layout.order.length * group;
  }

  /** Word and bit of a walker's first spin. */
  #place(walker: number): { at: number; bit: number; resident: boolean } {
    const group = Math.floor(walker / REPLICAS);
    const resident = group === this.#resident;
    const from = resident ? this.#layout.words : this.#state(group);
    return { at: (from >> 2) + ((walker % REPLICAS) >> 5), bit: walker & 31, resident };
  }

  #bringIn(group: number): void {
    if (group === this.#resident) return;
    this.#takeOut();
    const { words, order, complement } = this.#layout;
    this.#exports.bring(this.#state(group), words, order.length, complement);
    this.#resident = group;
    this.#changed = false;
  }

  #takeOut(): void {
    if (!this.#changed || this.#resident < 0 || this.count === REPLICAS) return;
    const { words, order } = this.#layout;
    this.#exports.bring(words, this.#state(this.#resident), order.length, 0);
    this.#changed = false;
  }

  /** One cluster for each of the 64 pairs, grown from a node where the two replicas differ. */
  #moveClusters(rng: Rng, group: number): void {
    this.#bringIn(group);
    this.#changed = true;
    const { words: first, order, complement } = this.#layout;
    const { clusters, starts, neighbors, agree } = this.#at;
    const n = order.length;
    const words = this.#words;
    words.fill(0, clusters >> 2, (clusters >> 2) + 4 * n);
    words.fill(0, agree >> 2, (agree >> 2) + 4);
    for (let r = 0; r < REPLICAS; r += 2) this.#seed(r, rng);
    this.#exports.moveClusters(n, first, starts, neighbors, clusters, agree, MOST_PASSES);
    this.#exports.bring(first, first, n, complement);
  }

  #seed(r: number, rng: Rng): void {
    const { words: first, order } = this.#layout;
    const { clusters, agree } = this.#at;
    const n = order.length;
    const words = this.#words;
    const [w, shift] = [r >> 5, r & 31];
    const differs = (node: number) => {
      const word = words[(first >> 2) + 4 * node + w] >>> shift;
      return ((word ^ (word >>> 1)) & 1) === 1;
    };
    // Without fields a replica equals its mirror image. Of "unlike" and "alike", the one with fewer nodes has the
    // smaller clusters.
    let unlike = true;
    if (this.#symmetric) {
      let votes = 0;
      for (let k = 0; k < 32; k++) votes += differs(rng.index(n)) ? 1 : 0;
      unlike = votes <= 16;
    }
    const from = rng.index(n);
    for (let step = 0; step < n; step++) {
      const node = (from + step) % n;
      if (differs(node) !== unlike) continue;
      words[(clusters >> 2) + 4 * node + w] |= 3 << shift;
      break;
    }
    if (!unlike) words[(agree >> 2) + w] |= 3 << shift;
  }
}
