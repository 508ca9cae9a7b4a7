import { CapabilityError } from "@basin/energy-core";
import { memoryCheckpoint } from "@basin/energy-core/run";
import {
  createModel,
  type Simulation,
  simulate,
  simulateAll,
  simulateReplicas,
  spinProblem,
} from "@basin/ising";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { kaufman } from "../../src/exact/kaufman.ts";

/** All of a result but its times. */
function timeless(run: Simulation) {
  const { performance: _times, ...rest } = run;
  return { ...rest, spins: run.spins };
}

describe("simulateAll", () => {
  it("gives the same bits whatever the number of threads", async () => {
    const runs = [
      { model: createModel("square", 32), temperature: 2.3, sweeps: 200, seed: 1 },
      {
        model: createModel("square", 6, { disorder: "gaussian", disorderSeed: 4 }),
        temperature: 1,
        sweeps: 200,
        seed: 2,
      },
      {
        model: createModel("square", 4, { field: Float64Array.from({ length: 16 }, (_, i) => i / 16) }),
        temperature: 1,
        sweeps: 100,
        seed: 3,
      },
      {
        model: spinProblem({
          variables: 3,
          couplings: [
            [0, 1, 1],
            [1, 2, -0.5],
          ],
          fields: [0.1, 0, 0],
        }),
        temperature: 1,
        sweeps: 100,
        seed: 0,
      },
      {
        model: createModel("square", 16),
        temperature: 2.3,
        algorithm: "wolff" as const,
        sweeps: 200,
        seed: 1,
      },
    ];
    const results = await Promise.all([1, 2, 3].map((workers) => simulateAll(runs, { workers })));
    for (const found of results.slice(1)) expect(found.map(timeless)).toEqual(results[0].map(timeless));
    const { model, ...first } = runs[0];
    expect(timeless(results[0][0])).toEqual(timeless(await simulate(model, first)));
  });

  it("stops all when one fails, and says which; options out of range before any begins", async () => {
    const runs = [1, -1].map((temperature) => ({ model: createModel("square", 4), temperature, sweeps: 10 }));
    await expect(simulateAll(runs)).rejects.toThrow("run 1: temperature is -1");
    const model = createModel("square", 4, { field: 1 });
    const clusters = (["metropolis", "wolff"] as const).map((algorithm) => ({
      model,
      algorithm,
      temperature: 1,
      sweeps: 10,
    }));
    await expect(simulateAll(clusters, { workers: 2 })).rejects.toThrow(/^job 1: /);
    await expect(simulateAll(clusters)).rejects.toThrow(CapabilityError);
    await expect(simulateAll(clusters, { workers: 0 })).rejects.toThrow("workers is 0");
  });
});

describe("simulateAll with a checkpoint", () => {
  const model = createModel("square", 8);
  const runs = [2, 2.5, 3].map((temperature) => ({ model, temperature, sweeps: 100, seed: 7 }));

  it("does not do again what was done, and gives the same results", async () => {
    const checkpoint = memoryCheckpoint();
    const whole = await simulateAll(runs);
    const controller = new AbortController();
    const stopped = simulateAll(runs, {
      ...{ checkpoint, checkpointEvery: 0, signal: controller.signal },
      onProgress: ({ run, done, total }) => run === 1 && 3 * done === 2 * total && controller.abort("enough"),
    });
    await expect(stopped).rejects.toBe("enough");
    const seen: number[] = [];
    const options = {
      checkpoint,
      onProgress: ({ done, total }: { done: number; total: number }) => seen.push((3 * done) / total),
    };
    const found = await simulateAll(runs, options);
    expect(seen.slice(0, 2)).toEqual([1, 2]);
    expect(seen.at(-1)).toBe(3);
    expect(found.map(timeless)).toEqual(whole.map(timeless));
    const colder = runs.map((run) => ({ ...run, temperature: run.temperature - 1 }));
    await expect(simulateAll(colder, options)).rejects.toThrow(
      "the checkpoint is of another run: its settings",
    );
  });
});

describe("simulateReplicas", () => {
  it("takes independent runs together", async () => {
    const options = { temperature: 2.5, sweeps: 1000, seed: 5 };
    const found = await simulateReplicas(createModel("square", 32), { ...options, replicas: 6, workers: 2 });
    assertMean(found.energyPerSite, kaufman(32, 32, 2.5).energyPerSite, { comparisons: 2 });
    assertMean(found.specificHeat, kaufman(32, 32, 2.5).specificHeat, { comparisons: 2 });
    const alone = await simulate(createModel("square", 32), options);
    expect(found.runs[0].series).toEqual(alone.series);
    expect(found.runs[1].series).not.toEqual(alone.series);
    const ratio = alone.energyPerSite.standardError / found.energyPerSite.standardError;
    expect(ratio).toBeGreaterThan(Math.sqrt(6) / 1.5);
    expect(ratio).toBeLessThan(Math.sqrt(6) * 1.5);
  });
});
