import { memoryCheckpoint } from "@basin/energy-core/run";
import {
  basins,
  bitError,
  capacity,
  census,
  denseMemory,
  hebbian,
  hopfield,
  patternLandscape,
  perceptron,
  polynomialInteraction,
  randomPatterns,
  sparseMemory,
} from "@basin/hopfield";
import { describe, expect, it } from "vitest";

const patterns = randomPatterns(6, 40, { seed: 3 });
const memories = {
  hebbian: hopfield(patterns, { thresholds: new Float64Array(40).fill(0.1) }),
  perceptron: hopfield(patterns, { rule: perceptron({ margin: 0.3 }), normalization: "neurons" }),
  dense: denseMemory(patterns, { interaction: polynomialInteraction(3) }),
  sparse: sparseMemory({ data: patterns.data.map((s) => (s > 0 ? 1 : 0)), shape: patterns.shape }),
};

describe("measurements give the same bits on one thread and on several", () => {
  it.each(Object.entries(memories))("of one memory: %s", async (_, memory) => {
    expect(await census(memory, { seed: 4, starts: 101, workers: 3 })).toEqual(
      await census(memory, { seed: 4, starts: 101 }),
    );
    if (memory !== memories.hebbian) return;
    const noises = [0, 0.2, 0.4];
    expect(await basins(memory, { seed: 4, noises, trials: 3, workers: 2 })).toEqual(
      await basins(memory, { seed: 4, noises, trials: 3 }),
    );
    const [a, b] = [patterns.data.slice(0, 40), patterns.data.slice(40, 80)];
    expect(await patternLandscape(memory, a, b, { resolution: 7, samples: 5, workers: 2, seed: 0 })).toEqual(
      await patternLandscape(memory, a, b, { resolution: 7, samples: 5, seed: 0 }),
    );
  });

  it("of fresh networks by rules and interactions, named or made", async () => {
    const options = { neurons: 50, networks: 5, probes: 4, seed: 9 };
    const rules = ["storkey", "polynomial:3", perceptron({ margin: 0.1 })] as const;
    const plan = { ...options, rules, loads: [0.1, 0.3], noises: [0, 0.2] };
    const one = await capacity(plan);
    expect(await capacity({ ...plan, workers: 2 })).toEqual(one);
    expect(one.curve.length).toBe(12);
    for (const memory of ["hebbian", polynomialInteraction(4)] as const) {
      expect(await bitError({ ...options, patterns: 20, memory, workers: 2 })).toEqual(
        await bitError({ ...options, patterns: 20, memory }),
      );
    }
  });

  it("reports its progress and stops at a signal", async () => {
    const seen: number[] = [];
    await census(memories.dense, {
      starts: 64,
      onProgress: ({ done, total }) => seen.push(done / total),
      seed: 0,
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const stop = new AbortController();
    const reason = new Error("enough");
    const run = capacity({
      neurons: 50,
      loads: [0.1],
      networks: 50,
      signal: stop.signal,
      onProgress: ({ done }) => done === 5 && stop.abort(reason),
      seed: 0,
    });
    await expect(run).rejects.toBe(reason);
  });

  it("goes on from a checkpoint with the same figures, and only with the same memory", async () => {
    const { hebbian: memory, perceptron: other } = memories;
    const plan = { starts: 64, seed: 4, checkpointEvery: 0 };
    const whole = await census(memory, plan);
    const checkpoint = memoryCheckpoint();
    const stop = new AbortController();
    const stopped = census(memory, {
      ...{ ...plan, checkpoint, signal: stop.signal },
      onProgress: ({ done }) => done === 9 && stop.abort("enough"),
    });
    await expect(stopped).rejects.toBe("enough");
    const seen: number[] = [];
    const rest = await census(memory, { ...plan, checkpoint, onProgress: ({ done }) => seen.push(done) });
    expect(rest).toEqual(whole);
    expect(seen[0]).toBe(10);
    await expect(census(other, { ...plan, checkpoint })).rejects.toThrow("its energies is");
    const own = { name: "mine", learn: hebbian().learn };
    const unnamed = capacity({
      neurons: 20,
      loads: [0.1],
      rules: [own],
      checkpoint: memoryCheckpoint(),
      seed: 0,
    });
    await expect(unnamed).rejects.toThrow(/"mine" cannot be .* distinguished from another/);
  });

  it("refuses what cannot be sent to a thread, and says so", async () => {
    const own = { name: "mine", learn: hebbian().learn };
    const fresh = { neurons: 20, networks: 2, workers: 2 };
    await expect(capacity({ ...fresh, rules: [own], loads: [0.1] })).rejects.toThrow(/"mine" cannot be sent/);
    await expect(bitError({ ...fresh, patterns: 2, memory: (stored) => hopfield(stored) })).rejects.toThrow(
      /memory is a function/,
    );
    const wrapped = { ...memories.hebbian };
    await expect(census(wrapped, { starts: 10, workers: 2, seed: 0 })).rejects.toThrow(
      /expected one made by hopfield/,
    );
    const custom = denseMemory(patterns, {
      interaction: { name: "cubic", bind: polynomialInteraction(3).bind },
    });
    await expect(basins(custom, { trials: 1, workers: 2, seed: 0 })).rejects.toThrow(
      /"cubic" cannot be sent/,
    );
    expect((await basins(custom, { trials: 1, noises: [0], seed: 0 })).radius.mean).toBe(0);
  });
});
