import {
  couplings,
  denseQuadratic,
  type Edge,
  type Energy,
  exactLikelihood,
  type Partials,
  plainEnergy,
  sparseQuadratic,
  spins,
  sum,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";
import { allStates, trits, wave, waveEnergy } from "../fixtures.ts";

const all = (n: number) => allStates([-1, 1], n, new Int8Array(n));

/** Mean −log p by plain sums over all states. */
function oracle<X>(
  energyOf: (x: X) => number,
  data: readonly X[],
  states: readonly X[],
  beta: number,
): number {
  const z = states.reduce((total, s) => total + Math.exp(-beta * energyOf(s)), 0);
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

describe("exactLikelihood", () => {
  it.each([0.4, 1, 2.5])("is the plain sum and its derivatives at β = %d", (inverseTemperature) => {
    for (let seed = 0; seed < 5; seed++) {
      const { edges, thresholds, data } = setting(seed, 5);
      const model = sparseQuadratic(couplings(5, edges), thresholds);
      const found = exactLikelihood(model, data, { inverseTemperature });
      const at = () => oracle((s) => model.energy(s), data, all(5), inverseTemperature);
      expect(found.loss).toBeCloseTo(at(), 10);
      for (let k = 0; k < model.can.parameters.values.length; k++) {
        const kept = model.can.parameters.values[k];
        model.can.parameters.values[k] = kept + 1e-5;
        // Both entries of a pair are parameters; moving one alone halves the pair's share in E.
        const above = oracle((s) => linear(model, s), data, all(5), inverseTemperature);
        model.can.parameters.values[k] = kept - 1e-5;
        const below = oracle((s) => linear(model, s), data, all(5), inverseTemperature);
        model.can.parameters.values[k] = kept;
        expect(found.gradient[k]).toBeCloseTo((above - below) / 2e-5, 7);
      }
    }
  });

  it("is the plain sum and its derivatives over sites of three values", () => {
    const rng = createRng(17);
    const states = allStates([0, 1, 2], 3, new Uint8Array(3));
    const theta = Float64Array.from({ length: 4 }, () => rng.normal());
    const data = Array.from({ length: 6 }, () => states[rng.index(27)]);
    const found = exactLikelihood(
      waveEnergy(trits(3), theta, (x) => x),
      data,
      { temperature: 0.7 },
    );
    const at = () => oracle((x) => wave(theta, x), data, states, 1 / 0.7);
    expect(found.loss).toBeCloseTo(at(), 10);
    for (const k of theta.keys()) {
      const kept = theta[k];
      theta[k] = kept + 1e-5;
      const above = at();
      theta[k] = kept - 1e-5;
      expect(found.gradient[k]).toBeCloseTo((above - at()) / 2e-5, 7);
      theta[k] = kept;
    }
  });

  it("has phases that meet when the data are the model's own distribution", () => {
    const flat = denseQuadratic([
      [0, 0],
      [0, 0],
    ]);
    const { gradient, positive, negative, loss } = exactLikelihood(flat, all(2));
    expect(gradient.every((g) => Math.abs(g) < 1e-15)).toBe(true);
    expect(positive.length).toBe(negative.length);
    expect(loss).toBeCloseTo(2 * Math.LN2, 14);
  });

  it("refuses data it cannot have produced, and none at all", () => {
    const model = denseQuadratic([
      [0, 1],
      [1, 0],
    ]);
    const wall = plainEnergy(spins(2), (s) => (s[0] === 1 ? Infinity : 0));
    const walled: Energy<Int8Array> = sum<Int8Array, Partials<Int8Array>>([model, wall]);
    expect(() => exactLikelihood(walled, [Int8Array.of(1, 1)])).toThrow(/datum 0 is \+Infinity/);
    expect(exactLikelihood(walled, [Int8Array.of(-1, 1)]).loss).toBeCloseTo(Math.log1p(Math.exp(2)), 14);
    expect(() => exactLikelihood(model, [])).toThrow(/no data/);
    expect(() => exactLikelihood(model, [Int8Array.of(1)])).toThrow(/state has length 1, expected 2/);
    expect(() =>
      exactLikelihood(sparseQuadratic(couplings(30, [[0, 1, 1]])), [new Int8Array(30).fill(1)]),
    ).toThrow(/1.07e\+9 states, about 54 s; maxStates is 1048576/);
    expect(() => exactLikelihood(wall, [Int8Array.of(-1, 1)])).toThrow(
      /exactLikelihood needs an energy with parameters/,
    );
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
