import { reals } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { assertMean, kolmogorovSmirnov, upperGamma } from "@basin/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const normalCdf = (x: number) => {
  const tail = 0.5 * upperGamma(0.5, 0.5 * x * x);
  return x > 0 ? 1 - tail : tail;
};

describe("reals", () => {
  it("are no discrete states, and give functions nothing", () => {
    const space = reals(2);
    expect(space).toMatchObject({ name: "2 reals", dimension: 2, count: Infinity, logCount: Infinity });
    expect("moves" in space).toBe(false);
    expect(space.derive(() => 0)).toEqual({});
    for (const dimension of [0, -1, 1.5]) expect(() => reals(dimension)).toThrow(/^dimension is/);
  });

  it("name the entry that is not finite", () => {
    const space = reals(2);
    space.check(Float64Array.of(1, -1e300));
    expect(() => space.check(Float64Array.of(1, NaN))).toThrow(
      /^state has NaN at 1, expected a finite number$/,
    );
    expect(() => space.check(Float64Array.of(Infinity, 1), "row 3")).toThrow(/^row 3 has Infinity at 0/);
    expect(() => space.check(Float64Array.of(1))).toThrow(/state has length 1, expected 2/);
  });

  it("start uniformly on (−2, 2), and anew about a state", () => {
    const rng = createRng(8);
    const draws = Array.from({ length: 20_000 }, () => reals(2).random(rng));
    for (const i of [0, 1]) {
      const column = Float64Array.from(draws, (x) => x[i]);
      expect(kolmogorovSmirnov(column, (x) => (x + 2) / 4).pValue).toBeGreaterThan(1e-7);
    }
    const product = draws.map((x) => x[0] * x[1]);
    const mean = product.reduce((sum, v) => sum + v, 0) / product.length;
    // The product of two uniforms on (−2, 2) has variance (4/3)².
    assertMean({ mean, standardError: 4 / 3 / Math.sqrt(product.length) }, 0);
    const from = Float64Array.of(5, -1);
    const again = Float64Array.from({ length: 20_000 }, (_, k) => {
      const i = k % 2;
      return (reals(2).restart(rng, from, 0.5)[i] - from[i]) / 0.5;
    });
    expect(kolmogorovSmirnov(again, normalCdf).pValue).toBeGreaterThan(1e-7);
    expect([...from]).toEqual([5, -1]);
    expect(reals(3).random(createRng(4))).toEqual(reals(3).random(createRng(4)));
  });

  it("fill in what is not finite, and nothing else", () => {
    const rng = createRng(3);
    const x = Float64Array.of(1, NaN, 7, Infinity);
    const drawn = Float64Array.from({ length: 5000 }, () => {
      const filled = reals(4).fill(rng, x, [1, 0, 0, 0], 3);
      expect([filled[0], filled[2]]).toEqual([1, 7]);
      expect(Number.isFinite(filled[3])).toBe(true);
      return filled[1] / 3;
    });
    expect(kolmogorovSmirnov(drawn, normalCdf).pValue).toBeGreaterThan(1e-6);
    expect([...x]).toEqual([1, NaN, 7, Infinity]);
    expect(() => reals(4).fill(rng, x, [1, 1, 0, 0], 1)).toThrow(/known coordinate 1 is NaN/);
    expect(() => reals(4).fill(rng, x, [1], 1)).toThrow(/known has length 1, expected 4/);
    expect(() => reals(3).fill(rng, x, [1, 1, 1], 1)).toThrow(/state has length 4, expected 3/);
  });

  it("measure distance as Euclid does, and copy without sharing", () => {
    const space = reals(2);
    const [a, b] = [Float64Array.of(1, 2), Float64Array.of(4, -2)];
    expect(space.distance(a, b)).toBe(5);
    const copy = space.copy(a);
    expect(copy).toEqual(a);
    expect(copy).not.toBe(a);
    space.assign(copy, b);
    expect(copy).toEqual(b);
    expect([...a]).toEqual([1, 2]);
  });

  it("have parts that hold the known coordinates", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (seed, n) => {
        const rng = createRng(seed);
        const x = reals(n).random(rng);
        const known = Array.from(x, () => rng.bernoulli(0.5));
        known[rng.index(n)] = false;
        const free = [...known.keys()].filter((i) => !known[i]);
        const part = reals(n).part(x, known);
        expect([...part.free]).toEqual(free);
        expect(part.space.name).toBe(`${free.length} reals`);
        const inner = reals(free.length).random(rng);
        const expected = x.slice();
        for (const [k, i] of free.entries()) expected[i] = inner[k];
        expect(part.place(inner)).toEqual(expected);
        expect(part.extract(expected)).toEqual(inner);
        expect(part.moves).toBeUndefined();
      }),
    );
    const x = Float64Array.of(1, NaN);
    expect([...reals(2).part(x, [1, 0]).place(Float64Array.of(3))]).toEqual([1, 3]);
    expect(() => reals(2).part(x, [0, 1])).toThrow(/state has NaN at 1/);
    expect(() => reals(2).part(x, [1, 1])).toThrow(/state has NaN at 1/);
    expect(() => reals(1).part(Float64Array.of(1), [1])).toThrow(/known marks all 1 coordinates/);
    expect(() => reals(2).part(x, [1])).toThrow(/known has length 1, expected 2/);
    expect(() => reals(3).part(x, [1, 0, 0])).toThrow(/state has length 2, expected 3/);
  });

  it("start a census in a box, at random or in the middle of equal cells", () => {
    const box = [
      [-1, 3],
      [10, 12],
    ] as const;
    const random = [...reals(2).starts(createRng(1), { box, starts: 5000 })];
    for (const [i, [low, high]] of box.entries()) {
      const column = Float64Array.from(random, (x) => x[i]);
      expect(kolmogorovSmirnov(column, (v) => (v - low) / (high - low)).pValue).toBeGreaterThan(1e-7);
    }
    const cells = [...reals(2).starts(createRng(1), { box, grid: 2 })].map((x) => [...x]);
    expect(cells).toEqual([
      [0, 10.5],
      [2, 10.5],
      [0, 11.5],
      [2, 11.5],
    ]);
    expect(() => reals(2).starts(createRng(1), {})).toThrow(
      /box has 0 intervals, expected one for each of 2/,
    );
    expect(() => reals(1).starts(createRng(1), { box: [[0, Infinity]] })).toThrow(/interval 0 of the box/);
    expect(() => [...reals(2).starts(createRng(1), { box, grid: 1001 })]).toThrow(
      /number of grid points is 1002001/,
    );
  });
});
