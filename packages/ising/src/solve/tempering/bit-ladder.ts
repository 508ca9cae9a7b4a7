import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelOption, type WasmInstance } from "@basin/energy-core/wasm";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { BitBatch } from "../bits/batch.ts";
import type { SolveExports } from "../bits/exports.ts";
import { solveKernel } from "../bits/kernel.ts";
import { type BitLayout, REPLICAS } from "../bits/layout.ts";
import type { Ladder } from "./contract.ts";

/** Passes over the nodes after which growing clusters are given up. */
const MOST_PASSES = 300;

/** What lies behind the layout of the annealer; every address is in bytes. */
interface Extras {
  readonly mask: number;
  readonly agree: number;
  readonly counts: number;
  readonly levels: number;
  readonly starts: number;
  readonly neighbors: number;
  readonly terms: number;
  readonly termsEnd: number;
  readonly clusters: number;
  readonly states: number;
  readonly bytes: number;
}

/** Returns 128 ladders side by side; `undefined` where their memory would pass 2 GiB. */
export async function bitLadder(
  layout: BitLayout,
  levels: number,
  option: KernelOption | undefined,
): Promise<Ladder | undefined> {
  const extras = place(layout, levels);
  if (extras === undefined) return undefined;
  const { implementation } = await chooseKernel(solveKernel(extras.bytes), option);
  return new BitLadder(layout, extras, implementation);
}

function place(layout: BitLayout, levels: number): Extras | undefined {
  const { problem, unit } = layout;
  const { variables, adjacency } = problem;
  const bits = Math.ceil(Math.log2(totalUnits(problem, unit) + 2));
  const terms = problem.couplings.values.length + problem.fields.filter((h) => h !== 0).length;
  const mask = layout.bytes;
  const agree = mask + 16;
  // Behind the counts' own vectors lies one of ones, the spin that never moves.
  const counts = agree + 16;
  const starts = counts + 16 * (bits + 1);
  const neighbors = starts + align(4 * (variables + 1));
  const first = neighbors + align(4 * adjacency.neighbors.length);
  const clusters = first + 16 * terms;
  const states = clusters + 16 * variables;
  const bytes = states + 16 * variables * levels;
  if (bytes >= 2 ** 31 || bits > 31) return undefined;
  const termsEnd = first + 16 * terms;
  return {
    ...{
      mask,
      agree,
      counts,
      levels: bits,
      starts,
      neighbors,
      terms: first,
      termsEnd,
      clusters,
      states,
      bytes,
    },
  };
}

function totalUnits({ couplings, fields }: SpinProblem, unit: number): number {
  let total = 0;
  for (const value of couplings.values) total += Math.abs(value) / unit;
  for (const value of fields) total += Math.abs(value) / unit;
  return total;
}

function align(bytes: number): number {
  return (bytes + 15) & ~15;
}

class BitLadder implements Ladder {
  readonly replicas = REPLICAS;
  readonly #layout: BitLayout;
  readonly #extras: Extras;
  readonly #instance: WasmInstance<SolveExports>;
  readonly #batch: BitBatch;
  readonly #words: Int32Array;
  readonly #energies = new Float64Array(REPLICAS);
  readonly #total: number;
  readonly #symmetric: boolean;

  constructor(layout: BitLayout, extras: Extras, instance: WasmInstance<SolveExports>) {
    this.#layout = layout;
    this.#extras = extras;
    this.#instance = instance;
    this.#batch = new BitBatch(layout, instance);
    this.#words = new Int32Array(instance.memory.buffer);
    this.#total = totalUnits(layout.problem, layout.unit);
    this.#symmetric = layout.problem.fields.every((h) => h === 0);
    this.#write();
  }

