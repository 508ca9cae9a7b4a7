import { createRng } from "@basin/energy-core/random";
import {
  corrupt,
  denseMemory,
  exponentialInteraction,
  hopfield,
  polynomialInteraction,
  randomPatterns,
} from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import * as oracle from "./oracle.ts";

const patterns = randomPatterns(6, 11, { seed: 4 });
const nested = oracle.nested(patterns);
const overlap = (p: ArrayLike<number>, s: ArrayLike<number>) =>
  Array.from(p).reduce((sum, x, i) => sum + x * s[i], 0);

const interactions = [
  {
    interaction: polynomialInteraction(3),
    truth: (s: Int8Array) => -11 * nested.reduce((sum, p) => sum + (overlap(p, s) / 11) ** 3, 0),
  },
  {
    interaction: polynomialInteraction(4),
    truth: (s: Int8Array) => -11 * nested.reduce((sum, p) => sum + (overlap(p, s) / 11) ** 4, 0),
  },
  {
    interaction: exponentialInteraction(),
    truth: (s: Int8Array) => -Math.log(nested.reduce((sum, p) => sum + Math.exp(overlap(p, s)), 0)),
  },
  {
    interaction: exponentialInteraction(0.3),
    truth: (s: Int8Array) =>
      -Math.log(nested.reduce((sum, p) => sum + Math.exp(0.3 * overlap(p, s)), 0)) / 0.3,
  },
];

describe.each(interactions)("denseMemory, $interaction.name", ({ interaction, truth }) => {
  const memory = denseMemory(patterns, { interaction });

  it("has the energy of its definition, and cursors that follow it", () => {
    const cursor = memory.can.moves(Int8Array.from(nested[0]));
    const rng = createRng(2);
    for (let step = 0; step < 40; step++) {
      const i = rng.index(11);
      const turned = cursor.state.map((s, k) => (k === i ? -s : s));
      expect(cursor.delta(i)).toBeCloseTo(truth(turned) - truth(cursor.state), 9);
      expect(cursor.deltas(new Float64Array(11))[i]).toBe(cursor.delta(i));
      cursor.apply(i);
      expect(cursor.energy).toBeCloseTo(truth(turned), 9);
      expect(memory.energy(turned)).toBeCloseTo(truth(turned), 9);
    }
  });

  it("never raises the energy and ends in a minimum, from every state", () => {
    for (const start of oracle.states(11).filter((_, k) => k % 7 === 0)) {
      const { state, converged, trace } = memory.recall(start, { trace: true, seed: 1 });
      expect(converged).toBe(true);
      for (let k = 1; k < trace!.length; k++) expect(trace![k]).toBeLessThanOrEqual(trace![k - 1] + 1e-12);
      for (let i = 0; i < 11; i++) {
        const turned = state.map((s, k) => (k === i ? -s : s));
        expect(truth(turned)).toBeGreaterThanOrEqual(truth(state) - 1e-9);
      }
    }
  });

  it("completes what is unknown, whatever the probe holds there", () => {
    const large = randomPatterns(30, 60, { seed: 8 });
    const big = denseMemory(large, { interaction });
    const known = Array.from({ length: 60 }, (_, i) => i >= 25);
    for (const p of oracle.nested(large)) {
      for (const filler of [1, -1, 0]) {
        expect(
          Array.from(
            big.recall(
              p.map((s, i) => (known[i] ? s : filler)),
              { known, seed: 0 },
            ).state,
          ),
        ).toEqual(p);
      }
    }
  });
});

describe("polynomial", () => {
  it("of order 2 has Hebb's differences, as its energy is Hebb's up to a constant", () => {
    const memory = denseMemory(patterns, { interaction: polynomialInteraction(2) });
    const hebb = hopfield(patterns, { normalization: "neurons" });
    const state = Int8Array.from(nested[1]);
    for (let i = 0; i < 11; i++) {
      expect(memory.can.moves(state).delta(i)).toBeCloseTo(2 * hebb.can.moves(state).delta(i), 10);
    }
  });

  it("refuses orders that make no memory", () => {
    expect(() => polynomialInteraction(1)).toThrow(/order is 1/);
    expect(() => polynomialInteraction(2.5)).toThrow(/order is 2.5/);
    expect(() => exponentialInteraction(0)).toThrow(/sharpness is 0/);
  });
});

describe("exponential", () => {
  it("stays finite on images, far from every pattern", () => {
    const images = randomPatterns(3, 3000, { seed: 1 });
    const memory = denseMemory(images);
    const far = randomPatterns(1, 3000, { seed: 2 }).data;
    expect(Number.isFinite(memory.energy(far))).toBe(true);
    const noisy = corrupt(images.data.subarray(3000, 6000), 0.4, { seed: 0 });
    expect(memory.overlap(memory.recall(noisy, { seed: 0 }).state)[1]).toBe(1);
  });
});
