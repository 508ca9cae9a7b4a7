import { createRng } from "@basin/energy-core/random";
import {
  assignment,
  graphColoring,
  groundState,
  maximumIndependentSet,
  numberPartitioning,
  weightedGraph,
} from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";

const petersen = weightedGraph(10, [
  ...Array.from({ length: 5 }, (_, i) => [i, (i + 1) % 5] as const),
  ...Array.from({ length: 5 }, (_, i) => [i, i + 5] as const),
  ...Array.from({ length: 5 }, (_, i) => [5 + i, 5 + ((i + 2) % 5)] as const),
]);

describe("numberPartitioning", () => {
  it("has the squared difference of the sums as its energy", () => {
    const numbers = [3, 1, 4, 1, 5, 9];
    const problem = numberPartitioning(numbers);
    for (const state of spinStates(6)) {
      expect(problem.energy(state)).toBe(numbers.reduce((sum, a, i) => sum + a * state[i], 0) ** 2);
    }
    expect(groundState(numberPartitioning([4, 5, 6, 7, 8])).energy).toBe(0);
    expect(() => numberPartitioning([1, Number.NaN])).toThrow(/numbers\[1\] is NaN/);
  });
});

describe("maximumIndependentSet", () => {
  it("finds the four nodes of the Petersen graph", () => {
    const { state, energy, degeneracy } = groundState(maximumIndependentSet(petersen));
    // The Petersen graph has independence number 4, reached by five sets.
    expect([energy, degeneracy]).toEqual([-4, 5]);
    for (let e = 0; e < 15; e++)
      expect(state[petersen.sources[e]] + state[petersen.targets[e]]).toBeLessThan(2);
    expect(() => maximumIndependentSet(petersen, { penalty: 1 })).toThrow(/penalty is 1/);
  });
});

describe("graphColoring", () => {
  it("reaches 0 exactly when the graph can be colored", () => {
    const triangle = weightedGraph(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    expect(groundState(graphColoring(triangle, 2).problem).energy).toBe(1);
    const { problem, decode } = graphColoring(triangle, 3);
    const { state, energy, degeneracy } = groundState(problem);
    expect([energy, degeneracy]).toEqual([0, 6]);
    expect([...decode(state)].sort()).toEqual([0, 1, 2]);
    expect([...decode(new Int8Array(9).fill(1))]).toEqual([-1, -1, -1]);
    expect(() => graphColoring(triangle, 0)).toThrow(/colors is 0/);
  });
});

describe("assignment", () => {
  it.each([0, 1000, -1000])("finds the cheapest of all permutations, of costs from %i on", (from) => {
    const rng = createRng(8);
    const costs = Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => from + rng.index(20)));
    const permutations = (items: number[]): number[][] =>
      items.length === 0
        ? [[]]
        : items.flatMap((item) =>
            permutations(items.filter((x) => x !== item)).map((rest) => [item, ...rest]),
          );
    const prices = permutations([0, 1, 2, 3]).map((p) => p.reduce((sum, c, r) => sum + costs[r][c], 0));
    const { problem, decode } = assignment(costs);
    const { state, energy } = groundState(problem);
    expect(energy).toBe(Math.min(...prices));
    const chosen = [...decode(state)];
    expect(new Set(chosen).size).toBe(4);
    expect(chosen.reduce((sum, c, r) => sum + costs[r][c], 0)).toBe(energy);
    expect(() => assignment([[1, 2]])).toThrow(/square/);
  });
});
