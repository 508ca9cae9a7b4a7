import {
  couplings,
  denseQuadratic,
  type Edge,
  plainEnergy,
  sparseQuadratic,
  spinLikelihood,
  sum,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";

const all = (n: number) =>
  Array.from({ length: 2 ** n }, (_, index) =>
    Int8Array.from({ length: n }, (_, i) => ((index >> i) & 1 ? 1 : -1)),
  );

/** Mean −log p by plain sums over states counted in binary. */
function oracle(
  energyOf: (s: Int8Array) => number,
  data: readonly Int8Array[],
  n: number,
  beta: number,
): number {
  const z = all(n).reduce((total, s) => total + Math.exp(-beta * energyOf(s)), 0);
  return data.reduce((total, x) => total + (beta * energyOf(x) + Math.log(z)) / data.length, 0);
}

function setting(seed: number, n: number) {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) if (rng.bernoulli(0.7)) edges.push([i, j, rng.normal()]);
  const thresholds = Float64Array.from({ length: n }, () => rng.normal());
  const data = Array.from({ length: 5 }, () =>
    Int8Array.from({ length: n }, () => (rng.bernoulli(0.5) ? 1 : -1)),
  );
  return { edges, thresholds, data };
}

describe("spinLikelihood", () => {
  it.each([0.4, 1, 2.5])("is the plain sum and its derivatives at β = %d", (inverseTemperature) => {
    for (let seed = 0; seed < 5; seed++) {
      const { edges, thresholds, data } = setting(seed, 5);
      const model = sparseQuadratic(couplings(5, edges), thresholds);
      const found = spinLikelihood(model, data, { inverseTemperature });
      const at = () => oracle((s) => model.energy(s), data, 5, inverseTemperature);
      expect(found.loss).toBeCloseTo(at(), 10);
      for (let k = 0; k < model.parameters.length; k++) {
        const kept = model.parameters[k];
        model.parameters[k] = kept + 1e-5;
        // Both entries of a pair are parameters; moving one alone halves the pair's share in E.
        const above = oracle((s) => linear(model, s), data, 5, inverseTemperature);
        model.parameters[k] = kept - 1e-5;
        const below = oracle((s) => linear(model, s), data, 5, inverseTemperature);
        model.parameters[k] = kept;
        expect(found.gradient[k]).toBeCloseTo((above - below) / 2e-5, 7);
      }
    }
  });

  it("has phases that meet when the data are the model's own distribution", () => {
    const flat = denseQuadratic([
      [0, 0],
      [0, 0],
    ]);
    const { gradient, positive, negative, loss } = spinLikelihood(flat, all(2));
    expect(gradient.every((g) => Math.abs(g) < 1e-15)).toBe(true);
    expect(positive.length).toBe(negative.length);
    expect(loss).toBeCloseTo(2 * Math.LN2, 14);
  });

  it("refuses data it cannot have produced, and none at all", () => {
    const model = denseQuadratic([
      [0, 1],
      [1, 0],
    ]);
    const wall = plainEnergy({ kind: "spins", dimension: 2 }, (s) => (s[0] === 1 ? Infinity : 0));
    const walled = sum([model, wall as unknown as typeof model]);
    expect(() => spinLikelihood(walled, [Int8Array.of(1, 1)])).toThrow(/datum 0 is \+Infinity/);
    expect(spinLikelihood(walled, [Int8Array.of(-1, 1)]).loss).toBeGreaterThan(0);
    expect(() => spinLikelihood(model, [])).toThrow(/no data/);
    expect(() => spinLikelihood(model, [Int8Array.of(1)])).toThrow(/state has length 1, expected 2/);
    expect(() =>
      spinLikelihood(sparseQuadratic(couplings(30, [[0, 1, 1]])), [new Int8Array(30).fill(1)]),
    ).toThrow(/2\^30/);
  });
});

/** E written on every stored entry of W by itself, so that a parameter moved alone counts as itself. */
function linear(model: ReturnType<typeof sparseQuadratic>, s: Int8Array): number {
  const { offsets, neighbors, values } = model.couplings;
  let energy = 0;
  for (let i = 0; i < s.length; i++) {
    for (let k = offsets[i]; k < offsets[i + 1]; k++) energy -= 0.5 * values[k] * s[i] * s[neighbors[k]];
    energy += model.thresholds[i] * s[i];
  }
  return energy;
}
