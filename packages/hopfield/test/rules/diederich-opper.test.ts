import { diederichOpper, hopfield, randomPatterns } from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import * as oracle from "../oracle.ts";

describe("diederichOpper", () => {
  it("gives every stored bit a field of at least 1, in steps of 1/N, beyond Hebb's capacity", () => {
    const patterns = randomPatterns(30, 60, { seed: 1 });
    const memory = hopfield(patterns, { rule: diederichOpper(), normalization: "neurons" });
    const w = oracle.nested(memory.weights);
    const fields = oracle.nested(patterns).flatMap((p) => p.map((s, i) => s * oracle.field(w, p, i)));
    expect(memory.report.converged).toBe(true);
    expect(Math.min(...fields)).toBeGreaterThan(1 - 1e-8);
    expect(memory.report.field).toBeCloseTo(Math.min(...fields), 8);
    for (const value of w.flat()) expect(Math.abs(60 * value - Math.round(60 * value))).toBeLessThan(1e-9);
    const hebb = hopfield(patterns);
    expect(oracle.nested(patterns).every((p) => hebb.recall(p, { seed: 0 }).flips === 0)).toBe(false);
  });

  it("leaves alone what it knows, so that a likeness of patterns changes nothing once they are learned", () => {
    const alike = oracle.nested(randomPatterns(1, 40, { seed: 2 }));
    const near = alike[0].map((s, i) => (i < 4 ? -s : s));
    const memory = hopfield([...alike, near], {
      rule: "diederich-opper",
      normalization: "neurons",
    });
    const again = memory.store([near]);
    expect(again.weights.data).toEqual(memory.weights.data);
    expect(again.report).toMatchObject({ converged: true, epochs: 1 });
  });

  it("says when it gave up", () => {
    const opposed = [
      [1, 1, 1],
      [1, 1, -1],
      [1, -1, 1],
      [-1, 1, 1],
    ];
    const memory = hopfield(opposed, { rule: diederichOpper({ maxEpochs: 20 }) });
    expect(memory.report).toMatchObject({ converged: false, epochs: 20 });
    expect(() => diederichOpper({ maxEpochs: 0 })).toThrow("maxEpochs is 0, expected an integer at least 1");
  });
});
