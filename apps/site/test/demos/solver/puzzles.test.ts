import { groundState, weightedGraph } from "@basin/ising";
import { describe, expect, test } from "vitest";
import { initialSettings } from "../../../src/demos/shared/settings.ts";
import { leastConflicts, leastCost, leastDifference, mostCut } from "../../../src/demos/solver/exact.ts";
import { answer, type News, pose } from "../../../src/demos/solver/jobs.ts";
import { cutPuzzle, mapPuzzle, partitionPuzzle, timetablePuzzle } from "../../../src/demos/solver/puzzles.ts";
import { schema } from "../../../src/demos/solver/settings.ts";

const initial = initialSettings(schema);

describe("the exact answers beside the puzzles", () => {
  const ring = weightedGraph(5, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 3, 1],
    [3, 4, 1],
    [4, 0, 1],
  ]);

  test("are right where they can be counted by hand", () => {
    expect(mostCut(ring)).toBe(4);
    expect(leastConflicts(ring, 2)).toBeUndefined();
    expect(leastConflicts(ring, 3)).toBe(0);
    expect(leastDifference([4, 5, 6, 7, 8])).toBe(0);
    expect(leastDifference([1, 2, 9])).toBe(6);
    expect(leastCost([4, 1, 3, 2, 0, 5, 3, 2, 2], 3)).toBe(5);
  });

  test.each([1, 2, 3])("are the values of the ground states of small puzzles of seed %i", (seed) => {
    for (const puzzle of [
      cutPuzzle(10, seed),
      partitionPuzzle(10, seed),
      timetablePuzzle(4, seed),
      mapPuzzle(6, 4, seed),
    ])
      expect(puzzle.value(groundState(puzzle.problem).state)).toBe(puzzle.exact);
  });
});

describe("the solver", () => {
  test.each(["map", "cut", "partition", "timetable"] as const)(
    "finds the best %s of its size and reports the way",
    async (puzzle) => {
      const { exact } = await pose({ settings: { ...initial, puzzle, size: 18 } });
      const news: News[] = [];
      const found = await answer({ seconds: 1.5, seed: 1 }, (each) => news.push(each));
      expect(found.value).toBe(exact);
    },
  );

  test("bounds a cut that it does not prove", async () => {
    await pose({ settings: { ...initial, puzzle: "cut", size: 60 } });
    const { value, certificate, bound } = await answer({ seconds: 1, seed: 1 }, () => {});
    expect(certificate).toBe("local");
    const [, most] = /^no cut weighs more than (\d+)\.0$/.exec(bound!)!;
    expect(Number(most)).toBeGreaterThanOrEqual(value);
    expect(Number(most)).toBeLessThan(1.1 * value);
  });

  test("takes a graph and a QUBO, and says what it took them for", async () => {
    const graph = await pose({ settings: { ...initial, puzzle: "own" } });
    expect(graph).toMatchObject({ figure: "weight cut", exact: 5, variables: 5 });
    expect(graph.notes[0]).toContain("gset");
    const problem = "p qubo 0 2 2 1\n0 0 -1\n1 1 -1\n0 1 2\n";
    const qubo = await pose({ settings: { ...initial, puzzle: "own", problem } });
    expect(qubo).toMatchObject({ figure: "energy", variables: 2 });
    expect((await answer({ seconds: 1, seed: 1 }, () => {})).certificate).toBe("exact");
    await expect(pose({ settings: { ...initial, puzzle: "own", problem: "hello" } })).rejects.toThrow();
  });
});
