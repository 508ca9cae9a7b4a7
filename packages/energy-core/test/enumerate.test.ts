import {
  couplings,
  type Edge,
  enumerate,
  indexFromSpins,
  plainEnergy,
  sparseQuadratic,
  spinsFromIndex,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const torus = (L: number): Edge[] =>
  Array.from({ length: L * L }, (_, s) => s).flatMap((s): Edge[] => {
    const [r, c] = [Math.floor(s / L), s % L];
    return [
      [s, r * L + ((c + 1) % L), 1],
      [s, ((r + 1) % L) * L + c, 1],
    ];
  });

/** Sums over states counted in binary with Math.exp: no Gray code, no cursor, no log-sum-exp. */
function oracle(n: number, energyOf: (s: Int8Array) => number, beta: number) {
  const all = Array.from({ length: 2 ** n }, (_, index) => {
    const s = Int8Array.from({ length: n }, (_, i) => ((index >> i) & 1 ? 1 : -1));
    return { s, e: energyOf(s), w: Math.exp(-beta * energyOf(s)) };
  });
  const z = all.reduce((sum, { w }) => sum + w, 0);
  const mean = (f: (s: Int8Array, e: number) => number) =>
    all.reduce((sum, { s, e, w }) => sum + (w === 0 ? 0 : (w / z) * f(s, e)), 0);
  const minimum = Math.min(...all.map(({ e }) => e));
  return { all, z, mean, minimum, degeneracy: all.filter(({ e }) => e < minimum + 1e-9).length };
}

describe("enumerate", () => {
  it("has the published values of the 4 × 4 torus", () => {
    const energy = sparseQuadratic(couplings(16, torus(4)));
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
        magnetization += (p * Math.abs(spinsFromIndex(index, 16).reduce((sum, s) => sum + s, 0))) / 16;
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
          const truth = oracle(n, energyOf, beta);
          const exact = enumerate(sparseQuadratic(couplings(n, edges), thresholds), {
            inverseTemperature: beta,
            pairs: true,
            probabilities: true,
          });
          const mean = truth.mean((_, e) => e);
          expect(exact.logPartition).toBeCloseTo(Math.log(truth.z), 9);
          expect(exact.meanEnergy).toBeCloseTo(mean, 9);
          expect(exact.heatCapacity).toBeCloseTo(beta ** 2 * truth.mean((_, e) => (e - mean) ** 2), 8);
          expect(exact.entropy).toBeCloseTo(
            -truth.all.reduce((sum, { w }) => sum + (w / truth.z) * Math.log(w / truth.z), 0),
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
        },
      ),
      { numRuns: 60 },
    );
  });

  it("leaves states of energy +∞ out", () => {
    const energyOf = (s: Int8Array) => (s[0] === s[1] ? Infinity : 0.7 * s[0]);
    const exact = enumerate(plainEnergy({ kind: "spins", dimension: 2 }, energyOf), { probabilities: true });
    expect(exact.logPartition).toBeCloseTo(Math.log(2 * Math.cosh(0.7)), 12);
    expect([...(exact.probabilities as Float64Array)].map((p) => p > 0)).toEqual([false, true, true, false]);
    const nowhere = plainEnergy({ kind: "spins", dimension: 2 }, () => Infinity);
    expect(() => enumerate(nowhere)).toThrow(/all 4 states have energy \+Infinity/);
  });

  it("names the state of an illegal energy and refuses what it cannot afford", () => {
    const spoiled = plainEnergy({ kind: "spins", dimension: 2 }, (s) => (s[0] === 1 && s[1] === 1 ? NaN : 0));
    expect(() => enumerate(spoiled)).toThrow(/the energy of state \[1, 1\] is NaN/);
    const large = sparseQuadratic(couplings(40, [[0, 39, 1]]));
    expect(() => enumerate(large)).toThrow(/2\^40 = 1.10e\+12 states, about 15 hours; maximumSpins is 26/);
    expect(() => enumerate(large, { temperature: 0 })).toThrow(/temperature is 0/);
    expect(() => enumerate(large, { maximumSpins: 31 })).toThrow(/maximumSpins is 31/);
  });

  it("numbers states both ways", () => {
    for (let index = 0; index < 32; index++) expect(indexFromSpins(spinsFromIndex(index, 5))).toBe(index);
    expect([...spinsFromIndex(5, 3)]).toEqual([1, -1, 1]);
  });
});
