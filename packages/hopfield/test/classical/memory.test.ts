import { createRng } from "@basin/energy-core/random";
import { corrupt, covariance, hopfield, pseudoInverse, randomPatterns } from "@basin/hopfield";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HopfieldOptions } from "../../src/classical/memory.ts";
import { ruleNames } from "../../src/rules/index.ts";
import * as oracle from "../oracle.ts";

const CLOSED_FORM = ["hebbian", "storkey", "pseudo-inverse"] as const;
const three = oracle.nested(randomPatterns(3, 12, { seed: 5 }));

function expectClose(actual: number[][], truth: number[][]): void {
  for (const [i, values] of truth.entries()) {
    for (const [j, value] of values.entries()) expect(actual[i][j]).toBeCloseTo(value, 10);
  }
}

describe("hopfield", () => {
  it("has the weights of each rule's definition, in both normalizations", () => {
    const truth = {
      hebbian: oracle.hebb(three, 12),
      storkey: oracle.storkey(three),
      "pseudo-inverse": oracle.pseudoInverse(three),
    };
    for (const rule of CLOSED_FORM) {
      const textbook = hopfield(three, { rule, normalization: "neurons" });
      expectClose(oracle.nested(textbook.weights), truth[rule]);
      const seed = hopfield(three, { rule, normalization: "patterns" });
      expectClose(
        oracle.nested(seed.weights),
        truth[rule].map((values) => values.map((w) => (w * 12) / 3)),
      );
    }
  });

  it("has the energy of the definition, and cursors that follow it", () => {
    const thresholds = [0.3, -0.2, 0, 1, 0, 0, 0, -1, 0, 0.5, 0, 0.1];
    for (const rule of ruleNames) {
      const memory = hopfield(three, { rule, thresholds });
      const w = oracle.nested(memory.weights);
      const cursor = memory.can.moves(Int8Array.from(three[0]));
      const rng = createRng(3);
      for (let step = 0; step < 30; step++) {
        const i = rng.index(12);
        const before = oracle.energy(w, thresholds, cursor.state);
        const turned = cursor.state.map((s, k) => (k === i ? -s : s));
        expect(cursor.delta(i)).toBeCloseTo(oracle.energy(w, thresholds, turned) - before, 10);
        expect(cursor.deltas(new Float64Array(12))[i]).toBe(cursor.delta(i));
        cursor.apply(i);
        expect(cursor.state).toEqual(turned);
        expect(cursor.energy).toBeCloseTo(oracle.energy(w, thresholds, turned), 10);
        expect(memory.energy(turned)).toBeCloseTo(cursor.energy, 10);
      }
    }
  });

  it("retrieves random patterns well below capacity, and says what it did", () => {
    const patterns = randomPatterns(5, 200, { seed: 1 });
    for (const rule of CLOSED_FORM) {
      const memory = hopfield(patterns, { rule });
      for (let mu = 0; mu < 5; mu++) {
        const pattern = oracle.nested(patterns)[mu];
        const result = memory.recall(corrupt(pattern, 0.2, { seed: mu }), { seed: mu, trace: true });
        expect(Array.from(result.state)).toEqual(pattern);
        expect(result).toMatchObject({ converged: true, seed: mu, flips: 40 });
        expect(result.energy).toBeCloseTo(memory.energy(Int8Array.from(pattern)), 9);
        expect(result.trace?.length).toBe(result.sweeps + 1);
        expect(memory.overlap(result.state)[mu]).toBe(1);
      }
    }
  });

  it("keeps up to N − 1 independent patterns fixed by the pseudo-inverse, and gives W = 0 for N", () => {
    const patterns = randomPatterns(63, 64, { seed: 2 });
    const memory = hopfield(patterns, { rule: "pseudo-inverse" });
    expect(memory.report).toEqual({ independentPatterns: 63 });
    for (const pattern of oracle.nested(patterns)) {
      expect(memory.recall(pattern, { seed: 0 })).toMatchObject({ flips: 0, sweeps: 1, converged: true });
    }
    const full = hopfield(randomPatterns(64, 64, { seed: 3 }), { rule: "pseudo-inverse" });
    expect(full.report.independentPatterns).toBe(64);
    expect(Math.max(...full.weights.data.map(Math.abs))).toBeLessThan(1e-9);
  });

  it("counts repeated, negated and dependent patterns once", () => {
    const [a, b, c] = three;
    const minus = a.map((s) => -s);
    // An odd mixture of orthogonal patterns is dependent on them only for special choices; ±a is always.
    const memory = hopfield([a, a, minus, b, c, c], { rule: pseudoInverse() });
    expect(memory.report).toEqual({ independentPatterns: 3 });
    expectClose(
      oracle.nested(
        hopfield([a, a, minus, b, c, c], { rule: "pseudo-inverse", normalization: "neurons" }).weights,
      ),
      oracle.pseudoInverse(three),
    );
  });

  it("stores one at a time what it stores at once, and forgets", () => {
    for (const rule of CLOSED_FORM) {
      const atOnce = hopfield(three, { rule });
      const grown = hopfield([three[0]], { rule }).store([three[1]]).store([three[2]]);
      expectClose(oracle.nested(grown.weights), oracle.nested(atOnce.weights));
      expect(grown.patterns).toEqual(atOnce.patterns);
      const without = atOnce.forget(1);
      expectClose(
        oracle.nested(without.weights),
        oracle.nested(hopfield([three[0], three[2]], { rule }).weights),
      );
      expect(atOnce.patterns.shape).toEqual([3, 12]);
    }
    expect(() => hopfield(three).forget(0, 1, 2)).toThrow(/leaves no memory/);
    expect(() => hopfield(three).forget(3)).toThrow(/index is 3/);
    expect(() => hopfield(three).store([[1, -1]])).toThrow(/expected 12/);
  });
});

