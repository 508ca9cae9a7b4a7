import { type SiteSpace, spins } from "@basin/energy-core";
import { siteSpace } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { gTest } from "@basin/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, levels, randomState, type Sites, trits } from "../fixtures.ts";

const sizes = fc.integer({ min: 1, max: 5 });

/** Declares the tests of spaces whose sites hold `values`, which `hole` is none of. */
function sites<X extends Sites>(
  kind: string,
  make: (n: number) => SiteSpace<X>,
  values: readonly number[],
  like: X,
  hole: number,
) {
  const q = values.length;
  const stateOf = (seed: number, n: number) => randomState(createRng(seed), values, like.slice(0, n) as X);
  const legal = (x: X) => x.every((value) => values.includes(value));
  /** Sites where two states differ. */
  const changed = (a: X, b: X) => [...a.keys()].filter((i) => a[i] !== b[i]);

  describe(kind, () => {
    it("have a name and a number of states", () => {
      const { name, dimension, count, logCount, moves } = make(3);
      expect({ name, dimension, count }).toEqual({ name: `3 ${kind}`, dimension: 3, count: q ** 3 });
      expect(logCount).toBeCloseTo(3 * Math.log(q), 12);
      expect(moves.count).toBe(3 * (q - 1));
      expect(make(2000).logCount).toBeCloseTo(2000 * Math.log(q), 8);
      const none = make(0);
      none.moves.tour(() => expect.unreachable("a space of one state has no moves"));
      expect([none.count, none.moves.count, none.moves.index(none.moves.state(0))]).toEqual([1, 0, 0]);
    });

    it("name the entry that is no value", () => {
      const bad = allStates(values, 3, like)[5];
      make(3).check(bad);
      bad[1] = hole;
      const expected = q === 2 ? "-1 or \\+1" : `an integer from ${values[0]} to ${values[q - 1]}`;
      expect(() => make(3).check(bad)).toThrow(new RegExp(`^state has ${hole} at 1, expected ${expected}$`));
      expect(() => make(3).check(bad, "row 7")).toThrow(/^row 7 has/);
      expect(() => make(2).check(bad)).toThrow(/state has length 3, expected 2/);
    });

    it("draw states uniformly, the same for the same seed", () => {
      const space = make(3);
      const rng = createRng(31);
      const counts = new Float64Array(q ** 3);
      for (let draw = 0; draw < 200 * counts.length; draw++) {
        const x = draw % 2 === 0 ? space.random(rng) : space.restart(rng, space.moves.first(), 1);
        expect(legal(x)).toBe(true);
        counts[Array.from(x).reduce((index, value, i) => index + values.indexOf(value) * q ** i, 0)]++;
      }
      expect(
        gTest(
          counts,
          counts.map(() => 1 / counts.length),
        ).pValue,
      ).toBeGreaterThan(1e-6);
      expect(space.random(createRng(5))).toEqual(space.random(createRng(5)));
      const starts = [...space.starts(createRng(5), { starts: 7 })];
      expect(starts.length).toBe(7);
      expect(starts[0]).toEqual(space.random(createRng(5)));
      expect([...space.starts(createRng(5), {})].length).toBe(1000);
      expect(() => [...space.starts(createRng(5), { starts: 0 })]).toThrow(/starts is 0/);
    });

    it("fill in what is no value, and nothing else", () => {
      const space = make(6);
      const rng = createRng(2);
      const drawn = new Float64Array(q);
      for (let seed = 0; seed < 1000; seed++) {
        const x = stateOf(seed, 6);
        const kept = x.slice();
        const known = Array.from(x, () => rng.bernoulli(0.5));
        const holes = [...known.keys()].filter((i) => !known[i] && rng.bernoulli(0.5));
        for (const i of holes) x[i] = hole;
        const before = x.slice();
        const filled = space.fill(rng, x, known, 1);
        expect(x).toEqual(before);
        expect(legal(filled)).toBe(true);
        for (const i of holes) drawn[values.indexOf(filled[i])]++;
        for (const i of changed(filled, kept as X)) expect(holes).toContain(i);
      }
      expect(
        gTest(
          drawn,
          drawn.map(() => 1 / q),
        ).pValue,
      ).toBeGreaterThan(1e-6);
      const bad = stateOf(1, 6);
      bad[4] = hole;
      expect(() => space.fill(rng, bad, [1, 1, 1, 1, 1, 1], 1)).toThrow(new RegExp(`state has ${hole} at 4`));
      expect(() => space.fill(rng, bad, [1], 1)).toThrow(/known has length 1, expected 6/);
      expect(() => space.fill(rng, bad.slice(1) as X, [1], 1)).toThrow(/state has length 5, expected 6/);
    });

    it("copy and assign without sharing", () => {
      const space = make(3);
      const x = stateOf(1, 3);
      const copy = space.copy(x);
      expect(copy).toEqual(x);
      expect(copy).not.toBe(x);
      const target = space.moves.first();
      space.assign(target, x);
      expect(target).toEqual(x);
      expect(space.moves.first()).not.toBe(space.moves.first());
    });

    it("measure distance by the sites that differ", () => {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), sizes, (one, two, n) => {
          const [a, b] = [stateOf(one, n), stateOf(two, n)];
          expect(make(n).distance(a, b)).toBe(changed(a, b).length);
        }),
      );
    });

    it("have moves to all states one site away, and a way back from each", () => {
      fc.assert(
        fc.property(fc.nat(), sizes, (seed, n) => {
          const { moves } = make(n);
          const x = stateOf(seed, n);
          const reached = new Set<string>();
          for (let move = 0; move < moves.count; move++) {
            const to = x.slice() as X;
            moves.apply(to, move);
            expect(legal(to)).toBe(true);
            expect(changed(x, to).length).toBe(1);
            reached.add(to.join());
            expect(moves.inverse(moves.inverse(move))).toBe(move);
            moves.apply(to, moves.inverse(move));
            expect(to).toEqual(x);
          }
          expect(reached.size).toBe(n * (q - 1));
        }),
      );
    });

    it("number the moves by site and value", () => {
      fc.assert(
        fc.property(fc.nat(), sizes, (seed, n) => {
          const { moves } = make(n);
          const { count, starts, values: own, move } = moves.sites;
          expect(count).toBe(n);
          expect(own).toEqual(values);
          expect([starts[0], starts[n]]).toEqual([0, moves.count]);
          const x = stateOf(seed, n);
          for (let i = 0; i < n; i++) {
            for (const value of values) {
              const number = move(x, i, value);
              if (value === x[i]) {
                expect(number).toBe(-1);
                continue;
              }
              expect(number).toBeGreaterThanOrEqual(starts[i]);
              expect(number).toBeLessThan(starts[i + 1]);
              const to = x.slice() as X;
              moves.apply(to, number);
              const expected = x.slice();
              expected[i] = value;
              expect(to).toEqual(expected);
            }
          }
        }),
      );
    });

    it("number the states both ways, site 0 counting least", () => {
      const { moves } = make(4);
      for (const [index, state] of allStates(values, 4, like).entries()) {
        expect(moves.state(index)).toEqual(state);
        expect(moves.index(state)).toBe(index);
      }
      const far = make(25).moves;
      expect(far.index(far.state(q ** 25 - 2 ** 8))).toBe(q ** 25 - 2 ** 8);
    });

    it("have a tour of single moves that visits every state once", () => {
      for (let n = 1; n <= 5; n++) {
        const { moves, count } = make(n);
        const at = moves.first();
        const seen = new Set([at.join()]);
        moves.tour((move) => {
          moves.apply(at, move);
          expect(legal(at)).toBe(true);
          expect(seen.has(at.join())).toBe(false);
          seen.add(at.join());
        });
        expect(seen.size).toBe(count);
      }
    });

    it("have parts whose states and moves are those of the whole", () => {
      fc.assert(
        fc.property(fc.nat(), sizes, (seed, n) => {
          const rng = createRng(seed);
          const whole = stateOf(seed, n);
          const known = Array.from(whole, () => rng.bernoulli(0.5));
          known[rng.index(n)] = false;
          const part = make(n).part(whole, known);
          const free = [...known.keys()].filter((i) => !known[i]);
          expect([...part.free]).toEqual(free);
          expect(part.space.name).toBe(`${free.length} ${kind}`);
          for (const [i, held] of known.entries()) if (held) expect(part.held[i]).toBe(whole[i]);
          const inner = randomState(rng, values, like.slice(0, free.length) as X);
          const expected = whole.slice() as X;
          for (const [k, i] of free.entries()) expected[i] = inner[k];
          expect(part.place(inner)).toEqual(expected);
          expect(part.extract(expected)).toEqual(inner);
          expect(part.moves?.length).toBe(free.length * (q - 1));
          for (const [move, outer] of (part.moves as Uint32Array).entries()) {
            const [small, large] = [inner.slice() as X, expected.slice() as X];
            part.space.moves?.apply(small, move);
            make(n).moves.apply(large, outer);
            expect(part.extract(large)).toEqual(small);
            expect(changed(large, expected).length).toBe(1);
          }
        }),
      );
    });

    it("refuse parts of nothing, and masks and states that do not fit", () => {
      const x = stateOf(3, 3);
      expect(() => make(3).part(x, [1, 1, 1])).toThrow(/known marks all 3 coordinates; nothing is free/);
      expect(() => make(3).part(x, [1, 0])).toThrow(/known has length 2, expected 3/);
      const part = make(3).part(x, [0, 1, 0]);
      expect(() => part.place(x)).toThrow(/state has length 3, expected 2/);
      expect(() => part.extract(x.slice(1) as X)).toThrow(/state has length 2, expected 3/);
      x[0] = hole;
      expect(() => make(3).part(x, [1, 0, 0])).toThrow(new RegExp(`state has ${hole} at 0`));
      expect([...make(3).part(x, [0, 1, 0]).free]).toEqual([0, 2]);
    });

    it("refuse dimensions that are no count", () => {
      for (const dimension of [-1, 1.5, Number.NaN]) expect(() => make(dimension)).toThrow(/dimension is/);
    });
  });
}

sites("spins", spins, [-1, 1], new Int8Array(8), 0);
sites("trits", trits, [0, 1, 2], new Uint8Array(8), 255);
sites("levels", levels, [-2, 1, 4, 7], new Int8Array(8), 2);

describe("siteSpace", () => {
  it("refuses sites with fewer than two values, or more than a byte holds", () => {
    const of = (count: number) =>
      siteSpace(1, { low: 0, step: 1, count, name: "sites", create: (n) => new Uint8Array(n) });
    for (const count of [0, 1, 2.5, 257]) expect(() => of(count)).toThrow(new RegExp(`^count is ${count}`));
    expect(of(256).count).toBe(256);
  });
});

describe("spins", () => {
  it("flip spin i by move i, and have state 5 of three up, down, up", () => {
    const { moves } = spins(3);
    expect([...moves.state(5)]).toEqual([1, -1, 1]);
    const s = moves.state(5);
    moves.apply(s, 1);
    expect([...s]).toEqual([1, 1, 1]);
    expect([0, 1, 2].map((move) => moves.inverse(move))).toEqual([0, 1, 2]);
  });
});
