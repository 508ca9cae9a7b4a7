import { checkLength } from "@basin/energy-core/internal";
import { EdgeList } from "./edge-list.ts";
import { exactSum } from "./exact-sum.ts";
import { isRounded, type SpinProblem, spinProblem } from "./spin-problem.ts";

/** A smaller problem with the same least energy, and the way back. */
export interface Reduction {
  /** The problem over the spins that are left, in their old order. */
  readonly problem: SpinProblem;
  /** For each spin that is left, its number in the problem reduced. */
  readonly kept: Int32Array;
  /**
   * How far, by rounding, differences between energies of the smaller problem can lie from those of the problem
   * reduced.
   */
  readonly error: number;
  /** Returns the best state of the problem reduced that has these spins, and the same energy up to rounding. */
  restore(state: Int8Array): Int8Array;
}

/**
 * Returns `problem` without the spins whose value in some ground state follows from the others, by two rules, applied
 * until neither applies:
 *
 * - |h_i| ≥ Σ_j |J_ij|: σ_i = sign h_i. This frees isolated spins and forces strong fields.
 * - |J_ij| ≥ Σ_{k≠j} |J_ik| + |h_i|: σ_i = sign(J_ij) σ_j. This removes leaves and, without fields, spins of degree
 *   two.
 *
 * Every eliminated spin is set to its best value given the others, so the lowest energies and the local minima agree.
 * If weights round, a spin stays unless its rule holds by more than the rounding.
 *
 * @example
 * ```ts
 * import { reduce, spinProblem } from "@basin/ising";
 *
 * const tree = spinProblem({ variables: 4, couplings: [[0, 1, 1], [1, 2, -2], [1, 3, 1]] });
 * const { kept, restore } = reduce(tree);
 * console.log(kept.length, tree.energy(restore(new Int8Array(0)))); // 0 −4: of a tree nothing is left to search
 * ```
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
  /** Rows that were changed other than by losing a neighbor that is gone; all others are read from the problem. */
  readonly #rows = new Map<number, Map<number, number>>();
  readonly #fields: Float64Array;
  readonly #ties: Tie[] = [];
  readonly #gone: Uint8Array;
  readonly #queue: Queue;
  /**
   * How far the field of each spin, with its couplings, may be rounded off; all 0 where weights are multiples of one
   * unit.
   */
  readonly #errors: Float64Array;
  readonly #rounds: boolean;
  #error = 0;
  #offset: number;

  constructor(problem: SpinProblem) {
    this.#problem = problem;
    this.#fields = problem.fields.slice();
    this.#offset = problem.offset;
    this.#gone = new Uint8Array(problem.variables);
    this.#queue = new Queue(problem.variables);
    this.#rounds = problem.unit === undefined;
    this.#errors = new Float64Array(problem.variables);
    if (isRounded(problem)) for (let i = 0; i < problem.variables; i++) this.#round(this.#fields[i], i);
  }

  /** Notes that `value`, of the row of `i` and perhaps of that of `j`, was rounded. */
  #round(value: number, i: number, j = i): void {
    if (!this.#rounds) return;
    const error = Math.abs(value) * 2 ** -53;
    this.#errors[i] += error;
    if (j !== i) this.#errors[j] += error;
    this.#error += error;
  }

  run(): void {
    for (let i = this.#queue.pop(); i >= 0; i = this.#queue.pop()) {
      if (this.#gone[i] === 0) this.#tryEliminate(i);
    }
  }

  /** Calls `visit` with the neighbors of i that are left, in ascending order until the row was changed. */
  #each(i: number, visit: (j: number, value: number) => void): void {
    const row = this.#rows.get(i);
    if (row !== undefined) {
      for (const [j, value] of row) if (this.#gone[j] === 0) visit(j, value);
      return;
    }
    const { starts, neighbors, values } = this.#problem.adjacency;
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (this.#gone[neighbors[k]] === 0) visit(neighbors[k], values[k]);
    }
  }

  #row(i: number): Map<number, number> {
    const known = this.#rows.get(i);
    if (known !== undefined) return known;
    const row = new Map<number, number>();
    this.#each(i, (j, value) => row.set(j, value));
    this.#rows.set(i, row);
    return row;
  }

  #tryEliminate(i: number): void {
    const field = this.#fields[i];
    let total = Math.abs(field);
    let strongest = -1;
    let strength = 0;
    this.#each(i, (j, value) => {
      const size = Math.abs(value);
      total += size;
      if (size > strength || (size === strength && j < strongest)) {
        strongest = j;
        strength = size;
      }
    });
    if (this.#holds(i, Math.abs(field), total)) this.#fix(i, field < 0 ? -1 : 1);
    else if (this.#holds(i, strength, total)) this.#merge(i, strongest);
  }

  /** Whether 2 `part` ≥ `total`, the sum of |J| and |h| of spin i, whatever rounding did to them. */
  #holds(i: number, part: number, total: number): boolean {
    const slack = 2 * part - total;
    if (!this.#rounds) return slack >= 0;
    const error = this.#errors[i];
    if (Math.abs(slack) > error + 2 ** -40 * total) return slack > 0;
    if (error > 0) return false;
    const terms = [2 * part, -Math.abs(this.#fields[i])];
    this.#each(i, (_, value) => terms.push(-Math.abs(value)));
    return exactSum(terms) >= 0;
  }

  #fix(i: number, sign: number): void {
    this.#offset -= Math.abs(this.#fields[i]);
    this.#each(i, (k, value) => {
      this.#fields[k] += sign * value;
      this.#round(this.#fields[k], k);
      this.#queue.push(k);
    });
    this.#retire({ spin: i, partner: undefined, sign });
  }

  #merge(i: number, j: number): void {
    const row = [...this.#row(i)].filter(([k]) => this.#gone[k] === 0);
    const value = this.#row(i).get(j) as number;
    const sign = value < 0 ? -1 : 1;
    this.#offset -= Math.abs(value);
    this.#fields[j] += sign * this.#fields[i];
    this.#errors[j] += this.#errors[i];
    if (this.#fields[i] !== 0) this.#round(this.#fields[j], j);
    for (const [k, coupling] of row) {
      if (k === j) continue;
      this.#add(j, k, sign * coupling);
      this.#queue.push(k);
    }
    this.#queue.push(j);
    this.#retire({ spin: i, partner: j, sign });
  }

  #add(a: number, b: number, value: number): void {
    const [rowA, rowB] = [this.#row(a), this.#row(b)];
    const before = rowA.get(b);
    const sum = (before ?? 0) + value;
    if (sum === 0) {
      rowA.delete(b);
      rowB.delete(a);
    } else {
      rowA.set(b, sum);
      rowB.set(a, sum);
      if (before !== undefined) this.#round(sum, a, b);
    }
  }

  #retire(tie: Tie): void {
    this.#gone[tie.spin] = 1;
    this.#rows.delete(tie.spin);
    this.#ties.push(tie);
  }

  reduction(): Reduction {
    const { variables } = this.#problem;
    const kept: number[] = [];
    for (let i = 0; i < variables; i++) if (this.#gone[i] === 0) kept.push(i);
    const ties = this.#ties;
    return {
      problem: ties.length === 0 ? this.#problem : this.#left(kept),
      kept: Int32Array.from(kept),
      error: 2 * this.#error,
      restore: (state) => {
        checkLength("state", state.length, kept.length);
        const full = new Int8Array(variables);
        for (let at = 0; at < kept.length; at++) full[kept[at]] = state[at];
        for (let t = ties.length - 1; t >= 0; t--) {
          const { spin, partner, sign } = ties[t];
          full[spin] = partner === undefined ? sign : sign * full[partner];
        }
        return full;
      },
    };
  }

  #left(kept: readonly number[]): SpinProblem {
    const place = new Int32Array(this.#problem.variables);
    for (let at = 0; at < kept.length; at++) place[kept[at]] = at;
    const couplings = new EdgeList();
    for (const i of kept) {
      this.#each(i, (j, value) => {
        if (i < j) couplings.push(place[i], place[j], value);
      });
    }
    return spinProblem({
      variables: kept.length,
      couplings: couplings.arrays,
      fields: kept.map((i) => this.#fields[i]),
      offset: this.#offset,
    });
  }
}

/** Spins to look at, each waiting at most once, first come first served. */
class Queue {
  readonly #ring: Int32Array;
  readonly #waits: Uint8Array;
  #first = 0;
  #count: number;

  /** All spins wait at first. */
  constructor(variables: number) {
    this.#ring = Int32Array.from({ length: variables }, (_, i) => i);
    this.#waits = new Uint8Array(variables).fill(1);
    this.#count = variables;
  }

  push(i: number): void {
    if (this.#waits[i] === 1) return;
    this.#waits[i] = 1;
    this.#ring[(this.#first + this.#count++) % this.#ring.length] = i;
  }

  /** Returns the next spin, −1 when none waits. */
  pop(): number {
    if (this.#count === 0) return -1;
    const i = this.#ring[this.#first];
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count--;
    this.#waits[i] = 0;
    return i;
  }
}
