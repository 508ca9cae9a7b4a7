import { complete, correct, enumerate, recallAll } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import {
  census,
  corrupt,
  denseMemory,
  exponentialInteraction,
  heteroMemory,
  hopfield,
  memoryOf,
  modernMemory,
  polynomialInteraction,
  randomPatterns,
  sparseMemory,
  weightsPicture,
} from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import { ruleNames } from "../../src/rules/index.ts";
import * as oracle from "../oracle.ts";

const three = oracle.nested(randomPatterns(3, 12, { seed: 5 }));

describe("storing and forgetting one at a time", () => {
  it.each(ruleNames)("keeps what it was told by the rule %s", (rule) => {
    const grown = hopfield([three[0]], { rule }).store([three[1]]).store([three[2]]);
    const without = grown.forget(1);
    expect(grown.patterns).toEqual(hopfield(three, { rule }).patterns);
    const again = hopfield([three[0], three[2]], { rule });
    expect(without.weights.data).toEqual(again.weights.data);
    for (const mu of [0, 2])
      expect(grown.recall(three[mu], { seed: 0 }).state).toEqual(Int8Array.from(three[mu]));
  });

  it("works on dense memories", () => {
    const thresholds = new Float64Array(12).fill(0.2);
    const grown = denseMemory([three[0]], { interaction: polynomialInteraction(3), thresholds }).store(
      three.slice(1),
    );
    const whole = denseMemory(three, { interaction: polynomialInteraction(3), thresholds });
    const state = Int8Array.from(randomPatterns(1, 12, { seed: 9 }).data);
    expect(grown.energy(state)).toBe(whole.energy(state));
    expect(grown.forget(0, 2).energy(state)).toBe(
      denseMemory([three[1]], { interaction: polynomialInteraction(3), thresholds }).energy(state),
    );
    expect(() => grown.forget(0, 1, 2)).toThrow(/leaves no memory/);
    expect(() => grown.store([[1, -1]])).toThrow(/length 2, expected 12/);
    const ends = recallAll(
      whole,
      three.map((p) => Int8Array.from(p)),
      { seed: 0 },
    );
    expect(ends.map(({ state }) => [...state])).toEqual(three);
    expect(ends[1].energy).toBe(whole.energy(Int8Array.from(three[1])));
    expect(ends.every(({ converged }) => converged)).toBe(true);
  });

  it("works on modern memories, with their values", () => {
    const grown = modernMemory([[1, 0]], { sharpness: 30, values: [[5]] }).store(
      [
        [0, 1],
        [3, 3],
      ],
      [[6], [7]],
    );
    expect(Array.from(grown.associate([[0, 1]]).states.data)).toEqual([6]);
    expect(Array.from(grown.forget(0).associate([[3, 3]]).states.data)).toEqual([7]);
    expect(grown.forget(1).patterns.shape).toEqual([2, 2]);
    expect(() => grown.store([[1, 1]])).toThrow(/values are missing/);
    expect(() => grown.store([[1, 1]], [[1], [2]])).toThrow(/values have 5 rows, expected 4/);
    expect(() => modernMemory([[1]]).store([[2]], [[1]])).toThrow(/no values/);
    const plain = modernMemory([[3, 4]]).store([[0, 0]]);
    expect(plain.overlap([4, 3])[0]).toBeCloseTo(0.96, 12);
    expect(plain.overlap([4, 3])[1]).toBe(0);
    const spins = modernMemory(three);
    for (const [mu, m] of hopfield(three).overlap(three[0]).entries()) {
      expect(spins.overlap(three[0])[mu]).toBeCloseTo(m, 12);
    }
  });
});

describe("thresholds of dense memories", () => {
  it.each([polynomialInteraction(3), exponentialInteraction()])(
    "add Σ θ S to the energy of the $name one",
    (interaction) => {
      const thresholds = Float64Array.from({ length: 12 }, (_, i) => (i % 5) - 2);
      const plain = denseMemory(three, { interaction });
      const tilted = denseMemory(three, { interaction, thresholds });
      const rng = createRng(1);
      const cursor = tilted.can.moves(Int8Array.from(three[0]));
      for (let step = 0; step < 40; step++) {
        const i = rng.index(12);
        const before = cursor.energy;
        const delta = cursor.delta(i);
        cursor.apply(i);
        expect(cursor.energy - before).toBeCloseTo(delta, 9);
        const tilt = cursor.state.reduce((sum, s, k) => sum + s * thresholds[k], 0);
        expect(cursor.energy).toBeCloseTo(plain.energy(cursor.state) + tilt, 9);
      }
      const strong = denseMemory(three, { interaction, thresholds: new Float64Array(12).fill(1e4) });
      expect(strong.recall(three[0], { known: new Uint8Array(12), seed: 0 }).state).toEqual(
        new Int8Array(12).fill(-1),
      );
      expect(() => denseMemory(three, { interaction, thresholds: [1] })).toThrow(/length 1, expected 12/);
    },
  );
});