  #write(): void {
    const { problem, unit, order, words: first } = this.#layout;
    const { counts, levels, starts, neighbors, terms } = this.#extras;
    const words = this.#words;
    const at = new Int32Array(problem.variables);
    for (const [k, i] of order.entries()) at[i] = k;
    const ones = counts + 16 * levels;
    words.fill(-1, ones >> 2, (ones >> 2) + 4);
    let term = terms >> 2;
    const add = (a: number, b: number, value: number) => {
      words.set([a, b, value > 0 ? -1 : 0, Math.abs(value) / unit], term);
      term += 4;
    };
    const { couplings, fields, adjacency } = problem;
    for (const [e, value] of couplings.values.entries())
      add(first + 16 * at[couplings.sources[e]], first + 16 * at[couplings.targets[e]], value);
    for (const [i, h] of fields.entries()) if (h !== 0) add(first + 16 * at[i], ones, h);
    let k = 0;
    for (const [row, i] of order.entries()) {
      words[(starts >> 2) + row] = k;
      for (let n = adjacency.starts[i]; n < adjacency.starts[i + 1]; n++)
        words[(neighbors >> 2) + k++] = at[adjacency.neighbors[n]];
    }
    words[(starts >> 2) + order.length] = k;
  }

  start(level: number, rng: Rng): void {
    this.#batch.start(rng);
    this.#takeOut(level);
  }

  visit(level: number, inverseTemperature: number, sweeps: number, clusters?: Rng): Float64Array {
    this.#bringIn(level);
    this.#batch.anneal(new Float64Array(sweeps).fill(inverseTemperature), 0, sweeps);
    if (clusters !== undefined) this.#moveClusters(clusters);
    const { exports } = this.#instance;
    const { terms, termsEnd, counts, levels } = this.#extras;
    exports.countSatisfied(terms, termsEnd, counts, levels);
    const { unit, problem } = this.#layout;
    for (let r = 0; r < REPLICAS; r++) {
      let satisfied = 0;
      for (let k = levels - 1; k >= 0; k--)
        satisfied = 2 * satisfied + ((this.#words[(counts >> 2) + 4 * k + (r >> 5)] >>> (r & 31)) & 1);
      this.#energies[r] = (this.#total - 2 * satisfied) * unit + problem.offset;
    }
    this.#takeOut(level);
    return this.#energies;
  }

  exchange(a: number, b: number, chosen: Uint8Array): void {
    const { mask } = this.#extras;
    const words = this.#words;
    words.fill(0, mask >> 2, (mask >> 2) + 4);
    for (const [r, bit] of chosen.entries()) words[(mask >> 2) + (r >> 5)] |= bit << (r & 31);
    this.#instance.exports.exchange(this.#state(a), this.#state(b), this.#layout.order.length, mask);
  }

  read(level: number, replica: number, out: Int8Array): void {
    this.#bringIn(level);
    this.#batch.readState(replica, out);
  }

  #state(level: number): number {
    return this.#extras.states + 16 * this.#layout.order.length * level;
  }

  #bringIn(level: number): void {
    const { words, order, complement } = this.#layout;
    this.#instance.exports.bring(this.#state(level), words, order.length, complement);
  }

  #takeOut(level: number): void {
    const { words, order } = this.#layout;
    this.#instance.exports.bring(words, this.#state(level), order.length, 0);
  }

  /** One cluster for each of the 64 pairs, grown from a node where the two replicas differ. */
  #moveClusters(rng: Rng): void {
    const { words: first, order, complement } = this.#layout;
    const { clusters, starts, neighbors, agree } = this.#extras;
    const n = order.length;
    const words = this.#words;
    words.fill(0, clusters >> 2, (clusters >> 2) + 4 * n);
    words.fill(0, agree >> 2, (agree >> 2) + 4);
    for (let r = 0; r < REPLICAS; r += 2) this.#seed(r, rng);
    const { exports } = this.#instance;
    exports.moveClusters(n, first, starts, neighbors, clusters, agree, MOST_PASSES);
    exports.bring(first, first, n, complement);
  }

  #seed(r: number, rng: Rng): void {
    const { words: first, order } = this.#layout;
    const { clusters, agree } = this.#extras;
    const n = order.length;
    const words = this.#words;
    const [w, shift] = [r >> 5, r & 31];
    const differs = (node: number) => {
      const word = words[(first >> 2) + 4 * node + w] >>> shift;
      return ((word ^ (word >>> 1)) & 1) === 1;
    };
    // Without fields a replica and its mirror image are one: the smaller of "unlike" and "alike" has the smaller clusters.
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
