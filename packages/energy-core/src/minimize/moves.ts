import { requireMoves } from "../check-cursor.ts";
import { checkOptions } from "../check-options.ts";
import type { Cursor, Energy } from "../energy.ts";
import { checkEnergy, checkName } from "../errors.ts";
import { movesOf } from "../moves-of.ts";
import { permutation } from "../random/discrete.ts";
import { createRng, type Rng } from "../random/rng.ts";
import { seedOf } from "../random/seed.ts";
import type { DescendOptions, Descent, Moves, Space } from "../space.ts";

/** A space that is known to have moves. */
export type MoveSpace<X> = Space<X> & { readonly moves: Moves<X> };

/**
 * Returns a cursor for any function, for {@link Space.derive} of a user-defined space. It calls the function for every
 * difference and every move.
 *
 * @example
 * ```ts
 * import { plainCursor, spins } from "@basin/energy-core";
 *
 * const cursor = plainCursor(spins(2), (s) => s[0] * s[1], Int8Array.of(1, 1));
 * console.log(cursor.delta(0)); // −2
 * ```
 */
export function plainCursor<X>(space: MoveSpace<X>, energy: (x: X) => number, x: X): Cursor<X> {
  space.check(x);
  return new PlainCursor(space, energy, space.copy(x));
}

class PlainCursor<X> implements Cursor<X> {
  readonly state: X;
  energy: number;
  readonly #moves: Moves<X>;
  readonly #energy: (x: X) => number;

  constructor({ moves }: MoveSpace<X>, energy: (x: X) => number, state: X) {
    this.state = state;
    this.energy = energy(state);
    this.#moves = moves;
    this.#energy = energy;
  }

  delta(move: number): number {
    this.#moves.apply(this.state, move);
    let after: number;
    try {
      after = this.#energy(this.state);
    } finally {
      // Where the function throws, the state is what it was.
      this.#moves.apply(this.state, this.#moves.inverse(move));
    }
    // Between two states outside the support there is nothing to prefer.
    return after === this.energy ? 0 : after - this.energy;
  }

  deltas(out: Float64Array): Float64Array {
    for (let move = 0; move < out.length; move++) out[move] = this.delta(move);
    return out;
  }

  apply(move: number): void {
    this.#moves.apply(this.state, move);
    this.energy = this.#energy(this.state);
  }
}

/**
 * Returns the state below `x` that no single move improves: {@link Space.descend} of any space with moves.
 *
 * @throws {CapabilityError} for an energy without moves, naming `asker`; {EnergyValueError} for NaN and −∞.
 */
export function descendMoves<X>(energy: Energy<X>, x: X, options: DescendOptions, asker: string): Descent<X> {
  checkOptions("descend", options, "order seed gradientTolerance maxIterations memory");
  const attach = requireMoves(energy, asker);
  const { count } = movesOf(energy.space, asker);
  const order = checkName("order", options.order ?? "steepest", ["steepest", "random"]);
  const cursor = attach(x);
  checkEnergy(cursor.energy, "the energy of the start");
  const seed = order === "random" ? seedOf(options) : undefined;
  const steps =
    seed === undefined ? descendSteepest(cursor, count) : descendInPasses(cursor, count, createRng(seed));
  const state = energy.space.copy(cursor.state);
  const end = { state, energy: energy.energy(state), steps, converged: true, certificate: "local" } as const;
  return seed === undefined ? end : { ...end, seed };
}

/**
 * Makes the move that lowers the energy most, the lowest number among equals, until none does. Returns the number of
 * moves made.
 */
function descendSteepest<X>(cursor: Cursor<X>, moves: number): number {
  const deltas = new Float64Array(moves);
  for (let steps = 0; ; steps++) {
    const best = lowestOf(cursor.deltas(deltas));
    if (!lowersEnergy(deltas[best], cursor.energy)) return steps;
    cursor.apply(best);
  }
}

/**
 * Makes moves that lower the energy, in passes of random order, until a full pass changes nothing. Returns the number
 * of moves made.
 */
function descendInPasses<X>(cursor: Cursor<X>, moves: number, rng: Rng): number {
  let steps = 0;
  for (let moved = true; moved; ) {
    moved = false;
    for (const move of permutation(rng, moves)) {
      if (!lowersEnergy(cursor.delta(move), cursor.energy)) continue;
      cursor.apply(move);
      steps++;
      moved = true;
    }
  }
  checkEnergy(cursor.energy, "the energy after descent");
  return steps;
}

/** Returns the place of the smallest entry, the first among equals. */
function lowestOf(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] < values[best]) best = k;
  return best;
}

/** Whether a change is a real drop: one within rounding of the energy could be undone and redone for ever. */
export function lowersEnergy(delta: number, energy: number): boolean {
  if (Number.isNaN(delta)) checkEnergy(delta, "the energy difference of a move");
  return energy === Number.POSITIVE_INFINITY
    ? delta === Number.NEGATIVE_INFINITY
    : delta < -1e-12 * Math.max(1, Math.abs(energy));
}
