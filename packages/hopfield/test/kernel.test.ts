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

  it("is not confused by a recall between two", () => {
    const patterns = randomPatterns(10, 100, { seed: 1 });
    const memory = hopfield(patterns, { kernel: "wasm" });
    const [a, b] = oracle.nested(patterns);
    const first = memory.recall(corrupt(a, 0.2));
    memory.recall(b);
    expect(memory.recall(corrupt(a, 0.2))).toEqual(first);
  });
});
