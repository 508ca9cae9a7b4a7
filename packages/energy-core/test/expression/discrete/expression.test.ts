import { checkCursor, couplings, enumerate, labels, sparseQuadratic, spins } from "@basin/energy-core";
import { expression, learnable, vector } from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";

const rng = createRng(15);

/** Bonds of a random ±J glass of `n` spins, with its fields. */
function glass(n: number, bonds: number) {
  const from = Int32Array.from({ length: bonds }, (_, k) => k % n);
  const to = from.map((i) => (i + 1 + rng.index(n - 1)) % n);
  const j = Float64Array.from(from, () => (rng.bernoulli(0.5) ? 1 : -1));
  const h = Float64Array.from({ length: n }, () => rng.normal());
  return { from, to, j, h };
}

const triples = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [0, 3, 5],
  [1, 4, 5],
];

describe("a formula of three spins a term", () => {
  const [first, second, third] = [0, 1, 2].map((k) => triples.map((triple) => triple[k]));
  const strengths = [1, -0.5, 2, 0.3, -1.2];
  const model = expression({ s: spins(6) }, ({ s }, { neg, dot, mul, gather }) =>
    neg(dot(strengths, mul(gather(s, first), gather(s, second), gather(s, third)))),
  );
  const byHand = (s: Int8Array) =>
    triples.reduce((sum, [a, b, c], k) => sum - strengths[k] * s[a] * s[b] * s[c], 0);

  test("has the energies of its terms, and the differences of every move from every state", () => {
    for (let index = 0; index < 64; index++) {
      const s = model.space.moves.state(index);
      expect(model.energy(s)).toBeCloseTo(byHand(s), 14);
      const cursor = model.can.moves(s);
      expect(cursor.energy).toBeCloseTo(byHand(s), 14);
      for (let i = 0; i < 6; i++) {
        const flipped = s.with(i, -s[i]);
        expect(cursor.delta(i)).toBeCloseTo(byHand(flipped) - byHand(s), 13);
      }
      expect([...cursor.state]).toEqual([...s]);
    }
  });

  test("has no pairs, and says so", () => {
    expect(model.can.quadratic).toBeUndefined();
    expect(model.lacking?.quadratic).toBe("the formula over 6 spins is no polynomial of degree two in spins");
  });
});

describe("a formula of pairs of spins", () => {
  const n = 10;
  const { from, to, j, h } = glass(n, 25);
  const model = expression({ s: spins(n) }, ({ s }, { add, sub, dot, mul, gather, neg }) =>
    add(3, sub(neg(dot(j, mul(gather(s, from), gather(s, to)))), dot(h, s))),
  );
  const twin = sparseQuadratic(
    couplings(
      n,
      Array.from(j, (value, k) => [from[k], to[k], value]),
    ),
    h.map((value) => -value),
  );

  test("is the quadratic energy of its couplings, to every state and difference", () => {
    for (let index = 0; index < 2 ** n; index++) {
      const s = model.space.moves.state(index);
      const [ours, theirs] = [model.can.moves(s), twin.can.moves(s)];
      expect(ours.energy).toBeCloseTo(theirs.energy + 3, 12);
      const [a, b] = [new Float64Array(n), new Float64Array(n)];
      ours.deltas(a);
      theirs.deltas(b);
      for (let i = 0; i < n; i++) expect(a[i]).toBeCloseTo(b[i], 12);
    }
    expect(enumerate(model).logPartition).toBeCloseTo(enumerate(twin).logPartition - 3, 11);
  });

  test("gives its couplings, thresholds and offset", () => {
    const { couplings: pairs, thresholds, offset } = model.can.quadratic();
    const sorted = (edges: typeof pairs) =>
      [...edges].filter(([, , value]) => value !== 0).sort(([a, b], [c, d]) => a - c || b - d);
    expect(sorted(pairs)).toEqual(sorted(twin.can.quadratic().couplings));
    expect(thresholds).toEqual(twin.thresholds);
    expect(offset).toBe(3);
  });

  test("may be squares of sums, whose diagonal is a constant", () => {
    const weights = [3, 1, 4, 1, 5];
    const partition = expression(
      { s: spins(5) },
      ({ s }, { add, square, dot, mean, matmul, outer, transpose }) =>
        add(square(dot(weights, s)), mean(matmul(transpose(outer(s, weights)), s))),
    );
    const { thresholds, offset } = partition.can.quadratic();
    expect([...thresholds]).toEqual([0, 0, 0, 0, 0]);
    expect(offset).toBe(52 + 14);
    expect(checkCursor(partition, Int8Array.of(1, 1, -1, 1, -1)).passed).toBe(true);
  });

  test("may put spins together in another order", () => {
    const turned = expression({ s: spins(4) }, ({ s }, { dot, stack, slice, at }) =>
      dot(s, stack([slice(s, 2, 4), at(s, 1), at(s, 0)])),
    );
    expect([...turned.can.quadratic().couplings]).toEqual([
      [0, 2, -1],
      [1, 3, -1],
      [1, 2, -1],
      [0, 3, -1],
    ]);
    expect(checkCursor(turned, Int8Array.of(1, 1, -1, 1)).passed).toBe(true);
  });

  test("has none where a scan holds them, and says so", () => {
    const sums = expression({ s: spins(4) }, ({ s }, { add, mul, sum, square, scan }) =>
      sum(square(scan((carry, [x]) => add(mul(0.5, carry), x), 0, [s]))),
    );
    expect(sums.can.quadratic).toBeUndefined();
    expect(sums.lacking?.quadratic).toMatch("over 4 spins has a scan");
    expect(checkCursor(sums, Int8Array.of(1, 1, -1, 1)).passed).toBe(true);
  });

  test("follows the parameters that training changes", () => {
    const machine = expression(
      { s: spins(3), w: learnable([0.5, -1]), b: learnable(2) },
      ({ s, w, b }, { add, mul, dot, gather, at }) =>
        add(dot(w, mul(gather(s, [0, 1]), gather(s, [1, 2]))), mul(b, at(s, 0))),
    );
    const s = Int8Array.of(1, -1, -1);
    const out = new Float64Array(3);
    machine.can.parameters.addGradient(s, 2, out);
    expect([...out]).toEqual([-2, 2, 2]);
    for (const change of [0, 1]) {
      machine.can.parameters.values[0] += change;
      expect(checkCursor(machine, s)).toMatchObject({ passed: true });
      expect([...machine.can.quadratic().couplings]).toEqual([
        [0, 1, -0.5 - change],
        [1, 2, 1],
      ]);
    }
  });
});

