import { couplings, denseQuadratic, type Edge, sparseQuadratic } from "@basin/energy-core";
import { createRng, shuffle } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Σ over the edges as they were listed: no matrix, no fields. */
function oracle(edges: readonly Edge[], thresholds: ArrayLike<number>, s: ArrayLike<number>): number {
  let energy = 0;
  for (const [i, j, value] of edges) energy -= value * s[i] * s[j];
  for (let i = 0; i < s.length; i++) energy += thresholds[i] * s[i];
  return energy;
}

function randomSystem(seed: number, n: number, count: number) {
  const rng = createRng(seed);
  const edges: Edge[] = Array.from({ length: count }, () => {
    const i = rng.index(n);
    return [i, (i + 1 + rng.index(n - 1)) % n, rng.normal()];
  });
  const thresholds = Float64Array.from({ length: n }, () => rng.normal());
  const state = Int8Array.from({ length: n }, () => (rng.bernoulli(0.5) ? 1 : -1));
  return { rng, edges, thresholds, state };
}

function denseOf(n: number, edges: readonly Edge[]): number[][] {
  const weights = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (const [i, j, value] of edges) {
    weights[i][j] += value;
    weights[j][i] += value;
  }
  return weights;
}

describe("couplings", () => {
  it("gives the same bits whatever the order and direction of the edges", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 0, max: 40 }),
        (seed, n, count) => {
          const { rng, edges } = randomSystem(seed, n, count);
          const order = Array.from({ length: count }, (_, e) => e);
          shuffle(rng, order);
          const turned = order.map((e): Edge => [edges[e][1], edges[e][0], edges[e][2]]);
          expect(couplings(n, turned)).toEqual(couplings(n, edges));
          expect(couplings(n, new Set(edges))).toEqual(couplings(n, edges));
        },
      ),
    );
  });

  it("sums duplicates and keeps rows ascending and symmetric", () => {
    const { offsets, neighbors, values } = couplings(4, [
      [3, 0, 1],
      [0, 1, 2],
      [0, 3, 0.5],
    ]);
    expect([...offsets]).toEqual([0, 2, 3, 3, 4]);
    expect([...neighbors]).toEqual([1, 3, 0, 0]);
    expect([...values]).toEqual([2, 1.5, 2, 1.5]);
  });

  it("names the edge it refuses", () => {
    expect(() =>
      couplings(3, [
        [0, 1, 1],
        [2, 2, 1],
      ]),
    ).toThrow(/edge 1 joins site 2 to itself/);
    expect(() => couplings(3, [[0, 3, 1]])).toThrow(/edge 0 names site 3, expected an integer from 0 to 2/);
    expect(() => couplings(3, [[0, 1, NaN]])).toThrow(/edge 0 \(0, 1\) has value NaN/);
    expect(() => couplings(0, [])).toThrow(/dimension is 0/);
  });
});

describe("sparse and dense quadratic energies", () => {
  it("agree with a sum over the listed edges, and cursors with energies", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 0, max: 30 }),
        (seed, n, count) => {
          const { rng, edges, thresholds, state } = randomSystem(seed, n, count);
          for (const energy of [
            sparseQuadratic(couplings(n, edges), thresholds),
            denseQuadratic(denseOf(n, edges), thresholds),
          ]) {
            const cursor = energy.can.moves(state);
            expect(energy.energy(state)).toBeCloseTo(oracle(edges, thresholds, state), 10);
            for (let step = 0; step < 20; step++) {
              const before = oracle(edges, thresholds, cursor.state);
              const i = rng.index(n);
              const deltas = cursor.deltas(new Float64Array(n));
              expect(deltas[i]).toBe(cursor.delta(i));
              cursor.apply(i);
              const after = oracle(edges, thresholds, cursor.state);
              expect(deltas[i]).toBeCloseTo(after - before, 9);
              expect(cursor.energy).toBeCloseTo(after, 9);
            }
            expect(energy.energy(state)).toBeCloseTo(oracle(edges, thresholds, state), 10);
          }
        },
      ),
    );
  });

  it("have parameter gradients that match the energy, which is linear in them", () => {
    const { edges, thresholds, state } = randomSystem(5, 6, 12);
    for (const energy of [
      sparseQuadratic(couplings(6, edges), thresholds),
      denseQuadratic(denseOf(6, edges), thresholds),
    ]) {
      const gradient = new Float64Array(energy.can.parameters.values.length);
      energy.can.parameters.addGradient(state, 1, gradient);
      const linear = gradient.reduce((sum, g, k) => sum + g * energy.can.parameters.values[k], 0);
      expect(linear).toBeCloseTo(energy.energy(state), 12);
      energy.can.parameters.addGradient(state, -1, gradient);
      expect(gradient.every((g) => g === 0)).toBe(true);
      energy.can.parameters.values.fill(0);
      expect(energy.energy(state)).toBeCloseTo(0, 12);
    }
  });

  it("refuse states and matrices that do not fit", () => {
    const energy = denseQuadratic([
      [0, 1],
      [1, 0],
    ]);
    expect(() => energy.energy(Int8Array.of(1))).toThrow(/state has length 1, expected 2/);
    expect(() => energy.can.moves(Int8Array.of(1, 0))).toThrow(/state has 0 at 1, expected -1 or \+1/);
    expect(() =>
      denseQuadratic([
        [0, 1],
        [2, 0],
      ]),
    ).toThrow(/not symmetric: \(1, 0\) is 2, \(0, 1\) is 1/);
    expect(() =>
      denseQuadratic([
        [1, 1],
        [1, 0],
      ]),
    ).toThrow(/weight \(0, 0\) is 1/);
    expect(() => denseQuadratic([[0, 1]])).toThrow(/shape \[1, 2\]/);
    expect(() =>
      denseQuadratic(
        [
          [0, 1],
          [1, 0],
        ],
        [1],
      ),
    ).toThrow(/thresholds has length 1, expected 2/);
    expect(() =>
      denseQuadratic(
        [
          [0, 1],
          [1, 0],
        ],
        [1, NaN],
      ),
    ).toThrow(/threshold 1 is NaN/);
    expect(() => sparseQuadratic({ ...couplings(2, [[0, 1, 1]]), values: Float64Array.of(1) })).toThrow(
      /values/,
    );
  });
});
