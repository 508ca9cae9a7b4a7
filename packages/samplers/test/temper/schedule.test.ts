import { describe, expect, it } from "vitest";
import {
  adaptiveSchedule,
  crowdedSchedule,
  geometricSchedule,
  linearSchedule,
} from "../../src/temper/index.ts";
import type { Walkers } from "../../src/walkers/walkers.ts";

/** Two walkers whose energies lie `spread(β)` to either side of their mean. */
function pair(spread: (beta: number) => number) {
  const taken: [steps: number, beta: number, group?: number][] = [];
  const walkers = {
    ...{ count: 2, group: 2, can: {} },
    step: (steps: number, beta: number, group?: number) => void taken.push([steps, beta, group]),
    energies(out: Float64Array) {
      out.set([7 - spread(taken.at(-1)![1]), 7 + spread(taken.at(-1)![1])]);
      return out;
    },
  };
  return { taken, walkers: walkers as unknown as Walkers<Int8Array> };
}

describe("adaptiveSchedule", () => {
  it.each([3, 0])("is linear where the spread is %d at every temperature", (constant) => {
    const betas = adaptiveSchedule(pair(() => constant).walkers, 0.5, 8, 61);
    for (const [s, beta] of linearSchedule(0.5, 8, 61).entries()) expect(betas[s]).toBeCloseTo(beta, 12);
  });

  it("has equal lengths ∫σ dβ between its steps", () => {
    const betas = adaptiveSchedule(pair((beta) => 1 / beta).walkers, 0.5, 8, 33);
    // ∫dβ/β is a logarithm; 24 points measure it within a percent.
    for (let s = 0; s < 33; s++)
      expect(Math.abs(Math.log(betas[s] / 0.5) - (s * Math.log(16)) / 32)).toBeLessThan(0.02);
    expect([betas[0], betas[32]]).toEqual([0.5, 8]);
  });

  it("gives cold temperatures without any spread a twentieth of the largest", () => {
    const betas = adaptiveSchedule(pair((beta) => (beta < 1 ? 1 : 0)).walkers, 0.1, 10, 1000);
    const cold = betas.filter((beta) => beta > 1.5);
    for (let s = 1; s < cold.length; s++) expect(cold[s] - cold[s - 1]).toBeCloseTo(cold[1] - cold[0], 9);
    expect((cold[1] - cold[0]) / (betas[1] - betas[0])).toBeCloseTo(20, 6);
  });

  it("looks at 24 temperatures with an eighth of the steps, two at each at least", () => {
    for (const [steps, each] of [
      [1, 2],
      [1920, 10],
    ]) {
      const { walkers, taken } = pair(() => 1);
      expect(adaptiveSchedule(walkers, 0.5, 8, steps).at(-1)).toBe(8);
      expect(taken).toEqual(Array.from(geometricSchedule(0.5, 8, 24), (beta) => [each, beta, 0]));
    }
  });

  it("refuses a single walker", () => {
    const { walkers } = pair(() => 1);
    expect(() => adaptiveSchedule({ ...walkers, count: 1 } as typeof walkers, 0.5, 8, 10)).toThrow(
      "walkers.count is 1, expected a finite number at least 2",
    );
  });
});

it("crowdedSchedule gives the parts from 0 to 0.5, to 0.9 and to 1 one, eight and twenty steps of 29", () => {
  const part = (from: number, step: number, count: number) =>
    Array.from({ length: count }, (_, k) => from + step * (k + 1));
  const expected = [0, 0.5, ...part(0.5, 0.05, 8), ...part(0.9, 0.005, 20)];
  for (const [s, beta] of crowdedSchedule(30).entries()) expect(beta).toBeCloseTo(expected[s], 12);
  expect(crowdedSchedule(2)).toEqual(Float64Array.of(0, 1));
});
