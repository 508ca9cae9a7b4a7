import type { SpinProblem } from "../../problem/spin-problem.ts";
import type { BitLayout } from "./layout.ts";

/** What follows a {@link BitLayout} in the kernel's memory; every address is in bytes. */
export interface BitMemory {
  /** 128 bits: the replicas that an exchange swaps. */
  readonly mask: number;
  /** Counts of satisfied units in `levels` vectors, then a vector of ones for the spin that never moves. */
  readonly counts: number;
  readonly levels: number;
  /** Σ|J| + Σ|h| in units. */
  readonly total: number;
  /** The terms of the energy, one after another, up to `termsEnd`. */
  readonly terms: number;
  readonly termsEnd: number;
  /**
   * What cluster moves need: the graph in the order of the nodes, the members of a cluster, and the pairs whose
   * clusters consist of equal spins.
   */
  readonly agree: number;
  readonly starts: number;
  readonly neighbors: number;
  readonly clusters: number;
  /** States of the groups, if there are several. */
  readonly states: number;
  readonly bytes: number;
}

/**
 * Returns the addresses of all regions for the given number of groups of 128 replicas, or `undefined` if they exceed
 * the 2 GiB that the kernel can address.
 */
export function bitMemory(layout: BitLayout, groups: number, withClusters: boolean): BitMemory | undefined {
  const { problem, unit } = layout;
  const { variables, adjacency, couplings, fields } = problem;
  const total = totalUnits(problem, unit);
  const levels = Math.ceil(Math.log2(total + 2));
  let end = layout.bytes;
  const take = (bytes: number) => {
    const at = end;
    end += (bytes + 15) & ~15;
    return at;
  };
  const mask = take(16);
  const counts = take(16 * (levels + 1));
  const terms = take(16 * (couplings.values.length + fields.filter((h) => h !== 0).length));
  const termsEnd = end;
  const share = withClusters ? 1 : 0;
  const agree = take(16 * share);
  const starts = take(4 * (variables + 1) * share);
  const neighbors = take(4 * adjacency.neighbors.length * share);
  const clusters = take(16 * variables * share);
  const states = take(groups > 1 ? 16 * variables * groups : 0);
  if (end >= 2 ** 31) return undefined;
  return {
    mask,
    counts,
    levels,
    total,
    terms,
    termsEnd,
    agree,
    starts,
    neighbors,
    clusters,
    states,
    bytes: end,
  };
}

function totalUnits({ couplings, fields }: SpinProblem, unit: number): number {
  let total = 0;
  for (const value of couplings.values) total += Math.abs(value) / unit;
  for (const value of fields) total += Math.abs(value) / unit;
  return total;
}

/** Writes the terms of the energy, and the graph if cluster moves are wanted. */
export function writeBitMemory(words: Int32Array, layout: BitLayout, at: BitMemory): void {
  const { problem, unit, order, words: first } = layout;
  const place = new Int32Array(problem.variables);
  for (const [k, i] of order.entries()) place[i] = k;
  const ones = at.counts + 16 * at.levels;
  words.fill(-1, ones >> 2, (ones >> 2) + 4);
  let term = at.terms >> 2;
  const add = (a: number, b: number, value: number) => {
    words[term++] = a;
    words[term++] = b;
    words[term++] = value > 0 ? -1 : 0;
    words[term++] = Math.abs(value) / unit;
  };
  const { couplings, fields, adjacency } = problem;
  for (const [e, value] of couplings.values.entries())
    add(first + 16 * place[couplings.sources[e]], first + 16 * place[couplings.targets[e]], value);
  for (const [i, h] of fields.entries()) if (h !== 0) add(first + 16 * place[i], ones, h);
  if (at.neighbors === at.clusters) return;
  let k = 0;
  for (const [row, i] of order.entries()) {
    words[(at.starts >> 2) + row] = k;
    for (let n = adjacency.starts[i]; n < adjacency.starts[i + 1]; n++)
      words[(at.neighbors >> 2) + k++] = place[adjacency.neighbors[n]];
  }
  words[(at.starts >> 2) + order.length] = k;
}
