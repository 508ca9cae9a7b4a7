import type { Cursor } from "../energy.ts";
import type { Moves } from "../space.ts";
import type { Rule } from "./rule.ts";

/** The cursors of several parts, moved together, as the cursor of what a rule makes of their energies. */
export class PointwiseCursor<X> implements Cursor<X> {
  readonly #parts: readonly Cursor<X>[];
  readonly #moves: Moves<X>;
  readonly #rule: Rule;
  readonly #energies: Float64Array;
  readonly #deltas: Float64Array;
  #each: readonly Float64Array[] = [];
  /** Whether a part is +∞ here, so that its difference does not tell its energy after a move. */
  #outside: boolean;

  constructor(parts: readonly Cursor<X>[], moves: Moves<X>, rule: Rule) {
    this.#parts = parts;
    this.#moves = moves;
    this.#rule = rule;
    this.#energies = Float64Array.from(parts, ({ energy }) => energy);
    this.#deltas = new Float64Array(parts.length);
    this.#outside = this.#energies.includes(Number.POSITIVE_INFINITY);
  }

  get state(): X {
    return this.#parts[0].state;
  }

  get energy(): number {
    return this.#rule.value(this.#energies);
  }

  delta(move: number): number {
    if (this.#outside) return this.#deltaByMoving(move);
    for (let k = 0; k < this.#parts.length; k++) this.#deltas[k] = this.#parts[k].delta(move);
    return this.#rule.difference(this.#energies, this.#deltas);
  }

  deltas(out: Float64Array): Float64Array {
    if (this.#outside) {
      for (let m = 0; m < out.length; m++) out[m] = this.#deltaByMoving(m);
      return out;
    }
    if (this.#each.length === 0) this.#each = this.#parts.map(() => new Float64Array(out.length));
    for (const [k, part] of this.#parts.entries()) part.deltas(this.#each[k]);
    for (let m = 0; m < out.length; m++) {
      for (let k = 0; k < this.#each.length; k++) this.#deltas[k] = this.#each[k][m];
      out[m] = this.#rule.difference(this.#energies, this.#deltas);
    }
    return out;
  }

  apply(move: number): void {
    for (const [k, part] of this.#parts.entries()) {
      part.apply(move);
      this.#energies[k] = part.energy;
    }
    this.#outside = this.#energies.includes(Number.POSITIVE_INFINITY);
  }

  #deltaByMoving(move: number): number {
    const before = this.energy;
    this.apply(move);
    const after = this.energy;
    this.apply(this.#moves.inverse(move));
    return after === before ? 0 : after - before;
  }
}
