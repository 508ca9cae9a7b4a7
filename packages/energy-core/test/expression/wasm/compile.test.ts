import { checkGradient } from "@basin/energy-core";
import {
  choleskyCorrelation,
  type Densities,
  expression,
  interval,
  matrixPart,
  type Operations,
  ordered,
  positive,
  real,
  type StateParts,
  simplex,
  unitVector,
  type Value,
  vector,
} from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";

type Formula = (values: Readonly<Record<string, Value>>, operations: Operations & Densities) => Value;

let rng = createRng(99);
const numbers = (n: number, low = -1, high = 1) =>
  Float64Array.from({ length: n }, () => low + (high - low) * rng.uniform());
const rows = (r: number, c: number) => Array.from({ length: r }, () => [...numbers(c)]);
/** Lengths below and above those whose loops are written out, even and odd. */
const lengths = [1, 2, 15, 333];

const cases: [string, StateParts, Formula][] = [
  [
    "arithmetic of numbers",
    { a: real(), b: positive() },
    ({ a, b }, { add, sub, mul, div, neg, abs, min, max }) =>
      add(mul(a, b), div(a, b), neg(sub(a, 3)), abs(a), min(a, b), max(mul(2, a), b)),
  ],
  [
    "functions of numbers",
    { a: real(), b: positive() },
    ({ a, b }, o) =>
      o.add(
        o.exp(a),
        o.log(b),
        o.log1p(b),
        o.expm1(a),
        o.sqrt(b),
        o.tanh(a),
        o.sigmoid(a),
        o.softplus(a),
        o.lgamma(b),
        o.digamma(b),
        o.erf(a),
        o.normalCdf(a),
        o.logNormalCdf(a),
        o.pow(b, a),
        o.pow(a, 3),
        o.pow(b, -2),
        o.pow(b, 0.5),
      ),
  ],
  ...lengths.flatMap((n): [string, StateParts, Formula][] => [
    [
      `functions of vectors of ${n}`,
      { x: vector(n), s: positive(n), c: real() },
      ({ x, s, c }, o) => {
        const wide = [
          o.exp(x),
          o.log(s),
          o.log1p(s),
          o.expm1(x),
          o.sqrt(s),
          o.tanh(x),
          o.sigmoid(x),
          o.softplus(x),
        ];
        const special = [
          o.lgamma(s),
          o.digamma(s),
          o.erf(x),
          o.normalCdf(x),
          o.logNormalCdf(x),
          o.pow(s, c),
          o.mul(c, x),
        ];
        return o.add(...[...wide, ...special].map(o.sum), o.mean(o.div(x, s)), o.dot(x, s), o.logSumExp(x));
      },
    ],
    [
      `places in vectors of ${n}`,
      { x: vector(n), c: real() },
      ({ x, c }, o) => {
        const order = Array.from({ length: 2 * n }, (_, k) => (k * 7) % n);
        const picked = o.gather(x, order);
        const back = o.scatter(
          o.square(picked),
          order.map((k) => (k * 3) % 5),
          5,
        );
        const some = o.stack([o.at(x, 0), c, o.at(x, -1), o.mul(c, o.at(x, n >> 1))]);
        const sums = o.cumulativeSum(o.mul(x, numbers(n)));
        return o.add(
          o.dot(back, numbers(5)),
          o.sum(o.tanh(some)),
          o.sum(o.square(sums)),
          o.sum(o.exp(o.slice(x, 0, n))),
        );
      },
    ],
    [
      `choices in vectors of ${n}`,
      { x: vector(n) },
      ({ x }, o) => {
        const y = numbers(n);
        return o.sum(
          o.add(
            o.where(o.less(x, y), o.square(x), o.mul(3, x)),
            o.where(o.greaterEqual(x, 0.1), x, o.exp(x)),
            o.mul(o.greater(x, 0), x),
            o.where(o.equal(x, x), o.lessEqual(x, y), 2),
          ),
        );
      },
    ],
    [
      `matrices of ${n} rows`,
      { x: vector(n), w: vector(5), c: real() },
      ({ x, w, c }, o) => {
        const a = rows(n, 5);
        const residual = o.sub(o.matmul(a, w), o.mul(c, x));
        return o.add(
          o.dot(residual, o.tanh(residual)),
          o.dot(numbers(n), o.matmul(a, o.tanh(w))),
          o.dot(o.matmul(o.transpose(a), x), w),
        );
      },
    ],
  ]),
  ...[1, 6, 17].map((n): [string, StateParts, Formula] => [
    `factors of matrices of ${n} rows that depend on the state`,
    { m: matrixPart(n, n), x: vector(n), b: matrixPart(n, 3) },
    ({ m, x, b }, o) => {
      const shift = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (i === j ? n : 0)),
      );
      const l = o.cholesky(o.add(o.matmul(m, o.transpose(m)), shift));
      const solved = [o.solveTriangular(l, b), o.solveTriangular(l, b, { transposed: true })];
      const whitened = [o.solveTriangular(l, x), o.solveTriangular(l, x, { transposed: true })];
      return o.add(
        o.multiNormalCholesky(x, numbers(n), l),
        ...solved.map((v) => o.sum(o.square(v))),
        ...whitened.map((v) => o.dot(v, v)),
        o.logDeterminant(o.matmul(l, o.transpose(l))),
      );
    },
  ]),
  [
    "matrices that depend on the state",
    { m: matrixPart(4, 4), x: vector(4), b: matrixPart(4, 3) },
    ({ m, x, b }, o) => {
      const a = o.add(o.matmul(m, o.transpose(m)), [
        [5, 0, 0, 0],
        [0, 5, 0, 0],
        [0, 0, 5, 0],
        [0, 0, 0, 5],
      ]);
      const l = o.cholesky(a);
      const whitened = [o.solveTriangular(l, x), o.solveTriangular(l, x, { transposed: true })];
      const inverse = o.solveTriangular(l, b, { transposed: true });
      return o.add(
        o.logDeterminant(a),
        ...whitened.map((v) => o.dot(v, v)),
        o.sum(o.square(inverse)),
        o.sum(o.tanh(o.outer(x, x))),
        o.dot(o.matmul(o.transpose(m), x), x),
        o.sum(o.square(o.diagonal(m))),
        o.at(m, 1, -1),
        o.sum(o.exp(o.row(b, 2))),
      );
    },
  ],
  ...[1, 2, 40].flatMap((n): [string, StateParts, Formula][] => [
    [
      `a scan over ${n} numbers`,
      { x: vector(n), a: real() },
      ({ x, a }, o) => {
        const carries = o.scan((carry, [y, z]) => o.tanh(o.add(o.mul(a, carry), y, z)), a, [x, numbers(n)]);
        return o.add(o.sum(o.square(carries)), o.at(x, n - 1));
      },
    ],
    [
      `a scan over ${n} rows, with carries of several shapes`,
      { x: matrixPart(n, 3), a: vector(3), m: matrixPart(3, 3) },
      ({ x, a, m }, o) => {
        const first = { v: a, w: o.mul(0.1, m), e: 0, last: 0.5 };
        const after = o.scan<"v" | "w" | "e" | "last">(
          ({ v, w, e, last }, [row]) => {
            const next = o.tanh(o.add(o.matmul(w, v), row));
            return {
              v: next,
              w: o.add(o.mul(0.5, w), o.outer(next, a)),
              e: o.add(e, o.mul(last, o.logSumExp(next))),
              last: o.at(v, 1),
            };
          },
          first,
          [x],
        );
        return o.add(
          o.at(after.e, -1),
          o.sum(o.square(after.v)),
          o.sum(o.row(after.w, -1)),
          o.mean(after.last),
        );
      },
    ],
    [
      `a scan within a scan, and slopes of one, over ${n}`,
      { x: vector(n), a: real() },
      ({ x, a }, o) => {
        const outer = o.scan(
          (carry, [y]) => {
            const inner = o.scan((b, [z]) => o.tanh(o.add(o.mul(b, carry), o.mul(a, z))), y, [numbers(3)]);
            return o.add(o.mul(0.5, carry), o.at(inner, -1));
          },
          0.3,
          [x],
        );
        const slope = o.derivative(o.sum(o.square(outer)), x);
        return o.add(o.dot(slope, slope), o.derivative(o.at(outer, -1), a));
      },
    ],
  ]),
  [
    "values with every support",
    {
      r: interval(-1, 2, 3),
      low: interval(1, Infinity),
      high: interval(-Infinity, 3, 2),
      o: ordered(4),
      s: simplex(5),
      u: unitVector(3),
      l: choleskyCorrelation(4),
    },
    ({ r, low, high, o: order, s, u, l }, o) =>
      o.add(
        o.dot(r, r),
        low,
        o.sum(high),
        o.sum(o.square(order)),
        o.dot(s, numbers(5)),
        o.dot(u, numbers(3)),
        o.sum(o.mul(l, rows(4, 4))),
      ),
  ],
];

describe("compiled formulas give the bits of interpreted ones, and the gradient of their energy", () => {
  test.each(cases)("%s", (_, parts, formula) => {
    rng = createRng(5);
    const compiled = expression(parts, formula, { kernel: "wasm", unbounded: true });
    rng = createRng(5);
    const interpreted = expression(parts, formula, { kernel: "typescript", unbounded: true });
    expect([compiled.kernel, interpreted.kernel]).toEqual(["wasm", "typescript"]);
    const { dimension } = compiled.space;
    const [a, b] = [new Float64Array(dimension), new Float64Array(dimension)];
    for (let k = 0; k < 4; k++) {
      const x = numbers(dimension, -1.5, 1.5);
      expect(compiled.can.gradient(x, a)).toBe(interpreted.can.gradient(x, b));
      expect(a).toEqual(b);
      expect(compiled.energy(x)).toBe(interpreted.energy(x));
      expect(Number.isFinite(compiled.energy(x))).toBe(true);
      if (k === 0) expect(checkGradient(compiled, x, { step: 1e-5 })).toMatchObject({ passed: true });
    }
  });
});
