import {
  type Simulation,
  simulate,
  simulateAll,
  simulateReplicas,
  spinProblem,
  squareLattice,
} from "@basin/ising";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { kaufman } from "../src/exact/kaufman.ts";

/** All of a result but its times. */
function timeless(run: Simulation) {
  const { performance: _times, ...rest } = run;
  return { ...rest, spins: run.spins };
}

describe("simulateAll", () => {
  it("gives the same bits whatever the number of threads", async () => {
    const runs = [
      { model: squareLattice(32), temperature: 2.3, sweeps: 200, seed: 1 },
      {
        model: squareLattice(6, { disorder: "gaussian", disorderSeed: 4 }),
        temperature: 1,
        sweeps: 200,
        seed: 2,
      },
      {
        model: squareLattice(4, { field: Float64Array.from({ length: 16 }, (_, i) => i / 16) }),
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
        sweeps: 100,
      },
      { model: squareLattice(16), temperature: 2.3, algorithm: "wolff" as const, sweeps: 200, seed: 1 },
    ];
    const results = await Promise.all([1, 2, 3].map((workers) => simulateAll(runs, { workers })));
    for (const found of results.slice(1)) expect(found.map(timeless)).toEqual(results[0].map(timeless));
    expect(timeless(results[0][0])).toEqual(timeless(await simulate(squareLattice(32), { ...runs[0] })));
  });

  it("stops all when one fails, and says which", async () => {
    const runs = [1, -1].map((temperature) => ({ model: squareLattice(4), temperature, sweeps: 10 }));
    await expect(simulateAll(runs, { workers: 2 })).rejects.toThrow("job 1: temperature is -1");
    await expect(simulateAll(runs, { workers: 0 })).rejects.toThrow("workers is 0");
  });
});

describe("simulateReplicas", () => {
  it("takes independent runs together", async () => {
    const options = { temperature: 2.5, sweeps: 1000, seed: 5 };
    const found = await simulateReplicas(squareLattice(32), { ...options, replicas: 6, workers: 2 });
    assertMean(found.energyPerSpin, kaufman(32, 32, 2.5).energyPerSpin, { comparisons: 2 });
    assertMean(found.specificHeat, kaufman(32, 32, 2.5).specificHeatPerSite, { comparisons: 2 });
    const alone = await simulate(squareLattice(32), options);
    expect(found.runs[0].series).toEqual(alone.series);
    expect(found.runs[1].series).not.toEqual(alone.series);
    const ratio = alone.energyPerSpin.standardError / found.energyPerSpin.standardError;
    expect(ratio).toBeGreaterThan(Math.sqrt(6) / 1.5);
    expect(ratio).toBeLessThan(Math.sqrt(6) * 1.5);
  });
});
