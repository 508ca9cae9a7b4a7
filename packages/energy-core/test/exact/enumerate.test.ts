import {
  couplings,
  type Edge,
  type Energy,
  enumerate,
  plainEnergy,
  reals,
  sparseQuadratic,
  spins,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, levels, type Sites, tableEnergy, trits } from "../fixtures.ts";

const torus = (L: number): Edge[] =>
  Array.from({ length: L * L }, (_, s) => s).flatMap((s): Edge[] => {
    const [r, c] = [Math.floor(s / L), s % L];
    return [
      [s, r * L + ((c + 1) % L), 1],
      [s, ((r + 1) % L) * L + c, 1],
    ];
  });

/** Sums over states counted in order with Math.exp: no Gray code, no cursor, no log-sum-exp. */
function oracle<X extends Sites>(states: readonly X[], energyOf: (x: X) => number, beta: number) {
  const all = states.map((s) => ({ s, e: energyOf(s), w: Math.exp(-beta * energyOf(s)) }));
  const z = all.reduce((sum, { w }) => sum + w, 0);
  const mean = (f: (s: X, e: number) => number) =>
    all.reduce((sum, { s, e, w }) => sum + (w === 0 ? 0 : (w / z) * f(s, e)), 0);
  const minimum = Math.min(...all.map(({ e }) => e));
  return { all, z, mean, minimum, degeneracy: all.filter(({ e }) => e < minimum + 1e-9).length };
}

/** Expects everything that enumeration says of `energy` to be what plain sums over `states` say. */
function expectSums<X extends Sites>(
  energy: Energy<X>,
  states: readonly X[],
  energyOf: (x: X) => number,
  beta: number,
) {
  const n = energy.space.dimension;
  const truth = oracle(states, energyOf, beta);
  const exact = enumerate(energy, { inverseTemperature: beta, pairs: true, probabilities: true });
  const mean = truth.mean((_, e) => e);
  expect(exact.states).toBe(states.length);
  expect(exact.logPartition).toBeCloseTo(Math.log(truth.z), 9);
  expect(exact.meanEnergy).toBeCloseTo(mean, 9);
  expect(exact.heatCapacity).toBeCloseTo(beta ** 2 * truth.mean((_, e) => (e - mean) ** 2), 8);
  expect(exact.entropy).toBeCloseTo(
    -truth.all.reduce((sum, { w }) => sum + (w === 0 ? 0 : (w / truth.z) * Math.log(w / truth.z)), 0),
    8,
  );
  for (let i = 0; i < n; i++) {
    expect(exact.means[i]).toBeCloseTo(
      truth.mean((s) => s[i]),
      9,
    );
    for (let j = 0; j < n; j++) {
      expect(exact.pairs?.data[i * n + j]).toBeCloseTo(
        truth.mean((s) => s[i] * s[j]),
        9,
      );
    }
  }
  for (const [index, { w }] of truth.all.entries()) {
    expect(exact.probabilities?.[index]).toBeCloseTo(w / truth.z, 10);
  }
  expect(exact.minimum).toBeCloseTo(truth.minimum, 10);
  expect(exact.degeneracy).toBe(truth.degeneracy);
  for (const state of exact.minimizers) expect(energyOf(state)).toBeCloseTo(truth.minimum, 9);
}

