import {
  basins,
  bitError,
  breakdownLoad,
  capacity,
  census,
  corrupt,
  denseMemory,
  densePatterns,
  hebbianBasin,
  hebbianBitError,
  hopfield,
  patternLandscape,
  polynomialInteraction,
  randomPatterns,
} from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import { erf, erfc, hebbianOverlap, hebbianRecallOverlap } from "../src/measure/theory.ts";
import * as oracle from "./oracle.ts";

/** α_c = P/N above which a large Hebbian network retrieves nothing (Amit, Gutfreund & Sompolinsky 1985). */
const hebbianCapacity = 0.138;

describe("theory", () => {
  it("has erf and erfc", () => {
    // Abramowitz & Stegun 1964, table 7.1, and erfc(5) to twelve digits.
    expect(erf(0.5)).toBeCloseTo(0.5204998778, 10);
    expect(erf(1)).toBeCloseTo(0.8427007929, 10);
    expect(erf(-2)).toBeCloseTo(-0.995322265, 9);
    expect(erfc(2.999999999) / erfc(3.000000001)).toBeCloseTo(1, 6);
    expect(erfc(5) / 1.5374597944280349e-12).toBeCloseTo(1, 10);
  });

  it("gives the known one-step errors of Hebb's rule at loads 0.105, 0.138, 0.185, 0.37", () => {
    const errors = [0.105, 0.138, 0.185, 0.37].map((load) => hebbianBitError(1e6 + 1, 1e6 * load + 1));
    for (const [k, truth] of [0.00101, 0.00355, 0.01004, 0.0501].entries()) {
      expect(errors[k]).toBeCloseTo(truth, 4);
    }
    expect(hebbianBitError(10, 1)).toBe(0);
  });

  it("ends retrieval at α = 0.138 with m = 0.967 (Amit, Gutfreund & Sompolinsky 1985)", () => {
    expect(hebbianOverlap(hebbianCapacity - 0.0002)).toBeGreaterThan(0.96);
    expect(hebbianOverlap(hebbianCapacity - 0.0002)).toBeLessThan(0.975);
    expect(hebbianOverlap(hebbianCapacity + 0.001)).toBe(0);
    expect(hebbianOverlap(0.01)).toBeCloseTo(1, 6);
    expect(densePatterns(100, 3)).toBeCloseTo(1e4 / (2.3263478740408408 ** 2 * 3), 6);
  });
});

describe("the theory of basins", () => {
  it("shrinks from half the bits at load 0, and ends with retrieval at α_c", () => {
    const radii = [0, 0.01, 0.05, 0.1, 0.137].map(hebbianBasin);
    expect(radii[0]).toBe(0.5);
    expect([...radii].sort((a, b) => b - a)).toEqual(radii);
    expect(hebbianBasin(hebbianCapacity + 0.002)).toBe(0);
    expect(hebbianRecallOverlap(0.1, radii[3] - 0.001)).toBe(hebbianOverlap(0.1));
    expect(hebbianRecallOverlap(0.1, radii[3] + 0.001)).toBe(0);
    expect(hebbianRecallOverlap(0, 0.2)).toBe(1);
  });

  it("starts with the exact first step of synchronous updates", async () => {
    // One step from noise f: the bit error is ½ erfc((1 − 2f)/√(2α)).
    const memory = hopfield(randomPatterns(200, 2000, { seed: 1 }));
    const errors = Array.from({ length: 40 }, (_, mu) => {
      const pattern = memory.patterns.data.subarray(mu * 2000, (mu + 1) * 2000);
      const probe = corrupt(pattern, 0.2, { seed: mu });
      const { state } = memory.recall(probe, { dynamics: "synchronous", maxSweeps: 1, seed: 0 });
      return state.reduce((sum, s, i) => sum + (s === pattern[i] ? 0 : 1), 0) / 2000;
    });
    const mean = errors.reduce((a, b) => a + b, 0) / 40;
    const error = Math.sqrt(errors.reduce((s, e) => s + (e - mean) ** 2, 0) / (40 * 39));
    expect(Math.abs(mean - 0.5 * erfc(0.6 / Math.sqrt(0.2))) / error).toBeLessThan(4.89);
  });

  it("bounds the measured basins of a Hebbian network from above, and not by much", async () => {
    const { radius, theory } = await basins(hopfield(randomPatterns(20, 500, { seed: 1 })), {
      trials: 3,
      overlap: 0.9,
      seed: 0,
    });
    expect(radius.mean).toBeLessThan(theory as number);
    expect(radius.mean).toBeGreaterThan((theory as number) - 0.1);
    const inverse = hopfield(randomPatterns(3, 50, { seed: 1 }), { rule: "pseudo-inverse" });
    expect((await basins(inverse, { trials: 1, seed: 0 })).theory).toBeUndefined();
    await expect(basins(inverse, { noises: [0.2, 0.1], seed: 0 })).rejects.toThrow(
      /noises\[1\] is 0.1, expected ascending/,
    );
  });
});

