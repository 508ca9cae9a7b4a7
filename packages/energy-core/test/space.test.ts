import {
  attractors,
  type Can,
  CapabilityError,
  descend,
  enumerate,
  type Moves,
  mixture,
  plainCursor,
  plainEnergy,
  rank,
  recall,
  type Space,
  shift,
  sum,
} from "@basin/energy-core";
import { descendMoves } from "@basin/energy-core/internal";
import { createRng, shuffle } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Order = Uint8Array;
type OrderSpace = Space<Order, Can<Order, "moves">> & { readonly moves: Moves<Order> };

/**
 * The orders of n things: a kind of state that Basin does not know, whose moves are exchanges and change two entries at
 * once.
 */
function orders(n: number): OrderSpace {
  const pairs = Array.from({ length: n }, (_, i) => Array.from({ length: i }, (_, j) => [j, i])).flat();
  const apply = (x: Order, move: number) => {
    const [i, j] = pairs[move];
    [x[i], x[j]] = [x[j], x[i]];
  };
  const all = permutations(n);
  const refuse = (asker: string): never => {
    throw new CapabilityError(`${asker} means nothing for orders`);
  };
  const space: OrderSpace = {
    name: `orders of ${n}`,
    dimension: n,
    count: all.length,
    logCount: Math.log(all.length),
    moves: {
      count: pairs.length,
      apply,
      inverse: (move) => move,
      first: () => all[0].slice(),
      tour(step) {
        for (let k = 1; k < all.length; k++) {
          const places = [...all[k].keys()].filter((i) => all[k][i] !== all[k - 1][i]);
          step(pairs.findIndex(([i, j]) => i === places[0] && j === places[1]));
        }
      },
      index: (x) => all.findIndex((y) => y.join() === x.join()),
      state: (index) => all[index].slice(),
    },
    check(x, what = "state") {
      if (x.slice().sort().join() !== all[0].join()) throw new RangeError(`${what} is no order of ${n}`);
    },
    copy: (x) => x.slice(),
    assign: (target, source) => target.set(source),
    random(rng) {
      const x = all[0].slice();
      shuffle(rng, x);
      return x;
    },
    restart: (rng) => space.random(rng),
    fill: (_, x) => x.slice(),
    distance: (a, b) => a.filter((v, i) => v !== b[i]).length,
    *starts(rng, { starts = 1000 }) {
      for (let k = 0; k < starts; k++) yield space.random(rng);
    },
    part: () => refuse("a mask"),
    derive: (energy) => ({ moves: (x) => plainCursor(space, energy, x) }),
    descend: descendMoves,
    descendWithin: (_energy, _x, _options, asker) => refuse(asker),
  };
  return space;
}

/** All orders, each an exchange of neighbors from the last: n wanders through the orders of the others, to and fro. */
function permutations(n: number): Order[] {
  if (n === 1) return [Uint8Array.of(0)];
  return permutations(n - 1).flatMap((rest, k) =>
    Array.from({ length: n }, (_, i) => {
      const at = k % 2 === 0 ? n - 1 - i : i;
      return Uint8Array.from([...rest.slice(0, at), n - 1, ...rest.slice(at)]);
    }),
  );
}

/** The length of the way round n random towns in a given order, with some ways closed. */
function tour(seed: number, n: number, closed = 0) {
  const rng = createRng(seed);
  const ways = Array.from({ length: n }, () =>
    Array.from({ length: n }, () => (rng.bernoulli(closed) ? Infinity : rng.uniform())),
  );
  const at = (x: Order) => x.reduce((total, town, i) => total + ways[town][x[(i + 1) % n]], 0);
  return { at, energy: plainEnergy(orders(n), at) };
}

const near = (x: Order) =>
  permutations(x.length).filter((y) => y.filter((town, i) => town !== x[i]).length === 2);

describe("a space of one's own", () => {
  it("is enumerated like any other", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, 0.2), (seed, n, closed) => {
        const { at, energy } = tour(seed, n, closed);
        const all = permutations(n);
        const weights = all.map((x) => Math.exp(-2 * at(x)));
        const z = weights.reduce((sum, w) => sum + w, 0);
        if (z === 0) return;
        const exact = enumerate(energy, { inverseTemperature: 2, pairs: true, probabilities: true });
        expect(exact.states).toBe(all.length);
        expect(exact.logPartition).toBeCloseTo(Math.log(z), 9);
        // A way round is the same from every town it starts at: equal energies, told apart by rounding.
        expect(exact.minimum).toBeCloseTo(Math.min(...all.map(at)), 9);
        for (const [index, w] of weights.entries())
          expect(exact.probabilities?.[index]).toBeCloseTo(w / z, 9);
        for (let i = 0; i < n; i++) {
          const mean = (f: (x: Order) => number) =>
            all.reduce((sum, x, k) => sum + (weights[k] / z) * f(x), 0);
          expect(exact.means[i]).toBeCloseTo(
            mean((x) => x[i]),
            9,
          );
          for (let j = 0; j < n; j++) {
            expect(exact.pairs?.data[i * n + j]).toBeCloseTo(
              mean((x) => x[i] * x[j]),
              9,
            );
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is walked down, and has attractors", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), (seed, n) => {
        const { at, energy } = tour(seed, n);
        const ends = new Map<string, number>();
        for (const x of permutations(n)) {
          const found = descend(energy, x);
          for (const y of near(found.state)) expect(at(y)).toBeGreaterThanOrEqual(found.energy - 1e-9);
          expect(recall(energy, x).distance).toBe(found.state.filter((town, i) => town !== x[i]).length);
          ends.set(String(found.state), (ends.get(String(found.state)) ?? 0) + 1);
        }
        const found = attractors(energy, { maxStates: 1000, seed: 1 });
        expect(found.exhaustive).toBe(true);
        expect(found.attractors.reduce((sum, { basin }) => sum + basin, 0)).toBeCloseTo(1, 12);
        expect(found.attractors[0].energy).toBeCloseTo(Math.min(...permutations(n).map(at)), 9);
        const best = [...ends.keys()].map((key) => at(Uint8Array.from(key.split(",").map(Number))));
        expect(Math.min(...best)).toBeCloseTo(found.attractors[0].energy, 9);
      }),
      { numRuns: 30 },
    );
  });

  it("has sums, mixtures and ranks", () => {
    const [a, b] = [tour(1, 5, 0.1), tour(2, 5, 0.1)];
    const both = shift(mixture([sum([a.energy, b.energy], [1, 2]), b.energy]), 3);
    const truth = (x: Order) => {
      const [one, two] = [a.at(x) + 2 * b.at(x), b.at(x)];
      return 3 - Math.log((Math.exp(-one) + Math.exp(-two)) / 2);
    };
    const all = permutations(5);
    const cursor = both.can.moves(all[7]);
    both.space.moves?.tour((move) => {
      const [before, delta] = [truth(cursor.state), cursor.delta(move)];
      cursor.apply(move);
      const after = truth(cursor.state);
      expect(delta).toBeCloseTo(before === after ? 0 : after - before, 9);
      expect(cursor.energy).toBeCloseTo(after, 9);
    });
    const { order } = rank(both, all);
    expect(truth(all[order[0]])).toBeCloseTo(Math.min(...all.map(truth)), 9);
  });
});