describe("enumerate", () => {
  it("has the published values of the 4 × 4 torus", () => {
    const energy = sparseQuadratic(couplings(16, torus(4)));
    const allSpins = allStates([-1, 1], 16, new Int8Array(16));
    // T, ln Z, u and ⟨|m|⟩ by independent enumeration.
    for (const [temperature, logZ, u, m] of [
      [1, 32.6987214, -1.99715844, 0.99927458],
      [2, 17.10536712, -1.75538029, 0.91894327],
      [2.269185314213022, 15.52191546, -1.56562379, 0.84386044],
      [3, 13.28103346, -1.01706963, 0.60129133],
    ]) {
      const exact = enumerate(energy, { temperature, probabilities: true });
      expect(Math.abs(exact.logPartition - logZ)).toBeLessThan(1e-7);
      expect(Math.abs(exact.meanEnergy / 16 - u)).toBeLessThan(1e-8);
      let magnetization = 0;
      for (const [index, p] of (exact.probabilities as Float64Array).entries()) {
        magnetization += (p * Math.abs(allSpins[index].reduce((sum, s) => sum + s, 0))) / 16;
      }
      expect(Math.abs(magnetization - m)).toBeLessThan(1e-8);
      expect(exact).toMatchObject({ minimum: -32, degeneracy: 2, states: 65536 });
    }
    expect(enumerate(energy, { temperature: 2.269185314213022 }).heatCapacity / 16).toBeCloseTo(0.783267, 6);
  });

  it("agrees with plain sums on random systems at any temperature", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 7 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (seed, n, beta) => {
          const rng = createRng(seed);
          const edges: Edge[] = Array.from({ length: n < 2 ? 0 : 2 * n }, () => {
            const i = rng.index(n);
            return [i, (i + 1 + rng.index(n - 1)) % n, rng.normal()];
          });
          const thresholds = Float64Array.from({ length: n }, () => rng.normal());
          const energyOf = (s: Int8Array) =>
            edges.reduce((sum, [i, j, v]) => sum - v * s[i] * s[j], 0) +
            thresholds.reduce((sum, t, i) => sum + t * s[i], 0);
          const energy = sparseQuadratic(couplings(n, edges), thresholds);
          expectSums(energy, allStates([-1, 1], n, new Int8Array(n)), energyOf, beta);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("agrees with plain sums over sites of three and four values, walls included", () => {
    const kinds = [
      [trits, [0, 1, 2], new Uint8Array(5)],
      [levels, [-2, 1, 4, 7], new Int8Array(4)],
    ] as const;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.constantFrom(0, 0.5),
        (seed, n, beta, walls) => {
          for (const [make, values, like] of kinds) {
            const states = allStates<Sites>(values, n, like);
            const { at, energy } = tableEnergy(make(n) as never, states, seed, walls);
            if (states.some((x) => at(x) < Infinity)) expectSums<Sites>(energy, states, at, beta);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("lists the minimizers of sites of three values, as many as are asked for", () => {
    const bowl = plainEnergy(trits(4), (x) => (x[0] + x[1] - 2) ** 2 + Math.abs(x[2] - 1));
    const { minimizers, degeneracy, minimum } = enumerate(bowl);
    const all = allStates([0, 1, 2], 4, new Uint8Array(4)).filter((x) => x[0] + x[1] === 2 && x[2] === 1);
    expect([minimum, degeneracy]).toEqual([0, all.length]);
    expect(minimizers.map((x) => x.join()).sort()).toEqual(all.map((x) => x.join()).sort());
    expect(enumerate(bowl, { maxMinimizers: 2 }).minimizers.length).toBe(2);
    expect(enumerate(bowl, { maxMinimizers: 2 }).degeneracy).toBe(all.length);
  });

  it("leaves states of energy +∞ out", () => {
    const energyOf = (s: Int8Array) => (s[0] === s[1] ? Infinity : 0.7 * s[0]);
    const exact = enumerate(plainEnergy(spins(2), energyOf), { probabilities: true });
    expect(exact.logPartition).toBeCloseTo(Math.log(2 * Math.cosh(0.7)), 12);
    expect([...(exact.probabilities as Float64Array)].map((p) => p > 0)).toEqual([false, true, true, false]);
    const nowhere = plainEnergy(spins(2), () => Infinity);
    expect(() => enumerate(nowhere)).toThrow(/all 4 states have energy \+Infinity/);
  });

  it("names the state of an illegal energy and refuses what it cannot afford", () => {
    const spoiled = plainEnergy(spins(2), (s) => (s[0] === 1 && s[1] === 1 ? NaN : 0));
    expect(() => enumerate(spoiled)).toThrow(/the energy of state \[1,1\] is NaN/);
    const large = sparseQuadratic(couplings(40, [[0, 39, 1]]));
    expect(() => enumerate(large)).toThrow(
      /enumeration would visit 1.10e\+12 states, about 15 hours; maxStates is 67108864/,
    );
    expect(() => enumerate(large, { temperature: 0 })).toThrow(/temperature is 0/);
    expect(() => enumerate(large, { maxStates: 2 ** 31 })).toThrow(/maxStates is 2147483648/);
    const huge = sparseQuadratic(couplings(2000, [[0, 39, 1]]));
    expect(() => enumerate(huge)).toThrow(/infinitely many states, about forever; maxStates is 67108864/);
    expect(() => enumerate(plainEnergy(reals(2), () => 0) as never)).toThrow(
      /enumerate needs discrete states with moves; 2 reals have none/,
    );
  });
});
