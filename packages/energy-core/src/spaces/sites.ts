import type { Can } from "../energy.ts";
import { ArgumentError, checkLength, checkNumber } from "../errors.ts";
import { searchBall } from "../minimize/ball.ts";
import { descendMoves, plainCursor } from "../minimize/moves.ts";
import type { Rng } from "../random/rng.ts";
import type { Moves, Sites, Space } from "../space.ts";
import { freeCoordinates, vectorPart } from "./mask.ts";

/** A state of a product of sites. */
export type SiteArray = Int8Array | Uint8Array;

/** The values of a site: `count` of them, evenly spaced from `low`. */
export interface SiteValues<X extends SiteArray> {
  readonly low: number;
  readonly step: number;
  readonly count: number;
  /** What sites hold, for names and messages: "spins". */
  readonly name: string;
  /** Returns a state of `dimension` entries. */
  create(dimension: number): X;
}

/** A space whose moves are numbered by site. */
export interface SiteSpace<X> extends Space<X, Can<X, "moves">> {
  readonly moves: Moves<X> & { readonly sites: Sites<X> };
}

/**
 * Returns the space of `dimension` sites that each hold one of the same evenly spaced values. Move i(q − 1) + k takes
 * site i from the value of rank r to that of rank (r + 1 + k) mod q, so the reverse move is i(q − 1) + (q − 2 − k).
 *
 * @throws {ArgumentError} for a dimension that is not an integer of at least 0, and a `count` that is not from 2 to
 * 256.
 */
export function siteSpace<X extends SiteArray>(dimension: number, values: SiteValues<X>): SiteSpace<X> {
  checkNumber("dimension", dimension, { min: 0, integer: true });
  const { low, step, count: q, create } = values;
  checkNumber("count", q, { min: 2, max: 256, integer: true });
  const name = `${dimension} ${values.name}`;
  const legal = (value: number) => {
    const rank = (value - low) / step;
    return Number.isInteger(rank) && rank >= 0 && rank < q;
  };
  const expected = q === 2 ? `${low} or +${low + step}` : `an integer from ${low} to ${low + step * (q - 1)}`;
  const draw = (rng: Rng) => (q === 2 ? low + (rng.bernoulli(0.5) ? step : 0) : low + step * rng.index(q));
  const random = (rng: Rng) => create(dimension).map(() => draw(rng)) as X;
  const space: SiteSpace<X> = {
    name,
    dimension,
    count: q ** dimension,
    logCount: dimension * Math.log(q),
    moves: siteMoves(dimension, values),
    check(x, what = "state") {
      checkLength(what, x.length, dimension);
      for (let i = 0; i < dimension; i++) {
        if (!legal(x[i])) throw new ArgumentError(`${what} has ${x[i]} at ${i}, expected ${expected}`);
      }
    },
    copy: (x) => x.slice() as X,
    assign: (target, source) => target.set(source),
    random,
    restart: random,
    fill(rng, x, known) {
      checkLength("state", x.length, dimension);
      const start = create(dimension);
      start.set(x);
      for (const i of freeCoordinates(known, dimension)) if (!legal(start[i])) start[i] = draw(rng);
      space.check(start);
      return start;
    },
    distance(a, b) {
      let sites = 0;
      for (let i = 0; i < dimension; i++) if (a[i] !== b[i]) sites++;
      return sites;
    },
    *starts(rng, options) {
      const starts = checkNumber("starts", options.starts ?? 1000, { min: 1, integer: true });
      for (let k = 0; k < starts; k++) yield random(rng);
    },
    part(x, known) {
      // What stands in the free sites is no matter.
      space.check(x.map((value, i) => (known[i] ? value : low)) as X);
      const part = vectorPart(x, known, (n) => siteSpace(n, values));
      const moves = Uint32Array.from({ length: part.free.length * (q - 1) }, (_, m) => {
        return part.free[Math.floor(m / (q - 1))] * (q - 1) + (m % (q - 1));
      });
      return { ...part, moves };
    },
    derive: (energy) => ({ moves: (x) => plainCursor(space, energy, x) }),
    descend: (energy, x, options, asker) => descendMoves(energy, x, options, asker),
    descendWithin: (energy, x, options, asker) => searchBall(energy, space, x, options, asker),
  };
  return space;
}

function siteMoves<X extends SiteArray>(
  dimension: number,
  { low, step, count: q, create }: SiteValues<X>,
): Moves<X> & { readonly sites: Sites<X> } {
  const ways = q - 1;
  const rank = (value: number) => (value - low) / step;
  let starts: Uint32Array | undefined;
  return {
    count: dimension * ways,
    apply(x, move) {
      const site = Math.floor(move / ways);
      x[site] = low + step * ((rank(x[site]) + 1 + (move % ways)) % q);
    },
    inverse: (move) => move - (move % ways) + (ways - 1 - (move % ways)),
    first: () => create(dimension).fill(low) as X,
    tour: (visit) => reflectedGrayCode(dimension, q, visit),
    index(x) {
      let index = 0;
      for (let i = dimension - 1; i >= 0; i--) index = index * q + rank(x[i]);
      return index;
    },
    state: (index) => create(dimension).map((_, i) => low + step * (Math.floor(index / q ** i) % q)) as X,
    sites: {
      count: dimension,
      get starts() {
        // Made on first use: lattices of a billion sites never ask.
        starts ??= Uint32Array.from({ length: dimension + 1 }, (_, i) => i * ways);
        return starts;
      },
      values: Array.from({ length: q }, (_, r) => low + step * r),
      move(x, site, value) {
        const ahead = (rank(value) - rank(x[site]) + q) % q;
        return ahead === 0 ? -1 : site * ways + ahead - 1;
      },
    },
  };
}

/**
 * The reflected Gray code of `n` digits of base `q`, loopless (Knuth, TAOCP 4A, 7.2.1.1, Algorithm H): digit 0 changes
 * most often.
 */
function reflectedGrayCode(n: number, q: number, visit: (move: number) => void): void {
  const digits = new Int32Array(n);
  const directions = new Int8Array(n).fill(1);
  const focus = Uint32Array.from({ length: n + 1 }, (_, j) => j);
  for (;;) {
    const j = focus[0];
    focus[0] = 0;
    if (j === n) return;
    digits[j] += directions[j];
    // One rank up is the first of the site's moves, one down the last.
    visit(j * (q - 1) + (directions[j] > 0 ? 0 : q - 2));
    if (digits[j] === 0 || digits[j] === q - 1) {
      directions[j] = -directions[j];
      focus[j] = focus[j + 1];
      focus[j + 1] = j + 1;
    }
  }
}
