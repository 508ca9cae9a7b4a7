import { recallAll } from "@basin/energy-core";
import {
  census,
  corrupt,
  covariance,
  hopfield,
  identify,
  perceptron,
  randomPatterns,
  unlearning,
} from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import * as oracle from "./oracle.ts";

describe("perceptron", () => {
  it("makes every bit stable by the margin, beyond Hebb's capacity", () => {
    const patterns = randomPatterns(30, 60, { seed: 1 });
    for (const margin of [0, 0.4]) {
      const memory = hopfield(patterns, { rule: perceptron({ margin }), normalization: "neurons" });
      const w = oracle.nested(memory.weights);
      const stabilities = oracle
        .nested(patterns)
        .flatMap((p) => p.map((s, i) => (s * oracle.field(w, p, i)) / Math.hypot(...w[i])));
      expect(memory.report.converged).toBe(true);
      expect(Math.min(...stabilities)).toBeGreaterThan(margin);
      expect(memory.report.stability).toBeCloseTo(Math.min(...stabilities), 10);
    }
    const hebb = hopfield(patterns);
    expect(oracle.nested(patterns).every((p) => hebb.recall(p, { seed: 0 }).flips === 0)).toBe(false);
  });

  it("says when no solution was found", () => {
    const opposed = [
      [1, 1, 1],
      [1, 1, -1],
      [1, -1, 1],
      [-1, 1, 1],
    ];
    const memory = hopfield(opposed, { rule: perceptron({ maxEpochs: 20 }) });
    expect(memory.report).toMatchObject({ converged: false, epochs: 20 });
  });

  it("goes on from what it has learned", () => {
    const patterns = oracle.nested(randomPatterns(12, 50, { seed: 4 }));
    const memory = hopfield(patterns.slice(0, 6), { rule: "perceptron" }).store(patterns.slice(6));
    for (const p of patterns) expect(memory.recall(p, { seed: 0 }).flips).toBe(0);
  });
});

describe("unlearning", () => {
  it("enlarges the share of random starts that find a memory", async () => {
    const patterns = randomPatterns(12, 100, { seed: 2 });
    const share = async (dreams: number) => {
      const memory = hopfield(patterns, { rule: unlearning({ dreams, rate: 0.01, seed: 0 }) });
      const { shares } = await census(memory, { starts: 200, seed: 1 });
      return shares.stored.mean + shares.inverse.mean;
    };
    const standardError = Math.sqrt(0.25 / 200);
    expect((await share(200)) - (await share(0))).toBeGreaterThan(4.89 * Math.SQRT2 * standardError);
  });

  it("without dreams is Hebb's rule", () => {
    const patterns = randomPatterns(3, 10, { seed: 2 });
    expect(hopfield(patterns, { rule: unlearning({ dreams: 0, seed: 0 }) }).weights).toEqual(
      hopfield(patterns).weights,
    );
  });
});

describe("identify", () => {
  const patterns = randomPatterns(5, 101, { seed: 3 });
  const [a, b, c] = oracle.nested(patterns);

  it("tells stored, inverse, mixture and spurious states apart", () => {
    const negative = (p: number[]) => p.map((s) => -s);
    const mixture = a.map((s, i) => Math.sign(s - b[i] + c[i]));
    expect(identify(patterns, b)).toEqual({ kind: "stored", pattern: 1, overlap: 1 });
    expect(identify(patterns, negative(c))).toEqual({ kind: "inverse", pattern: 2, overlap: -1 });
    expect(identify(patterns, mixture).kind).toBe("mixture");
    expect(identify(patterns, oracle.nested(randomPatterns(1, 101, { seed: 8 }))[0]).kind).toBe("spurious");
  });

  it("forgives what the tolerance allows and no bit more", () => {
    const off = corrupt(a, 5 / 101, { seed: 0 });
    expect(identify(patterns, off).kind).toBe("spurious");
    expect(identify(patterns, off, { tolerance: 5 / 101 }).kind).toBe("stored");
    expect(identify(patterns, off, { tolerance: 4.9 / 101 }).kind).toBe("spurious");
  });
});

