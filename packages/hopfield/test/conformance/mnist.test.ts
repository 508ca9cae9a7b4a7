import { complete, row } from "@basin/energy-core";
import { corrupt, type HopfieldMemory, hopfield } from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import { digits, upperHalf as known } from "../digits.ts";

const images = digits(0);
const all = Array.from({ length: 10 }, (_, d) => d);
const meanOverlap = (memory: HopfieldMemory, answer: (digit: Int8Array, d: number) => Int8Array) =>
  all.reduce((sum, d) => sum + memory.overlap(answer(row(images, d), d))[d], 0) / 10;
const fromFlips = (memory: HopfieldMemory) =>
  meanOverlap(memory, (digit, d) => memory.recall(corrupt(digit, 0.2, { seed: d }), { seed: d }).state);

describe("ten MNIST digits", () => {
  const inverse = hopfield(images, { rule: "pseudo-inverse" });

  it("come back from 20 % flips by the pseudo-inverse", () => {
    expect(fromFlips(inverse)).toBeGreaterThanOrEqual(0.99);
  });

  it("come back from their upper halves, by minimizing and by recall alike", () => {
    const filled = (digit: Int8Array) => digit.map((spin, i) => (known[i] ? spin : -1));
    expect(meanOverlap(inverse, (digit) => complete(inverse, filled(digit), { known, seed: 1 }).state)).toBe(
      1,
    );
    expect(meanOverlap(inverse, (digit) => inverse.recall(filled(digit), { known, seed: 0 }).state)).toBe(1);
  });

  it("are too much alike for Hebb's rule, from the third on", () => {
    const mean = (count: number) => {
      const memory = hopfield({ data: images.data, shape: [count, 784] });
      const overlaps = all.slice(0, count).map((d) => {
        const probe = corrupt(row(images, d), 0.2, { seed: d });
        return memory.overlap(memory.recall(probe, { seed: d }).state)[d];
      });
      return overlaps.reduce((a, b) => a + b, 0) / count;
    };
    expect(mean(2)).toBe(1);
    expect(mean(10)).toBeLessThan(0.85);
  });
});