describe("bitError", () => {
  it("counts the bits that the definition would turn", async () => {
    const options = { neurons: 30, patterns: 12, networks: 3, probes: 12, seed: 4 };
    const seen: number[] = [];
    const { mean, standardError } = await bitError({
      ...options,
      memory: (patterns) => {
        const nested = oracle.nested(patterns);
        const w = oracle.hebb(nested, 12);
        const wrong = nested.flatMap((p) =>
          p.map((s, i) => ((oracle.field(w, p, i) >= -1e-12 ? 1 : -1) === s ? 0 : 1) as number),
        );
        seen.push(wrong.reduce((a, b) => a + b, 0) / wrong.length);
        return hopfield(patterns);
      },
    });
    const truth = seen.reduce((a, b) => a + b, 0) / 3;
    expect(mean).toBeCloseTo(truth, 12);
    const variance = seen.reduce((sum, x) => sum + (x - truth) ** 2, 0) / 2;
    expect(standardError).toBeCloseTo(Math.sqrt(variance / 3), 12);
  });

  it("agrees with the finite-N formula", async () => {
    const { mean, standardError } = await bitError({ neurons: 400, patterns: 100, networks: 50, seed: 1 });
    expect(standardError).toBeLessThan(0.002);
    expect(Math.abs(mean - hebbianBitError(400, 100)) / standardError).toBeLessThan(4.89);
    // The wrong formula, of half the load, must be told apart.
    expect(Math.abs(mean - hebbianBitError(400, 50)) / standardError).toBeGreaterThan(4.89);
  });
});

describe("capacity", () => {
  it("shows Hebb's rule breaking down while the pseudo-inverse holds, and repeats with its seed", async () => {
    const options = {
      neurons: 200,
      rules: ["hebbian", "pseudo-inverse"] as const,
      loads: [0.05, 0.3],
      networks: 4,
      probes: 5,
      seed: 3,
    };
    const { curve } = await capacity(options);
    expect(curve.map(({ rule, load }) => [rule, load])).toEqual([
      ["hebbian", 0.05],
      ["hebbian", 0.3],
      ["pseudo-inverse", 0.05],
      ["pseudo-inverse", 0.3],
    ]);
    expect(curve[0].overlap.mean).toBeGreaterThan(0.99);
    expect(curve[1].overlap.mean).toBeLessThan(0.7);
    expect(curve[3]).toMatchObject({ overlap: { mean: 1 }, exactRecall: { mean: 1 }, converged: 1 });
    expect(breakdownLoad(curve, "hebbian")).toBeGreaterThan(0.05);
    expect(breakdownLoad(curve, "pseudo-inverse")).toBeUndefined();
    expect((await capacity(options)).curve).toEqual(curve);
  });

  it("maps load against noise", async () => {
    const { curve } = await capacity({
      neurons: 100,
      loads: [0.05],
      noises: [0, 0.2, 0.5],
      networks: 3,
      seed: 0,
    });
    expect(curve.map(({ noise }) => noise)).toEqual([0, 0.2, 0.5]);
    expect(curve[0].overlap.mean).toBeGreaterThan(curve[2].overlap.mean);
    await expect(capacity({ loads: [], seed: 0 })).rejects.toThrow(/loads is empty/);
    await expect(capacity({ loads: [0], seed: 0 })).rejects.toThrow(/load is 0/);
  });
});

describe("basins", () => {
  it("reach just short of half the bits for a single pattern, and less for many", async () => {
    const few = await basins(hopfield(randomPatterns(1, 101, { seed: 1 })), { trials: 10, seed: 0 });
    expect(few.radii[0]).toBeGreaterThan(0.44);
    expect(few.curve[0].recalled.mean).toBe(1);
    const many = await basins(hopfield(randomPatterns(9, 100, { seed: 1 })), { trials: 10, seed: 0 });
    expect(many.curve[8].recalled.mean).toBeLessThan(0.5);
    expect(few.curve[8].recalled.mean).toBeGreaterThan(0.9);
    const dense = await basins(
      denseMemory(randomPatterns(9, 100, { seed: 1 }), { interaction: polynomialInteraction(3) }),
      {
        trials: 10,
        seed: 0,
      },
    );
    expect(dense.curve[5].recalled.mean).toBeGreaterThan(many.curve[5].recalled.mean);
  });
});

describe("landscape", () => {
  it("has the patterns and their negatives at its corners", async () => {
    const patterns = randomPatterns(2, 60, { seed: 2 });
    const [a, b] = oracle.nested(patterns);
    const memory = hopfield(patterns);
    const { axis, energy } = await patternLandscape(memory, a, b, { resolution: 5, seed: 0 });
    expect(Array.from(axis)).toEqual([-1, -0.5, 0, 0.5, 1]);
    const at = (r: number, c: number) => energy.data[r * 5 + c];
    expect(at(2, 4)).toBeCloseTo(memory.energy(Int8Array.from(a)), 9);
    expect(at(2, 0)).toBeCloseTo(memory.energy(Int8Array.from(a, (s) => -s)), 9);
    expect(at(4, 2)).toBeCloseTo(memory.energy(Int8Array.from(b)), 9);
    expect(at(2, 2)).toBeGreaterThan(at(2, 4));
    expect(at(0, 0)).toBeNaN();
    expect(energy.data.filter((e) => !Number.isNaN(e)).length).toBe(13);
  });
});

it("census tells attractors apart that differ in a few spins alone", async () => {
  const first = randomPatterns(1, 34, { seed: 2 }).data;
  const near = first.map((s, i) => (i % 15 === 0 ? -s : s));
  const memory = hopfield([[...first], [...near]], { rule: "pseudo-inverse" });
  const { attractors } = await census(memory, { starts: 200, seed: 1 });
  const found = attractors.map(({ state }) => String(state));
  expect(new Set(found).size).toBe(found.length);
  for (const state of [first, near]) {
    expect(found).toContain(String(state));
    expect(found).toContain(String(state.map((s) => -s)));
  }
  expect(attractors.reduce((sum, { visits }) => sum + visits, 0)).toBe(200);
});

it("census finds spurious states in a loaded network", async () => {
  const { shares } = await census(hopfield(randomPatterns(12, 100, { seed: 1 })), { starts: 200, seed: 0 });
  expect(shares.spurious.mean + shares.mixture.mean).toBeGreaterThan(0.3);
});