describe("sparseMemory", () => {
  /** `count` patterns of `neurons` entries with exactly `active` ones. */
  function sparse(count: number, neurons: number, active: number, seed: number): number[][] {
    const rng = createRng(seed);
    return Array.from({ length: count }, () => {
      const bits = new Array<number>(neurons).fill(0);
      for (let left = active; left > 0; ) {
        const i = rng.index(neurons);
        if (bits[i] === 0) {
          bits[i] = 1;
          left--;
        }
      }
      return bits;
    });
  }

  it("has four times the energy of the 0/1 definition up to a constant, and its update", () => {
    const bits = sparse(4, 9, 3, 1);
    const a = 1 / 3;
    const memory = sparseMemory(bits, { threshold: 0.1 });
    const J = Array.from({ length: 9 }, (_, i) =>
      Array.from({ length: 9 }, (_, j) =>
        i === j ? 0 : bits.reduce((s, p) => s + (p[i] - a) * (p[j] - a), 0) / (9 * a * (1 - a)),
      ),
    );
    const energy = (eta: number[]) =>
      -0.5 * eta.reduce((s, x, i) => s + x * eta.reduce((t, y, j) => t + J[i][j] * y, 0), 0) +
      0.1 * eta.reduce((s, x) => s + x, 0);
    expect(memory.activity).toBeCloseTo(a, 15);
    const offsets = oracle.states(9).map((spins) => {
      const eta = Array.from(spins, (s) => (s + 1) / 2);
      return memory.energy(Int8Array.from(spins)) - 4 * energy(eta);
    });
    for (const offset of offsets) expect(offset).toBeCloseTo(offsets[0], 9);
    for (const start of oracle.states(9)) {
      const { active, converged } = memory.recall(start, { seed: 0 });
      expect(converged).toBe(true);
      for (let i = 0; i < 9; i++) {
        const h = J[i].reduce((s, w, j) => s + w * active[j], 0);
        if (Math.abs(h - 0.1) > 1e-9) expect(active[i]).toBe(h > 0.1 ? 1 : 0);
      }
    }
  });

  it("stores more sparse patterns than neurons, where Hebb's rule in ±1 keeps none", () => {
    const bits = sparse(440, 400, 8, 2);
    const memory = sparseMemory(bits);
    const kept = bits.filter((p) => memory.recall(p, { seed: 0 }).active.every((x, i) => x === p[i])).length;
    expect(kept).toBeGreaterThanOrEqual(330);
    const hebb = hopfield(bits.map((p) => p.map((x) => 2 * x - 1)));
    const cues = bits.map((p) => Int8Array.from(p, (x) => 2 * x - 1));
    const fixed = recallAll(hebb, cues, { seed: 0 });
    expect(fixed.filter(({ state }, mu) => state.every((s, i) => s === cues[mu][i]))).toEqual([]);
    const mended = bits.slice(0, 100).filter((p) => {
      const damaged = p.slice();
      damaged[p.indexOf(1)] = 0;
      return memory.recall(damaged, { seed: 0 }).active.every((x, i) => x === p[i]);
    });
    expect(mended.length).toBeGreaterThanOrEqual(50);
    expect(memory.overlap(bits[7])[7]).toBeCloseTo(1, 12);
    expect(memory.overlap(bits[7])).toEqual(memory.overlap(bits[7].map((x) => 2 * x - 1)));
  });

  it("grows and forgets with its thresholds, and serves the tasks", async () => {
    const bits = sparse(5, 30, 6, 3);
    const grown = sparseMemory(bits.slice(0, 2)).store(bits.slice(2));
    expect(grown.weights).toEqual(sparseMemory(bits).weights);
    const state = Int8Array.from(bits[0], (x) => 2 * x - 1);
    expect(grown.forget(4).energy(state)).toBe(sparseMemory(bits.slice(0, 4)).energy(state));
    const known = bits[0].map((_, i) => i < 20);
    const probe = state.map((s, i) => (known[i] ? s : -1));
    expect(complete(grown, probe, { known, seed: 1 }).state).toEqual(state);
    expect(correct(grown, state, { radius: 1 }).state).toEqual(state);
    const small = sparseMemory(sparse(2, 8, 2, 4));
    expect(enumerate(small).means.length).toBe(8);
    const { shares, unsettled } = await census(grown, { starts: 50, seed: 0 });
    expect(unsettled).toBe(0);
    expect(shares.stored.mean + shares.spurious.mean + shares.mixture.mean + shares.inverse.mean).toBe(1);
  });

  it("refuses other codings", () => {
    expect(() => sparseMemory([[0, 2]])).toThrow(/patterns\[0\]\[1\] is 2, expected 0 or 1/);
    expect(() => sparseMemory([[0, Number.NaN]])).toThrow(/is NaN/);
    expect(() => sparseMemory([])).toThrow(/shape \[0/);
    expect(() => sparseMemory([[0, 0]])).toThrow(/all entries of the patterns are 0/);
    expect(() => sparseMemory([[0, 1]], { activity: 1 })).toThrow(/activity is 1/);
    expect(() => sparseMemory([[0, 1]]).recall([0, -1])).toThrow(/probe\[0\] is 0, expected -1 or 1/);
    expect(() => sparseMemory([[0, 1]]).recall([0, 0.5])).toThrow(/probe\[1\] is 0.5, expected 0 or 1/);
    expect(() => sparseMemory([[0, 1]]).recall([0])).toThrow(/length 1, expected 2/);
  });
});

describe("heteroMemory", () => {
  const keys = oracle.nested(randomPatterns(6, 120, { seed: 1 }));
  const values = oracle.nested(randomPatterns(6, 40, { seed: 2 }));

  it.each([
    { rule: "hebbian" },
    { rule: "hebbian", couplings: "between" },
    { rule: "pseudo-inverse" },
    { rule: "exponential" },
  ] as const)("calls up values from damaged keys and keys from values, %o", (options) => {
    const memory = heteroMemory(keys, values, options);
    for (const [mu, key] of keys.entries()) {
      const {
        value,
        key: mended,
        converged,
      } = memory.recallValue(corrupt(key, 0.1, { seed: mu }), { seed: 0 });
      expect([Array.from(value), Array.from(mended), converged]).toEqual([values[mu], key, true]);
      const held = memory.recallKey(values[mu], { hold: true, seed: 0 });
      expect(Array.from(held.value)).toEqual(values[mu]);
      const right = held.key.filter((s, i) => s === key[i]).length;
      expect(right).toBeGreaterThan(110);
      expect(held.energy).toBe(memory.joint.energy(Int8Array.from([...held.key, ...held.value])));
    }
  });

  it("has no couplings within a half where it is bidirectional, and learns pair by pair", () => {
    const memory = heteroMemory(keys, values, { couplings: "between" });
    const w = oracle.nested((memory.joint as ReturnType<typeof hopfield>).weights);
    for (let i = 0; i < 160; i++) {
      for (let j = 0; j < 160; j++) {
        const sum =
          i < 120 === j < 120
            ? 0
            : keys.reduce((s, k, mu) => s + [...k, ...values[mu]][i] * [...k, ...values[mu]][j], 0);
        expect(w[i][j]).toBeCloseTo(sum / 6, 12);
      }
    }
    const grown = heteroMemory(keys.slice(0, 2), values.slice(0, 2)).store(keys.slice(2), values.slice(2));
    expect(grown.joint.patterns).toEqual(heteroMemory(keys, values).joint.patterns);
    expect(grown.forget(0).values.shape).toEqual([5, 40]);
  });

  it("refuses pairs that do not pair", () => {
    expect(() => heteroMemory(keys, values.slice(1))).toThrow(/values have 5 rows, expected 6/);
    expect(() => heteroMemory([[0]], [[1]])).toThrow(/keys\[0\]\[0\] is 0/);
    expect(() => heteroMemory(keys, values).recallValue([1])).toThrow(/key has length 1, expected 120/);
    expect(() => heteroMemory(keys, values, { rule: "exponential", couplings: "between" })).toThrow(
      /no pairwise couplings/,
    );
  });
});

it("memoryOf makes a memory by name and lists the names", () => {
  expect(memoryOf(three, "polynomial:4").overlap(three[1])[1]).toBe(1);
  expect(() => memoryOf(three, "oja" as "hebbian")).toThrow(
    /unknown rule "oja"; known: hebbian, .*polynomial:ORDER, exponential/,
  );
  expect(() => memoryOf(three, "polynomial:1")).toThrow(/order is 1/);
});

it("weights make a picture with zero in the middle", () => {
  const { weights } = hopfield([[1, 1, -1]]);
  expect(Array.from(weightsPicture(weights).data)).toEqual([128, 255, 1, 255, 128, 1, 1, 1, 128]);
});

it("correct finds a pattern in an ε-ball of a modern memory, also where log-sum-ReLU is +∞", () => {
  const patterns = [
    [0, 0, 1],
    [4, 0, 0],
  ];
  for (const separation of ["log-sum-exp", "log-sum-relu"] as const) {
    const memory = modernMemory(patterns, { sharpness: 2, separation });
    const { state, distance } = correct(memory, Float64Array.of(0.2, 0.1, 0.8), { radius: 0.5 });
    expect(distance).toBeLessThanOrEqual(0.5);
    for (const [k, v] of patterns[0].entries()) expect(state[k]).toBeCloseTo(v, 3);
  }
});
