import { recall, recallAll, row } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { corrupt, hopfield, randomPatterns } from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import * as oracle from "./oracle.ts";

describe("the recall kernel", () => {
  it.each([
    [1, 1],
    [3, 2],
    [8, 63],
    [9, 64],
    [15, 65],
    [40, 130],
    [130, 300],
    [17, 33_000],
  ])("gives the same bits as its twin for %i patterns of %i neurons", (count, neurons) => {
    const patterns = randomPatterns(count, neurons, { seed: count });
    const rng = createRng(neurons);
    for (const tilt of [0, 0.1]) {
      const thresholds = Array.from({ length: neurons }, () => tilt * (rng.uniform() - 0.5));
      const [compiled, twin] = (["wasm", "typescript"] as const).map((kernel) =>
        hopfield(patterns, { thresholds, kernel }),
      );
      for (const order of ["random", "fixed"] as const) {
        const probe = corrupt(patterns.data.subarray(0, neurons), 0.3, { seed: 2 });
        const known = Array.from({ length: neurons }, (_, i) => i % 3 === 0);
        for (const options of [
          { order, seed: 0, trace: true },
          { order, seed: 5, known },
          { order, seed: 0, maxSweeps: 1 },
        ]) {
          expect(compiled.recall(probe, options)).toEqual(twin.recall(probe, options));
        }
      }
    }
  });

  it.each(["storkey", "pseudo-inverse"] as const)(
    "gives the same bits as its twin for weights by %s",
    (rule) => {
      for (const [count, neurons] of [
        [1, 1],
        [2, 5],
        [5, 18],
        [9, 47],
        [30, 120],
      ]) {
        const patterns = randomPatterns(count, neurons, { seed: count });
        const rng = createRng(neurons);
        const thresholds = Array.from({ length: neurons }, () => 0.3 * (rng.uniform() - 0.5));
        const [compiled, twin] = (["wasm", "typescript"] as const).map((kernel) =>
          hopfield(patterns, { rule, thresholds, kernel }),
        );
        const known = Array.from({ length: neurons }, (_, i) => i % 3 === 0);
        const probes = randomPatterns(11, neurons, { seed: 3 });
        for (const options of [
          { seed: 0, trace: true },
          { order: "fixed", seed: 2 },
          { seed: 0, known },
          { seed: 0, maxSweeps: 1 },
          { seed: 0, dynamics: "synchronous" },
        ] as const) {
          const cues = rowsOf(probes);
          const [probe] = cues;
          expect(compiled.recall(probe, options)).toEqual(twin.recall(probe, options));
          expect(recallAll(compiled, cues, options)).toEqual(recallAll(twin, cues, options));
        }
      }
    },
  );

  it("is not confused by a recall between two", () => {
    const patterns = randomPatterns(10, 100, { seed: 1 });
    const memory = hopfield(patterns, { kernel: "wasm" });
    const [a, b] = oracle.nested(patterns);
    const first = memory.recall(corrupt(a, 0.2, { seed: 0 }), { seed: 0 });
    memory.recall(b, { seed: 0 });
    expect(memory.recall(corrupt(a, 0.2, { seed: 0 }), { seed: 0 })).toEqual(first);
  });
});

describe("recall and recallAll of energy-core", () => {
  it.each([
    [1, 1, 1],
    [3, 5, 2],
    [8, 64, 16],
    [13, 65, 17],
    [40, 130, 40],
    [60, 190, 20],
  ])(
    "gives what recall gives, synchronous, for %i patterns of %i neurons and %i probes",
    (count, neurons, rows) => {
      const patterns = randomPatterns(count, neurons, { seed: count });
      const probes = randomPatterns(rows, neurons, { seed: 77 });
      const rng = createRng(neurons);
      for (const tilt of [0, 0.3, 1e9]) {
        const thresholds = Array.from({ length: neurons }, () => tilt * (rng.uniform() - 0.5));
        for (const normalization of ["patterns", "neurons"] as const) {
          const memory = hopfield(patterns, { thresholds, normalization, kernel: "wasm" });
          const twin = hopfield(patterns, { thresholds, normalization, kernel: "typescript" });
          for (const maxSweeps of [1, 2, 100]) {
            const options = { dynamics: "synchronous", maxSweeps, seed: 0 } as const;
            const all = recallAll(memory, rowsOf(probes), options);
            expect(all).toEqual(recallAll(twin, rowsOf(probes), options));
            const { state, energy, sweeps, converged, cycle } = memory.recall(rowsOf(probes)[0], options);
            expect(all[0]).toMatchObject({ state, energy, steps: sweeps, converged });
            expect(all[0].cycle).toBe(cycle);
          }
        }
      }
    },
  );

  it("meets cycles and fixed points, and recalls asynchronously too", () => {
    const patterns = randomPatterns(6, 40, { seed: 3 });
    const probes = randomPatterns(200, 40, { seed: 4 });
    const memory = hopfield(patterns);
    const cues = rowsOf(probes);
    const ends = recallAll(memory, cues, { dynamics: "synchronous", seed: 0 });
    expect(new Set(ends.map(({ converged }) => converged))).toEqual(new Set([false, true]));
    expect(ends.some(({ cycle }) => cycle === 2)).toBe(true);
    const single = recallAll(memory, cues, { seed: 9 });
    expect(single.every(({ converged }) => converged)).toBe(true);
    expect(single[1].state).toEqual(memory.recall(cues[1], { seed: 9 }).state);
    expect(recall(memory, cues[1], { seed: 9 })).toEqual(single[1]);
    expect(() => recallAll(memory, [Int8Array.of(1, -1)], { dynamics: "synchronous" })).toThrow(
      /expected 40/,
    );
  });
});

function rowsOf(probes: ReturnType<typeof randomPatterns>): Int8Array[] {
  return Array.from({ length: probes.shape[0] }, (_, k) => row(probes, k));
}
