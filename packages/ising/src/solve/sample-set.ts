import type { Matrix } from "@basin/energy-core";
import { matrix, row } from "@basin/energy-core";

/** A state with its energy and the number of reads that ended in it. */
export interface Sample {
  readonly state: Int8Array;
  readonly energy: number;
  readonly count: number;
}

/** The states that a solver found, in the order of its reads. */
export interface SampleSet {
  /** The states `[samples, variables]`, entries −1 and +1. */
  readonly states: Matrix<Int8Array>;
  /** E of every state. */
  readonly energies: Float64Array;
  /** The number of reads that ended in each state. */
  readonly counts: Int32Array;
}

/** Returns a state of least energy and the number of reads that ended in it, or `undefined` if there are no samples. */
export function lowest(set: SampleSet): Sample | undefined {
  let best: number | undefined;
  let count = 0;
  for (let r = 0; r < set.energies.length; r++) {
    if (best === undefined || set.energies[r] < set.energies[best]) {
      best = r;
      count = set.counts[r];
    } else if (set.energies[r] === set.energies[best] && sameState(set, r, best)) {
      count += set.counts[r];
    }
  }
  if (best === undefined) return undefined;
  return { state: row(set.states, best).slice(), energy: set.energies[best], count };
}

function sameState({ states }: SampleSet, a: number, b: number): boolean {
  const other = row(states, b);
  return row(states, a).every((spin, i) => spin === other[i]);
}

/**
 * Returns the set with equal states merged and their counts added up. The states are ordered by energy, and equal
 * energies by first occurrence.
 *
 * @example
 * ```ts
 * import { aggregate, anneal, createModel } from "@basin/ising";
 *
 * const { states, energies, counts } = aggregate(await anneal(createModel("chain", 4), { reads: 32, sweeps: 100, seed: 1 }));
 * console.log(states.shape[0], energies[0], counts); // fewer states than the 32 reads; −4 is the least energy
 * ```
 */
export function aggregate(set: SampleSet): SampleSet {
  const variables = set.states.shape[1];
  const first = new Map<string, number>();
  const counts = new Map<number, number>();
  for (let r = 0; r < set.energies.length; r++) {
    const key = stateKey(row(set.states, r));
    const at = first.get(key);
    if (at === undefined) first.set(key, r);
    counts.set(at ?? r, (counts.get(at ?? r) ?? 0) + set.counts[r]);
  }
  const order = [...counts.keys()].sort((a, b) => set.energies[a] - set.energies[b] || a - b);
  const states = new Int8Array(order.length * variables);
  for (const [to, from] of order.entries()) states.set(row(set.states, from), to * variables);
  return {
    states: matrix(states, order.length, variables),
    energies: Float64Array.from(order, (r) => set.energies[r]),
    counts: Int32Array.from(order, (r) => counts.get(r) as number),
  };
}

/** Returns the samples ordered by energy; equal energies keep their order. */
export function lowestFirst(samples: readonly Sample[]): Sample[] {
  return samples.toSorted((a, b) => a.energy - b.energy);
}

/** Returns a text unique to the state, with sixteen spins a character. */
export function stateKey(state: Int8Array): string {
  const codes = new Uint16Array(Math.ceil(state.length / 16));
  for (let i = 0; i < state.length; i++) if (state[i] > 0) codes[i >> 4] |= 1 << (i & 15);
  let key = "";
  for (let c = 0; c < codes.length; c += 4096) key += String.fromCharCode(...codes.subarray(c, c + 4096));
  return key;
}