describe("a formula over labels", () => {
  const { from, to, j } = glass(7, 12);
  const potts = expression(
    { color: labels(7, 3) },
    ({ color }, { neg, dot, equal, gather, add, at, square }) =>
      add(neg(dot(j, equal(gather(color, from), gather(color, to)))), square(at(color, 2))),
  );

  test("has the energies of its terms and the differences of every move from every state", () => {
    const byHand = (x: Uint8Array) =>
      j.reduce((sum, value, k) => sum - (x[from[k]] === x[to[k]] ? value : 0), x[2] ** 2);
    const { moves } = potts.space;
    for (let index = 0; index < 3 ** 7; index += 7) {
      const x = moves.state(index);
      expect(potts.energy(x)).toBe(byHand(x));
      const cursor = potts.can.moves(x);
      for (let move = 0; move < moves.count; move++) {
        const moved = x.slice();
        moves.apply(moved, move);
        expect(cursor.delta(move)).toBe(byHand(moved) - byHand(x));
      }
    }
  });

  test("names its part", () => {
    expect(potts.space.quantities.names.slice(0, 2)).toEqual(["color[0]", "color[1]"]);
    expect(potts.values(Uint8Array.of(0, 1, 2, 0, 1, 2, 0)).color).toEqual(
      Float64Array.of(0, 1, 2, 0, 1, 2, 0),
    );
  });

  test("and no label beyond its own is taken", () => {
    expect(() => potts.energy(new Uint8Array(7).fill(3))).toThrow("state has 3 at 0");
  });
});

test("every operation hands changes on, after moves that are kept as before", () => {
  const w = Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => rng.normal()));
  const model = expression({ s: spins(6), c: learnable(0.3) }, ({ s, c }, o) => {
    const fields = o.matmul(w, s);
    const squared = o.matmul(o.transpose(w), o.tanh(fields));
    const some = o.stack([o.at(s, 0), o.mul(c, o.at(s, 3)), o.at(fields, 1)]);
    const matrix = o.add(o.outer(fields, fields), [
      [9, 0, 0, 0],
      [0, 9, 0, 0],
      [0, 0, 9, 0],
      [0, 0, 0, 9],
    ]);
    return o.add(
      o.sum(o.softplus(o.mul(c, fields))),
      o.logSumExp(squared),
      o.dot(some, o.exp(some)),
      o.logDeterminant(matrix),
      o.sum(o.square(o.cumulativeSum(s))),
      o.sum(o.exp(o.scatter(s, [0, 1, 0, 1, 2, 2], 3))),
      o.where(o.greater(o.at(s, 1), 0), o.sum(o.mul(c, s)), 2),
      o.sum(o.mul(o.sum(fields), o.transpose(matrix))),
    );
  });
  const cursor = model.can.moves(model.space.random(rng));
  for (let step = 0; step < 1100; step++) {
    const move = rng.index(6);
    const expected = cursor.energy + cursor.delta(move);
    cursor.apply(move);
    expect(cursor.energy).toBeCloseTo(expected, 9);
    if (step % 200 === 199) {
      expect(cursor.energy).toBeCloseTo(model.energy(cursor.state), 9);
      expect(checkCursor(model, cursor.state)).toMatchObject({ passed: true });
    }
  }
});

test("energies of +∞ come and go", () => {
  const hard = expression({ s: spins(4) }, ({ s }, { sum, where, less, slice, mul }) =>
    sum(where(less(mul(slice(s, 0, -1), slice(s, 1)), 0), Infinity, slice(s, 1))),
  );
  const cursor = hard.can.moves(Int8Array.of(1, 1, 1, 1));
  expect(cursor.delta(1)).toBe(Infinity);
  cursor.apply(1);
  expect([cursor.energy, cursor.delta(0), cursor.delta(1)]).toEqual([Infinity, 0, -Infinity]);
  cursor.apply(1);
  expect(cursor.energy).toBe(3);
});

test("spins do not share a state with other parts", () => {
  const mixed = { s: spins(2), x: vector(2) };
  expect(() => expression(mixed as never, ({ s, x }, { dot }) => dot(s, x))).toThrow(
    "the parts s, x share a state, expected one part of spins or labels",
  );
});