describe("recall", () => {
  const network = fc.record({
    // Patterns this small may all be one value, of which the rule measures no activity.
    rule: fc
      .constantFrom(...ruleNames)
      .map((rule) => (rule === "covariance" ? covariance({ activity: 0.5 }) : rule)),
    normalization: fc.constantFrom("patterns" as const, "neurons" as const),
    order: fc.constantFrom("random" as const, "fixed" as const),
    seed: fc.nat(1e6),
    n: fc.integer({ min: 1, max: 14 }),
    p: fc.integer({ min: 1, max: 8 }),
    tilt: fc.constantFrom(0, 0.25, 1),
  });

  it("never raises the energy one neuron at a time, and ends where no neuron wants to turn", () => {
    fc.assert(
      fc.property(network, ({ rule, normalization, order, seed, n, p, tilt }) => {
        const rng = createRng(seed);
        const thresholds = Array.from({ length: n }, () => tilt * (rng.index(3) - 1));
        const memory = hopfield(randomPatterns(p, n, { seed }), { rule, normalization, thresholds });
        const probe = oracle.nested(randomPatterns(1, n, { seed: seed + 1 }))[0];
        const { state, trace, converged } = memory.recall(probe, { order, seed, trace: true });
        expect(converged).toBe(true);
        const values = Array.from(trace!);
        for (let k = 1; k < values.length; k++) expect(values[k]).toBeLessThanOrEqual(values[k - 1] + 1e-9);
        const w = oracle.nested(memory.weights);
        for (let i = 0; i < n; i++) {
          const h = oracle.field(w, state, i) - thresholds[i];
          if (Math.abs(h) > 1e-9) expect(state[i]).toBe(Math.sign(h));
          else if (rule === "hebbian" && tilt === 0) expect(state[i]).toBe(1);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it("settles a tie at +1, exactly even where 1/P is no binary fraction", () => {
    // Three patterns whose couplings to neuron 0 cancel: h_0 = (s₁ + s₂ + s₃ − 3 s₄)/3.
    const memory = hopfield([
      [1, 1, 1, -1, -1],
      [1, 1, -1, 1, -1],
      [1, -1, 1, 1, -1],
    ]);
    const ties = oracle
      .states(5)
      .filter((s) => oracle.field(oracle.hebb(oracle.nested(memory.patterns), 1), s, 0) === 0);
    expect(ties.length).toBe(4);
    for (const s of ties) {
      const order = { order: "fixed", maxSweeps: 1, seed: 0 } as const;
      expect(memory.recall(s, { ...order, known: [0, 1, 1, 1, 1] }).state[0]).toBe(1);
    }
    expect(hopfield([[1], [-1]]).recall([-1], { seed: 0 })).toMatchObject({ flips: 1, converged: true });
  });

  it("names the cycle that synchronous updates run into", () => {
    const memory = hopfield([[1, 1]]);
    expect(memory.recall([1, -1], { dynamics: "synchronous", seed: 0 })).toMatchObject({
      converged: false,
      cycle: 2,
      sweeps: 2,
    });
    const settled = memory.recall([1, 1], { dynamics: "synchronous", seed: 0 });
    expect(settled).toMatchObject({ converged: true, sweeps: 1 });
    expect(settled.cycle).toBeUndefined();
    expect(memory.recall([1, -1], { maxSweeps: 1, dynamics: "synchronous", seed: 0 })).toMatchObject({
      converged: false,
    });
  });

  it("draws from the heat bath at temperature T", () => {
    const thresholds = [0.2, -0.1, 0.3];
    const memory = hopfield(
      [
        [1, 1, -1],
        [1, -1, -1],
      ],
      { thresholds },
    );
    const w = oracle.hebb(
      [
        [1, 1, -1],
        [1, -1, -1],
      ],
      2,
    );
    const temperature = 0.8;
    const draws = 40_000;
    const start = [-1, 1, 1];
    const counts = new Map<string, number>();
    for (let seed = 0; seed < draws; seed++) {
      const options = { dynamics: "stochastic", order: "fixed", maxSweeps: 1, temperature, seed } as const;
      const key = memory.recall(start, options).state.join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const end of oracle.states(3)) {
      // One sweep in fixed order: neuron i sees the new values before it and the old ones behind it.
      let p = 1;
      for (let i = 0; i < 3; i++) {
        const seen = start.map((s, k) => (k < i ? end[k] : s));
        const h = oracle.field(w, seen, i) - thresholds[i];
        p /= 1 + Math.exp((-2 * h * end[i]) / temperature);
      }
      const z = ((counts.get(end.join()) ?? 0) - draws * p) / Math.sqrt(draws * p * (1 - p));
      expect(Math.abs(z)).toBeLessThan(5.41);
    }
  });

  it("holds the known part and starts the rest from it, whatever the probe holds there", () => {
    const patterns = randomPatterns(4, 100, { seed: 9 });
    const memory = hopfield(patterns, { rule: "pseudo-inverse" });
    const known = Array.from({ length: 100 }, (_, i) => i < 50);
    for (const pattern of oracle.nested(patterns)) {
      for (const filler of [1, -1]) {
        const probe = pattern.map((s, i) => (known[i] ? s : filler));
        const result = memory.recall(probe, { known, seed: 0 });
        expect(Array.from(result.state)).toEqual(pattern);
      }
    }
    const all = memory.recall(corrupt(oracle.nested(patterns)[0], 0.3, { seed: 0 }), {
      known: known.map(() => true),
      seed: 0,
    });
    expect(all.flips).toBe(0);
  });
});

describe("corrupt", () => {
  it("flips exactly the share, evenly over the neurons, and independently of a recall with the same seed", () => {
    const pattern = Array.from({ length: 100 }, () => 1);
    const hits = new Float64Array(100);
    for (let seed = 0; seed < 500; seed++) {
      const state = corrupt(pattern, 0.3, { seed });
      expect(state.reduce((sum, s) => sum + s, 0)).toBe(40);
      for (const [i, s] of state.entries()) if (s < 0) hits[i]++;
    }
    // Each count is binomial(500, 0.3), 100 of them: |z| < 5.7.
    for (const count of hits) expect(Math.abs(count - 150) / Math.sqrt(105)).toBeLessThan(5.7);
    // From half the bits flipped a single pattern and its negative are equally near.
    const memory = hopfield([pattern.concat(1)]);
    let back = 0;
    for (let seed = 0; seed < 400; seed++) {
      const probe = corrupt(pattern.concat(1), 0.5, { seed });
      if (memory.recall(probe, { seed }).state[0] > 0) back++;
    }
    expect(back).toBeLessThan(300);
  });
});

describe("refusals", () => {
  const fails: readonly [string, () => unknown, RegExp][] = [
    ["no patterns", () => hopfield([]), /patterns has no rows/],
    ["empty patterns", () => hopfield([[]]), /length 0/],
    ["ragged patterns", () => hopfield([[1, -1], [1]]), /ragged: row 1/],
    ["zero", () => hopfield([[1, 0]]), /patterns\[0\]\[1\] is 0, expected -1 or \+1/],
    [
      "half",
      () =>
        hopfield([
          [1, 1],
          [1, 0.5],
        ]),
      /patterns\[1\]\[1\] is 0.5/,
    ],
    ["a byte that wraps", () => hopfield([[1, 257]]), /is 257/],
    ["bytes out of range", () => hopfield([Int8Array.of(1, 2)]), /is 2/],
    [
      "a byte in a matrix",
      () => hopfield({ data: Int8Array.of(1, 1, 1, 0), shape: [2, 2] }),
      /patterns\[1\]\[1\] is 0/,
    ],
    [
      "a matrix too short",
      () => hopfield({ data: Int8Array.of(1, 1, 1), shape: [2, 2] }),
      /data has length 3/,
    ],
    ["NaN pattern", () => hopfield([[Number.NaN]]), /is NaN/],
    [
      "unknown rule",
      () => hopfield([[1]], { rule: "oja" } as unknown as HopfieldOptions),
      /unknown rule "oja"; known: hebbian/,
    ],
    [
      "unknown normalization",
      () => hopfield([[1]], { normalization: "x" } as unknown as HopfieldOptions),
      /known: patterns, neurons/,
    ],
    [
      "thresholds too short",
      () => hopfield([[1, 1]], { thresholds: [0] }),
      /thresholds has length 1, expected 2/,
    ],
    ["NaN threshold", () => hopfield([[1, 1]], { thresholds: [0, Number.NaN] }), /thresholds\[1\] is NaN/],
    ["NaN probe", () => hopfield([[1, 1]]).recall([1, Number.NaN], { seed: 0 }), /probe\[1\] is NaN/],
    [
      "probe too long",
      () => hopfield([[1, 1]]).recall([1, 1, 1], { seed: 0 }),
      /probe has length 3, expected 2/,
    ],
    ["zero probe", () => hopfield([[1, 1]]).recall([1, 0], { seed: 0 }), /probe\[1\] is 0/],
    ["state of zeros", () => hopfield([[1, 1]]).energy(Int8Array.of(0, 1)), /state\[0\] is 0/],
    [
      "mask too short",
      () => hopfield([[1, 1]]).recall([1, 1], { known: [true], seed: 0 }),
      /known has length 1/,
    ],
    ["no sweeps", () => hopfield([[1, 1]]).recall([1, 1], { maxSweeps: 0, seed: 0 }), /maxSweeps is 0/],
    [
      "temperature 0",
      () => hopfield([[1]]).recall([1], { dynamics: "stochastic", temperature: 0, seed: 0 }),
      /temperature is 0/,
    ],
    ["temperature without noise", () => hopfield([[1]]).recall([1], { temperature: 1, seed: 0 }), /has none/],
    [
      "too many weights",
      () => hopfield(randomPatterns(1, 20_000, { seed: 0 }), { rule: "storkey" }),
      /3.2 GB/,
    ],
  ];
  for (const [name, run, message] of fails) it(name, () => expect(run).toThrow(message));

  it("all-equal patterns are one deep minimum", () => {
    const memory = hopfield([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
    expect(memory.recall([1, 1, -1, 1], { seed: 0 }).state).toEqual(Int8Array.of(1, 1, 1, 1));
    expect(memory.energy(Int8Array.of(1, 1, 1, 1))).toBe(-6);
  });
});
