import { checkLength } from "@basin/energy-core";
import type { Edge } from "./edges.ts";
import { type SpinProblem, spinProblem } from "./spin-problem.ts";

/** A smaller problem with the same least energy, and the way back. */
export interface Reduction {
  /** The problem over the spins that are left, in their old order. */
  readonly problem: SpinProblem;
  /** For each spin that is left, its number in the problem reduced. */
  readonly kept: Int32Array;
  /** Returns the best state of the problem reduced that has these spins, and the same energy up to rounding. */
  restore(state: Int8Array): Int8Array;
}

/**
 * Returns `problem` without the spins whose value in some ground state follows from the others, by two rules
 * applied until neither does:
 *
 * - |h_i| ≥ Σ_j |J_ij|: σ_i = sign h_i. This frees isolated spins and forces strong fields.
 * - |J_ij| ≥ Σ_{k≠j} |J_ik| + |h_i|: σ_i = sign(J_ij) σ_j. This removes leaves and, without fields, spins of degree two.
 *
 * Every eliminated spin is set to its best value given the others, so least energies agree, and so do local minima.
 */
export function reduce(problem: SpinProblem): Reduction {
  const work = new Elimination(problem);
  work.run();
  return work.reduction();
}

/** σ_spin = sign · σ_partner, or sign alone where there is no partner. */
interface Tie {
  readonly spin: number;
  readonly partner: number | undefined;
  readonly sign: number;
}

class Elimination {
  readonly #problem: SpinProblem;
  readonly #rows: Map<number, number>[];
  readonly #fields: Float64Array;
  readonly #ties: Tie[] = [];
  readonly #gone: Uint8Array;
  readonly #queue: number[];
  readonly #queued: Uint8Array;
  #offset: number;

  constructor(problem: SpinProblem) {
    const { variables, adjacency, fields, offset } = problem;
    this.#problem = problem;
    this.#fields = fields.slice();
    this.#offset = offset;
    this.#gone = new Uint8Array(variables);
    this.#queued = new Uint8Array(variables).fill(1);
    this.#queue = Array.from({ length: variables }, (_, i) => i);
    this.#rows = this.#queue.map((i) => {
      const row = new Map<number, number>();
      for (let k = adjacency.starts[i]; k < adjacency.starts[i + 1]; k++) {
        row.set(adjacency.neighbours[k], adjacency.values[k]);
      }
      return row;
    });
  }

  run(): void {
    // The queue grows while it is walked.
    for (let at = 0; at < this.#queue.length; at++) {
      const i = this.#queue[at];
      this.#queued[i] = 0;
      if (this.#gone[i] === 0) this.#tryEliminate(i);
    }
  }

  #tryEliminate(i: number): void {
    const field = this.#fields[i];
    let total = Math.abs(field);
    let strongest = -1;
    let strength = 0;
    for (const [j, value] of this.#rows[i]) {
      const size = Math.abs(value);
      total += size;
      if (size > strength || (size === strength && j < strongest)) {
        strongest = j;
        strength = size;
      }
    }
    if (2 * Math.abs(field) >= total) this.#fix(i, field < 0 ? -1 : 1);
    else if (2 * strength >= total) this.#merge(i, strongest);
  }

  #fix(i: number, sign: number): void {
    this.#offset -= Math.abs(this.#fields[i]);
    for (const [k, value] of this.#rows[i]) {
      this.#rows[k].delete(i);
      this.#fields[k] += sign * value;
      this.#push(k);
    }
    this.#retire({ spin: i, partner: undefined, sign });
  }

  #merge(i: number, j: number): void {
    const row = this.#rows[i];
    const value = row.get(j) as number;
    const sign = value < 0 ? -1 : 1;
    this.#offset -= Math.abs(value);
    this.#fields[j] += sign * this.#fields[i];
    this.#rows[j].delete(i);
    for (const [k, coupling] of row) {
      if (k === j) continue;
      this.#rows[k].delete(i);
      this.#add(j, k, sign * coupling);
      this.#push(k);
    }
    this.#push(j);
    this.#retire({ spin: i, partner: j, sign });
  }

  #add(a: number, b: number, value: number): void {
    const sum = (this.#rows[a].get(b) ?? 0) + value;
    if (sum === 0) {
      this.#rows[a].delete(b);
      this.#rows[b].delete(a);
    } else {
      this.#rows[a].set(b, sum);
      this.#rows[b].set(a, sum);
    }
  }

  #retire(tie: Tie): void {
    this.#gone[tie.spin] = 1;
    this.#rows[tie.spin] = new Map();
    this.#ties.push(tie);
  }

  #push(i: number): void {
    if (this.#queued[i] === 1) return;
    this.#queued[i] = 1;
    this.#queue.push(i);
  }

  reduction(): Reduction {
    const { variables } = this.#problem;
    const kept: number[] = [];
    for (let i = 0; i < variables; i++) if (this.#gone[i] === 0) kept.push(i);
    const place = new Map(kept.map((i, at) => [i, at]));
    const couplings: Edge[] = [];
    for (const [at, i] of kept.entries()) {
      for (const [j, value] of this.#rows[i]) if (i < j) couplings.push([at, place.get(j) as number, value]);
    }
    const ties = this.#ties;
    return {
      problem: spinProblem({
        variables: kept.length,
        couplings,
        fields: kept.map((i) => this.#fields[i]),
        offset: this.#offset,
      }),
      kept: Int32Array.from(kept),
      restore: (state) => {
        checkLength("state", state.length, kept.length);
        const full = new Int8Array(variables);
        for (const [at, i] of kept.entries()) full[i] = state[at];
        for (let t = ties.length - 1; t >= 0; t--) {
          const { spin, partner, sign } = ties[t];
          full[spin] = partner === undefined ? sign : sign * full[partner];
        }
        return full;
      },
    };
  }
}
