import type { Cursor, Quadratic } from "../../energy.ts";
import { couplings } from "../../quadratic/couplings.ts";
import { energyFromFields } from "../../quadratic/sparse.ts";
import { SparseCursor } from "../../quadratic/sparse-cursor.ts";
import type { SiteArray, SiteSpace } from "../../spaces/sites.ts";
import { type Structure, Values } from "./changes.ts";

/** Returns what makes cursors of a quadratic form: they keep local fields, so that a difference costs O(1). */
export function quadraticCursors(form: Quadratic): (x: Int8Array) => Cursor<Int8Array> {
  const { thresholds, offset } = form;
  const { offsets: starts, neighbors, values } = couplings(thresholds.length, form.couplings);
  return (x) => {
    const fields = Float64Array.from(thresholds, (threshold, i) => {
      let field = -threshold;
      for (let k = starts[i]; k < starts[i + 1]; k++) field += values[k] * x[neighbors[k]];
      return field;
    });
    const energy = energyFromFields(x, fields, thresholds) + offset;
    return new SparseCursor(x.slice(), { starts, neighbors, values }, fields, energy);
  };
}

/** Moves applied before everything is computed anew, at least. */
const REFRESH = 1000;

/** A cursor that carries the change of a site through the formula. */
export class FormulaCursor<X extends SiteArray> implements Cursor<X> {
  readonly state: X;
  readonly #moves: SiteSpace<X>["moves"];
  readonly #ways: number;
  readonly #values: Values;
  readonly #patience: number;
  #applied = 0;

  constructor(structure: Structure, { moves }: SiteSpace<X>, state: X, parameters: Float64Array) {
    this.state = state;
    this.#moves = moves;
    this.#ways = moves.sites.values.length - 1;
    const start = new Float64Array(structure.sites + parameters.length);
    start.set(state);
    start.set(parameters, structure.sites);
    this.#values = new Values(structure, start);
    this.#patience = structure.nodes.reduce((most, { size }) => Math.max(most, size), REFRESH);
  }

  get energy(): number {
    return this.#values.energy;
  }

  delta(move: number): number {
    const { energy, state } = this;
    const site = Math.floor(move / this.#ways);
    this.#moves.apply(state, move);
    const value = state[site];
    this.#moves.apply(state, this.#moves.inverse(move));
    const after = this.#values.change(site, value, false);
    // Between two states outside the support there is nothing to prefer.
    return after === energy ? 0 : after - energy;
  }

  deltas(out: Float64Array): Float64Array {
    for (let move = 0; move < out.length; move++) out[move] = this.delta(move);
    return out;
  }

  apply(move: number): void {
    const site = Math.floor(move / this.#ways);
    this.#moves.apply(this.state, move);
    this.#values.change(site, this.state[site], true);
    if (++this.#applied % this.#patience === 0) this.#values.refresh();
  }
}
