import { couplings, type Edge, eliminate, enumerate, sparseQuadratic } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { gTest, zThreshold } from "@basin/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function randomGraph(seed: number, n: number, density: number) {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) if (rng.bernoulli(density)) edges.push([i, j, rng.normal()]);
  return sparseQuadratic(
    couplings(n, edges),
    Float64Array.from({ length: n }, () => rng.normal()),
  );
}

function torus(L: number) {
  const edges: Edge[] = [];
  for (let r = 0; r < L; r++) {
    for (let c = 0; c < L; c++) {
      edges.push([r * L + c, r * L + ((c + 1) % L), 1], [r * L + c, ((r + 1) % L) * L + c, 1]);
    }
  }
  return sparseQuadratic(couplings(L * L, edges));
}

describe("eliminate", () => {
  it("agrees with enumeration on random graphs at any temperature", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (seed, n, density, inverseTemperature) => {
          const energy = randomGraph(seed, n, density);
          const truth = enumerate(energy, { inverseTemperature, pairs: true });
          const found = eliminate(energy, { inverseTemperature });
          expect(found.logPartition).toBeCloseTo(truth.logPartition, 9);
          expect(found.meanEnergy).toBeCloseTo(truth.meanEnergy, 8);
          expect(found.entropy).toBeCloseTo(truth.entropy, 8);
          expect(found.minimum).toBeCloseTo(truth.minimum, 9);
          const { offsets, neighbors } = energy.couplings;
          for (let i = 0; i < n; i++) {
            expect(found.means[i]).toBeCloseTo(truth.means[i], 9);
            for (let k = offsets[i]; k < offsets[i + 1]; k++) {
              expect(found.correlations[k]).toBeCloseTo(truth.pairs?.data[i * n + neighbors[k]] as number, 9);
            }
          }
        },
      ),
    );
  });

  it("solves chains, rings and trees of any length in closed form", () => {
    const n = 2000;
    const chain = Array.from({ length: n - 1 }, (_, i): Edge => [i, i + 1, i % 2 ? 0.7 : -1.3]);
    const found = eliminate(sparseQuadratic(couplings(n, chain)));
    expect(found.width).toBe(1);
    const truth = Math.LN2 + 1000 * Math.log(2 * Math.cosh(1.3)) + 999 * Math.log(2 * Math.cosh(0.7));
    expect(Math.abs(found.logPartition / truth - 1)).toBeLessThan(1e-12);
    expect(found.minimum).toBeCloseTo(-1300 - 999 * 0.7, 8);
    const ring = Array.from({ length: 50 }, (_, i): Edge => [i, (i + 1) % 50, 1]);
    const closed = eliminate(sparseQuadratic(couplings(50, ring)), { temperature: 2 });
    expect(closed.width).toBe(2);
    expect(closed.logPartition).toBeCloseTo(
      Math.log((2 * Math.cosh(0.5)) ** 50 + (2 * Math.sinh(0.5)) ** 50),
      9,
    );
  });

  it("gives Kaufman's energies of the 8 × 8 torus, which no enumeration reaches", () => {
    const critical = eliminate(torus(8), { temperature: 2.269185314213022 });
    expect(critical.meanEnergy / 64).toBeCloseTo(-1.491589, 6);
    expect(critical.minimum).toBe(-128);
  });

  it("draws exactly", () => {
    const energy = randomGraph(12, 4, 0.8);
    const { sample } = eliminate(energy, { temperature: 1.5 });
    const { probabilities } = enumerate(energy, { temperature: 1.5, probabilities: true });
    const rng = createRng(3);
    const counts = new Float64Array(16);
    for (let k = 0; k < 20_000; k++) {
      counts[sample(rng).reduce((index, s, i) => index + (s > 0 ? 2 ** i : 0), 0)]++;
    }
    expect(gTest(counts, probabilities as Float64Array).pValue).toBeGreaterThan(1e-6);
    const large = torus(8);
    const exact = eliminate(large, { temperature: 3 });
    const energies = Array.from({ length: 4000 }, () => large.energy(exact.sample(rng)));
    const mean = energies.reduce((sum, e) => sum + e, 0) / 4000;
    const variance = energies.reduce((sum, e) => sum + (e - mean) ** 2, 0) / 3999;
    expect(Math.abs(mean - exact.meanEnergy)).toBeLessThan(zThreshold() * Math.sqrt(variance / 4000));
  });

  it("refuses a wide graph with what it would cost", () => {
    expect(() => eliminate(torus(16), { maxWidth: 12 })).toThrow(
      /table over at least \d+ spins \(2\^\d+ entries, \S+ MiB\) after \d+ of 256 spins; maxWidth is 12/,
    );
    expect(() => eliminate(torus(4), { temperature: 0 })).toThrow(/temperature is 0/);
  });
});
