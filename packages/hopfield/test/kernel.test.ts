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
          { order, trace: true },
          { order, seed: 5, known },
          { order, maxSweeps: 1 },
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
          { trace: true },
          { order: "fixed", seed: 2 },
          { known },
          { maxSweeps: 1 },
          { dynamics: "synchronous" },
        ] as const) {
          const probe = probes.data.subarray(0, neurons);
          expect(compiled.recall(probe, options)).toEqual(twin.recall(probe, options));
          expect(compiled.recallAll(probes, options)).toEqual(twin.recallAll(probes, options));
        }
      }
    },
  );

  it("is not confused by a recall between two", () => {
    const patterns = randomPatterns(10, 100, { seed: 1 });
    const memory = hopfield(patterns, { kernel: "wasm" });
    const [a, b] = oracle.nested(patterns);
    const first = memory.recall(corrupt(a, 0.2));
    memory.recall(b);
    expect(memory.recall(corrupt(a, 0.2))).toEqual(first);
  });
});

describe("recallAll", () => {
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
            const options = { dynamics: "synchronous", maxSweeps } as const;
            const all = memory.recallAll(probes, options);
            expect(all).toEqual(twin.recallAll(probes, options));
            const { state, energy, sweeps, converged, cycle } = memory.recall(
              probes.data.subarray(0, neurons),
              options,
            );
            expect(all.states.data.subarray(0, neurons)).toEqual(state);
            expect([all.energies[0], all.sweeps[0], all.converged[0], all.cycle[0]]).toEqual([
              energy,
              sweeps,
              Number(converged),
              cycle ?? 0,
            ]);
          }
        }
      }
    },
  );

  it("meets cycles and fixed points, and recalls asynchronously too", () => {
    const patterns = randomPatterns(6, 40, { seed: 3 });
    const probes = randomPatterns(200, 40, { seed: 4 });
    const memory = hopfield(patterns);
    const { converged, cycle } = memory.recallAll(probes, { dynamics: "synchronous" });
    expect(new Set(converged)).toEqual(new Set([0, 1]));
    expect(cycle.some((period) => period === 2)).toBe(true);
    const single = memory.recallAll(probes, { seed: 9 });
    expect(single.converged.every((value) => value === 1)).toBe(true);
    expect(single.states.data.subarray(40, 80)).toEqual(
      memory.recall(probes.data.subarray(40, 80), { seed: 9 }).state,
    );
    expect(() => memory.recallAll([[1, -1]], { dynamics: "synchronous" })).toThrow(/expected 40/);
  });
});