describe("census", () => {
  it("finds the two minima of a single pattern in equal shares, and repeats with its seed", async () => {
    const memory = hopfield(randomPatterns(1, 15, { seed: 1 }));
    const { shares, attractors, unsettled } = await census(memory, { starts: 2000, seed: 5 });
    expect(attractors.length).toBe(2);
    expect(shares.stored.mean + shares.inverse.mean).toBe(1);
    expect(unsettled).toBe(0);
    const z = (shares.stored.mean - 0.5) / Math.sqrt(0.25 / 2000);
    expect(Math.abs(z)).toBeLessThan(4.89);
    expect((await census(memory, { starts: 2000, seed: 5 })).attractors).toEqual(attractors);
    for (const { state, energy } of attractors) expect(energy).toBe(memory.energy(state));
  });

  it("reaches only minima, and every start is counted once", async () => {
    const memory = hopfield(randomPatterns(4, 12, { seed: 6 }));
    const { attractors } = await census(memory, { starts: 400, seed: 0 });
    expect(attractors.reduce((sum, { visits }) => sum + visits, 0)).toBe(400);
    for (const { state } of attractors) expect(memory.recall(state, { seed: 0 }).flips).toBe(0);
  });

  it("refuses to start nowhere", async () => {
    await expect(census(hopfield([[1]]), { starts: 0, seed: 0 })).rejects.toThrow(/starts is 0/);
  });
});

describe("covariance", () => {
  it.each([0.3, 0.4])(
    "measures the activity of patterns, of which %d is up, and keeps many more than Hebb's rule",
    (share) => {
      let s = 7;
      const next = () => {
        s = (s * 16807) % 2147483647;
        return s / 2147483647;
      };
      const patterns = Array.from({ length: 25 }, () =>
        Array.from({ length: 500 }, () => (next() < share ? 1 : -1)),
      );
      const fixed = (rule: "hebbian" | "covariance") => {
        const memory = hopfield(patterns, { rule });
        return patterns.filter((p, k) => memory.overlap(memory.recall(p, { seed: 0 }).state)[k] === 1).length;
      };
      const measured = patterns.flat().filter((spin) => spin > 0).length / 12_500;
      const memory = hopfield(patterns, { rule: "covariance", normalization: "neurons" });
      expect(memory.report.activity).toBeCloseTo(measured, 12);
      const mean = 2 * measured - 1;
      const [i, j] = [3, 77];
      const sum = patterns.reduce((total, p) => total + (p[i] - mean) * (p[j] - mean), 0);
      expect(memory.weights.data[i * 500 + j]).toBeCloseTo(sum / 500 / (1 - mean * mean), 12);
      expect(fixed("covariance")).toBeGreaterThanOrEqual(15);
      expect(fixed("covariance")).toBeGreaterThan(fixed("hebbian"));
    },
  );

  it("begins anew with the activity of all patterns, and goes on from what it has learned with one that is given", () => {
    const [few, more] = [
      [
        [1, -1, -1, -1],
        [-1, 1, -1, -1],
      ],
      [[1, 1, 1, -1]],
    ];
    const all = [...few, ...more];
    for (const rule of ["covariance", covariance({ activity: 0.3 })] as const) {
      const stored = hopfield(few, { rule }).store(more);
      const whole = hopfield(all, { rule });
      expect(stored.report.activity).toBe(whole.report.activity);
      for (const [k, w] of whole.weights.data.entries()) expect(stored.weights.data[k]).toBeCloseTo(w, 12);
    }
    expect(() => hopfield([[1, 1, 1]], { rule: "covariance" })).toThrow(
      /the patterns' activity is 1, expected a number above 0 and below 1/,
    );
    expect(() => hopfield([[-1, -1]], { rule: "covariance" })).toThrow(/the patterns' activity is 0/);
  });
});

describe("ties", () => {
  const pair = [
    [1, 1, -1, 1, -1],
    [1, 1, -1, 1, 1],
  ];

  it("give +1, or keep two patterns that differ in one place", () => {
    for (const rule of ["hebbian", "pseudo-inverse"] as const) {
      const memory = hopfield(pair, { rule });
      expect([...memory.recall(pair[0], { seed: 0 }).state]).toEqual(pair[1]);
      for (const dynamics of ["asynchronous", "synchronous"] as const) {
        for (const p of pair)
          expect(memory.recall(p, { dynamics, ties: "keep", seed: 0 })).toMatchObject({
            flips: 0,
            converged: true,
          });
        const cues = pair.map((p) => Int8Array.from(p));
        const states = (options: object) =>
          recallAll(memory, cues, { dynamics, seed: 0, ...options }).map(({ state }) => [...state]);
        expect(states({ ties: "keep" })).toEqual(pair);
        expect(states({})).toEqual([pair[1], pair[1]]);
      }
    }
    const memory = hopfield(pair);
    expect(() => memory.recall(pair[0], { ties: "down" as "up" })).toThrow(
      /unknown ties "down"; known: up, keep/,
    );
    expect(() => memory.recall(pair[0], { ties: "keep", dynamics: "stochastic" })).toThrow(
      /ties is "keep", but stochastic/,
    );
  });
});
