import { checkGradient } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { modernMemory } from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import type { ModernMemoryOptions } from "../src/modern/contract.ts";

function gaussians(rows: number, columns: number, seed: number, scale = 1): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => Math.fround(scale * rng.normal())),
  );
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((s, v, i) => s + v * b[i], 0);
const distance2 = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((s, v, i) => s + (v - b[i]) ** 2, 0);

function softmax(scores: number[]): number[] {
  const most = Math.max(...scores);
  const weights = scores.map((s) => Math.exp(s - most));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

const mean = (weights: number[], rows: number[][]) =>
  rows[0].map((_, k) => weights.reduce((s, w, mu) => s + w * rows[mu][k], 0));

const patterns = gaussians(9, 13, 1);
const queries = gaussians(6, 13, 2);

describe("modernMemory", () => {
  it("has the energies of the definitions, with their gradients", () => {
    const x = Float64Array.from(queries[0], (v) => 0.3 * v);
    const dotted = modernMemory(patterns, { sharpness: 0.7, similarity: "dot" });
    const lse = Math.log(patterns.reduce((s, p) => s + Math.exp(0.7 * dot(p, x)), 0)) / 0.7;
    expect(dotted.energy(x)).toBeCloseTo(0.5 * dot(x, x) - lse, 10);
    const near = modernMemory(patterns, { sharpness: 0.7 });
    const kde = -Math.log(patterns.reduce((s, p) => s + Math.exp(-0.35 * distance2(p, x)), 0)) / 0.7;
    expect(near.energy(x)).toBeCloseTo(kde, 10);
    // Radius 5, and no pattern within a difference step of it: the gradient jumps there.
    const relu = modernMemory(patterns, { sharpness: 0.08, separation: "log-sum-relu" });
    const sum = patterns.reduce((s, p) => s + Math.max(0, 1 - 0.04 * distance2(p, x)), 0);
    expect(relu.energy(x)).toBeCloseTo(-Math.log(sum) / 0.08, 10);
    for (const memory of [dotted, near, relu])
      expect(checkGradient(memory, x)).toMatchObject({ passed: true });
  });

  it("is +∞ where no pattern of a log-sum-ReLU memory is near, and recall says that it found none", () => {
    const memory = modernMemory(patterns, { sharpness: 1, separation: "log-sum-relu" });
    const far = new Float64Array(13).fill(50);
    expect(memory.energy(far)).toBe(Number.POSITIVE_INFINITY);
    expect(memory.recall(far)).toMatchObject({ converged: false, energy: Number.POSITIVE_INFINITY });
  });

  it("retrieves by softmax attention in one step, in both similarities", () => {
    const values = gaussians(9, 5, 3);
    for (const sharpness of [0.2, 1, 4]) {
      const attention = modernMemory(patterns, { sharpness, similarity: "dot", values });
      const near = modernMemory(patterns, { sharpness, values });
      const states = attention.retrieve(queries).states.data;
      const answers = attention.associate(queries).states.data;
      const nearAnswers = near.associate(queries);
      for (const [r, q] of queries.entries()) {
        const p = softmax(patterns.map((key) => sharpness * dot(key, q)));
        for (const [k, v] of mean(p, patterns).entries()) expect(states[r * 13 + k]).toBeCloseTo(v, 4);
        for (const [k, v] of mean(p, values).entries()) expect(answers[r * 5 + k]).toBeCloseTo(v, 4);
        const d = patterns.map((key) => distance2(key, q));
        const w = mean(softmax(d.map((s) => (-sharpness / 2) * s)), values);
        for (const [k, v] of w.entries()) expect(nearAnswers.states.data[r * 5 + k]).toBeCloseTo(v, 4);
        expect(nearAnswers.nearest[r]).toBe(d.indexOf(Math.min(...d)));
      }
    }
  });

  it("never raises the energy along recall and ends where the gradient vanishes", () => {
    const memory = modernMemory(gaussians(20, 8, 5), { sharpness: 0.4 });
    for (const q of gaussians(10, 8, 6)) {
      let before = memory.energy(Float64Array.from(q));
      for (let steps = 1; steps < 12; steps++) {
        const { energy } = memory.recall(q, { maxSteps: steps });
        expect(energy).toBeLessThanOrEqual(before + 1e-5);
        before = energy;
      }
      const { state, converged } = memory.recall(q, { maxSteps: 2000, tolerance: 1e-6 });
      expect(converged).toBe(true);
      const gradient = new Float64Array(8);
      memory.can.gradient(state, gradient);
      expect(Math.hypot(...gradient)).toBeLessThan(1e-3);
    }
  });

  it("compares partial probes on the known part, where the dot product goes wrong", () => {
    const stored = gaussians(50, 20, 7).map((p, mu) => p.map((v) => v * (1 + mu / 10)));
    const known = Array.from({ length: 20 }, (_, k) => k < 8);
    const memory = modernMemory(stored, { sharpness: 20 });
    const masked = stored.map((p) => p.map((v, k) => (known[k] ? v : 99)));
    expect(Array.from(memory.retrieve(masked, { known }).nearest)).toEqual(stored.map((_, mu) => mu));
    for (const [mu, probe] of masked.entries()) {
      const { state, converged, nearest } = memory.recall(probe, { known });
      expect(converged).toBe(true);
      expect(nearest).toBe(mu);
      for (const [k, v] of stored[mu].entries()) expect(state[k]).toBeCloseTo(v, 4);
    }
    const dotted = modernMemory(stored, { sharpness: 20, similarity: "dot" });
    const right = Array.from(dotted.retrieve(masked, { known }).nearest).filter((best, mu) => best === mu);
    expect(right.length).toBeLessThan(40);
  });
});

describe("the retrieval kernel", () => {
  const cases: readonly [string, number, number, number, ModernMemoryOptions][] = [
    ["odd sizes", 7, 5, 3, {}],
    ["one of each", 1, 1, 1, {}],
    ["several blocks and groups", 333, 29, 71, { sharpness: 3 }],
    ["dot", 130, 16, 9, { sharpness: 0.25, similarity: "dot" }],
    ["log-sum-ReLU", 200, 12, 9, { sharpness: 0.1, separation: "log-sum-relu" }],
  ];
  it.each(cases)("gives the same bits as its twin: %s", (_, count, d, m, options) => {
    const keys = gaussians(count, d, 11, 2);
    const values = gaussians(count, 3, 12);
    const probes = gaussians(m, d, 13, 2);
    const compiled = modernMemory(keys, { ...options, values, kernel: "wasm" });
    const twin = modernMemory(keys, { ...options, values, kernel: "typescript" });
    expect([compiled.kernel, twin.kernel]).toEqual(["wasm", "typescript"]);
    expect(compiled.retrieve(probes)).toEqual(twin.retrieve(probes));
    expect(compiled.associate(probes)).toEqual(twin.associate(probes));
    const known = Array.from({ length: d }, (_, k) => k % 3 !== 1);
    expect(compiled.retrieve(probes, { known })).toEqual(twin.retrieve(probes, { known }));
  });
});

describe("refusals", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["no patterns", () => modernMemory([]), /no rows/],
    ["NaN", () => modernMemory([[1, Number.NaN]]), /patterns\[0\]\[1\] is NaN/],
    ["beyond single precision", () => modernMemory([[1e300]]), /single precision/],
    ["sharpness 0", () => modernMemory([[1]], { sharpness: 0 }), /sharpness is 0/],
    ["values for other patterns", () => modernMemory([[1]], { values: [[1], [2]] }), /2 rows, expected 1/],
    ["wrong width", () => modernMemory([[1, 2]]).recall([1]), /probe\[0\] has length 1, expected 2/],
    ["NaN probe", () => modernMemory([[1]]).recall([Number.NaN]), /probe\[0\]\[0\] is NaN/],
    ["mask", () => modernMemory([[1, 2]]).recall([1, 2], { known: [1] }), /known has length 1/],
    [
      "relu by dot",
      () => modernMemory([[1]], { separation: "log-sum-relu", similarity: "dot" }),
      /by distance/,
    ],
  ])("%s", (_, run, message) => expect(run).toThrow(message));
});
