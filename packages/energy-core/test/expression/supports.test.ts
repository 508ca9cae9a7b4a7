import {
  choleskyCorrelation,
  expression,
  interval,
  ordered,
  positive,
  real,
  type Support,
  simplex,
  unitVector,
  vector,
} from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";

const rng = createRng(4);

/** Places of a support's values that determine the others. */
const places = {
  all: (n: number) => Array.from({ length: n }, (_, i) => i),
  first: (n: number) => Array.from({ length: n - 1 }, (_, i) => i),
  below: (n: number) => Array.from({ length: n * n }, (_, i) => i).filter((i) => i % n < Math.floor(i / n)),
};

/** log |det| of a square matrix, by elimination with pivots. */
function logDeterminant(rows: number[][]): number {
  let sum = 0;
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(rows[best][k]) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    sum += Math.log(Math.abs(rows[k][k]));
    for (let i = k + 1; i < rows.length; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j < rows.length; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  return sum;
}

describe("the energy loses log |det| of the values by the free coordinates", () => {
  test.each<[string, Support, number[]]>([
    ["positive", positive(3), places.all(3)],
    ["interval", interval(-2, 5, 3), places.all(3)],
    ["above", interval(2, Infinity, 2), places.all(2)],
    ["below", interval(-Infinity, 2), places.all(1)],
    ["ordered", ordered(4), places.all(4)],
    ["simplex", simplex(5), places.first(5)],
    ["Cholesky factor of a correlation matrix", choleskyCorrelation(4), places.below(4)],
  ])("%s", (_, support, kept) => {
    const flat = expression({ x: support }, ({ x }, { mul, sum }) => mul(0, sum(x)), { unbounded: true });
    const { quantities, dimension } = flat.space;
    const values = (u: Float64Array) => quantities.write(u, new Float64Array(quantities.names.length));
    for (let k = 0; k < 5; k++) {
      const u = Float64Array.from({ length: dimension }, () => 3 * rng.uniform() - 1.5);
      const rows = Array.from(u, (_, j) => {
        const moved = (h: number) => values(u.with(j, u[j] + h));
        const [far, near] = [1e-3, 5e-4].map((h) => kept.map((i) => (moved(h)[i] - moved(-h)[i]) / (2 * h)));
        return near.map((slope, i) => (4 * slope - far[i]) / 3);
      });
      expect(flat.energy(u)).toBeCloseTo(-logDeterminant(rows), 8);
    }
  });
});

describe("values lie in their support", () => {
  const model = expression(
    {
      o: ordered(4),
      s: simplex(5),
      v: unitVector(3),
      l: choleskyCorrelation(3),
      p: positive(),
      x: vector(2),
      a: real(),
    },
    (part, { add, sum }) =>
      add(
        ...Object.values({ ...{ o: part.o, s: part.s, v: part.v, l: part.l } }).map(sum),
        part.p,
        sum(part.x),
        part.a,
      ),
    { unbounded: true },
  );

  test("with their names, matrices by rows", () => {
    expect(model.space.quantities.names).toEqual([
      ...["o[0]", "o[1]", "o[2]", "o[3]", "s[0]", "s[1]", "s[2]", "s[3]", "s[4]", "v[0]", "v[1]", "v[2]"],
      ...["l[0,0]", "l[0,1]", "l[0,2]", "l[1,0]", "l[1,1]", "l[1,2]", "l[2,0]", "l[2,1]", "l[2,2]"],
      ...["p", "x[0]", "x[1]", "a"],
    ]);
  });

  test("wherever the state is", () => {
    for (let k = 0; k < 20; k++) {
      const u = Float64Array.from({ length: model.space.dimension }, () => 8 * rng.uniform() - 4);
      const { o, s, v, l, p, a } = model.values(u) as Record<string, Float64Array>;
      expect([...o].sort((x, y) => x - y)).toEqual([...o]);
      expect(s.reduce((sum, x) => sum + x)).toBeCloseTo(1, 12);
      expect(Math.min(...s)).toBeGreaterThan(0);
      expect(Math.hypot(...v)).toBeCloseTo(1, 12);
      for (const i of [0, 3, 6]) expect(Math.hypot(...l.subarray(i, i + 3))).toBeCloseTo(1, 12);
      expect([l[1], l[2], l[5]]).toEqual([0, 0, 0]);
      expect(p).toBeGreaterThan(0);
      expect(a).toBe(u.at(-1));
    }
  });
});

test("without the Jacobian the energy is the formula at the values", () => {
  const bare = expression({ s: positive() }, ({ s }, { square, sub }) => square(sub(s, 3)), {
    jacobian: false,
  });
  const slope = new Float64Array(1);
  expect(bare.can.gradient(Float64Array.of(Math.log(3)), slope)).toBeCloseTo(0, 12);
  expect(slope[0]).toBeCloseTo(0, 12);
});
