import { requireMoves } from "../check-cursor.ts";
import type { Cursor, Energy } from "../energy.ts";
import { checkEnergy, checkNumber } from "../errors.ts";
import type { BallMinimum, BallOptions, Moves, Sites, Space } from "../space.ts";
import { lowersEnergy } from "./moves.ts";

type SiteMoves<X> = Space<X> & { readonly moves: Moves<X> & { readonly sites: Sites<X> } };

/**
 * Returns the state of low energy within a Hamming distance of `x`: a small ball is searched whole (`"exact"`), a
 * larger one by moves and exchanges of a changed site for another (`"local"`).
 */
export function searchBall<X extends ArrayLike<number>>(
  energy: Energy<X>,
  space: SiteMoves<X>,
  x: X,
  options: BallOptions,
  asker: string,
): BallMinimum<X> {
  space.check(x);
  const attach = requireMoves(energy, asker);
  const { sites } = space.moves;
  const radius = checkNumber("radius", options.radius, { min: 0, max: sites.count, integer: true });
  const most = checkNumber("maxStates", options.maxStates ?? 200_000, { min: 1 });
  const exact = ballSize(sites.count, sites.values.length, radius) <= most;
  const ball = new Ball(space, attach(x), x, radius);
  const state = radius === 0 ? space.copy(x) : exact ? ball.exhaust() : ball.descend();
  return {
    state,
    energy: checkEnergy(energy.energy(state), "the energy of the corrected state"),
    distance: space.distance(state, x),
    converged: true,
    certificate: exact ? "exact" : "local",
  };
}

/** Returns Σ_{k ≤ radius} C(n, k) (q − 1)^k: the number of states of q values a site within a Hamming distance. */
function ballSize(n: number, q: number, radius: number): number {
  let size = 1;
  let term = 1;
  for (let k = 1; k <= Math.min(n, radius); k++) {
    term *= ((n - k + 1) / k) * (q - 1);
    size += term;
  }
  return Math.round(size);
}

class Ball<X extends ArrayLike<number>> {
  readonly #space: SiteMoves<X>;
  readonly #cursor: Cursor<X>;
  readonly #center: X;
  readonly #radius: number;
  readonly #deltas: Float64Array;
  readonly #siteOf: Uint32Array;

  constructor(space: SiteMoves<X>, cursor: Cursor<X>, center: X, radius: number) {
    this.#space = space;
    this.#cursor = cursor;
    this.#center = center;
    this.#radius = radius;
    this.#deltas = new Float64Array(space.moves.count);
    this.#siteOf = new Uint32Array(space.moves.count);
    const { count, starts } = space.moves.sites;
    for (let i = 0; i < count; i++) this.#siteOf.fill(i, starts[i], starts[i + 1]);
  }

  /** Returns the state of lowest energy in the ball by visiting all of them. */
  exhaust(): X {
    const cursor = this.#cursor;
    const { moves } = this.#space;
    const { starts, count } = moves.sites;
    let lowest = checkEnergy(cursor.energy, "the energy of the start");
    let best = this.#space.copy(cursor.state);
    const visit = (from: number, left: number): void => {
      for (let m = starts[from]; m < starts[count]; m++) {
        cursor.apply(m);
        if (checkEnergy(cursor.energy, "the energy of a state in the ball") < lowest) {
          lowest = cursor.energy;
          best = this.#space.copy(cursor.state);
        }
        if (left > 1) visit(this.#siteOf[m] + 1, left - 1);
        cursor.apply(moves.inverse(m));
      }
    };
    visit(0, this.#radius);
    return best;
  }

  /** Returns a state that no move, and no exchange of a changed site for another, inside the ball improves. */
  descend(): X {
    const cursor = this.#cursor;
    for (;;) {
      const inside = this.#space.distance(cursor.state, this.#center) < this.#radius;
      const move = this.#bestMove(inside);
      if (move >= 0) cursor.apply(move);
      else if (inside || !this.#exchange()) return this.#space.copy(cursor.state);
    }
  }

  #changed(move: number): boolean {
    const site = this.#siteOf[move];
    return this.#cursor.state[site] !== this.#center[site];
  }

  #bestMove(outward: boolean): number {
    const deltas = this.#cursor.deltas(this.#deltas);
    let best = -1;
    for (let m = 0; m < deltas.length; m++) {
      if ((outward || this.#changed(m)) && (best < 0 || deltas[m] < deltas[best])) best = m;
    }
    return best >= 0 && lowersEnergy(deltas[best], this.#cursor.energy) ? best : -1;
  }

  /** Makes the first exchange of a changed site for another that lowers the energy; false when there is none. */
  #exchange(): boolean {
    const cursor = this.#cursor;
    const { sites, inverse } = this.#space.moves;
    const before = cursor.energy;
    for (let i = 0; i < sites.count; i++) {
      const home = sites.move(cursor.state, i, this.#center[i]);
      if (home < 0) continue;
      cursor.apply(home);
      // From outside the support a difference does not tell the energy that it leads to.
      const outside = cursor.energy === Number.POSITIVE_INFINITY;
      const back = outside ? -before : cursor.energy - before;
      const deltas = outside ? this.#energiesAfter() : cursor.deltas(this.#deltas);
      let best = -1;
      for (let m = 0; m < deltas.length; m++) {
        if (this.#siteOf[m] === i || this.#changed(m)) continue;
        if (best < 0 || deltas[m] < deltas[best]) best = m;
      }
      if (best >= 0 && lowersEnergy(back + deltas[best], before)) {
        cursor.apply(best);
        return true;
      }
      cursor.apply(inverse(home));
    }
    return false;
  }

  /** Returns the energy after each move. */
  #energiesAfter(): Float64Array {
    const cursor = this.#cursor;
    return this.#deltas.map((_, move) => {
      cursor.apply(move);
      const { energy } = cursor;
      cursor.apply(this.#space.moves.inverse(move));
      return energy;
    });
  }
}
