import { memoryCheckpoint } from "@basin/energy-core/run";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { createModel, simulate, simulateAll, simulateTempering } from "@basin/ising";
import { gpu } from "@basin/ising/webgpu";
import { temper } from "@basin/samplers/temper";
import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, it } from "vitest";

const open = await softwareGpu();
const device: GpuDevice = (await open?.()) as never;
const model = createModel("square", 16);

describe.skipIf(device === undefined)("runs on a software GPU", () => {
  it("give Kaufman's energy, and the energies of the spins that they end in", async () => {
    // A launch costs more than what it computes here, so a larger lattice tells more in fewer sweeps.
    const large = createModel("square", 32);
    const options = { device, temperature: 2.6, sweeps: 1500, warmup: 100, seed: 3 };
    const { energyPerSite, exact, performance, spins, series } = await simulate(large, options);
    expect(energyPerSite.effectiveSampleSize).toBeGreaterThan(100);
    expect(Math.abs(energyPerSite.mean - Number(exact.energyPerSite))).toBeLessThan(
      4.89 * energyPerSite.standardError,
    );
    expect([performance.kernel, performance.path]).toEqual(["webgpu", "packed"]);
    expect(series.energy[series.energy.length - 1]).toBe(large.energy(spins));
  });

  it("go on from a checkpoint with the same bits, and take none of the CPU", async () => {
    const options = { device, temperature: 2.2, sweeps: 60, warmup: 10, measureEvery: 3, seed: 1 };
    const whole = await simulate(model, options);
    const checkpoint = memoryCheckpoint();
    const stop = new AbortController();
    const broken = simulate(model, {
      ...{ ...options, checkpoint, checkpointEvery: 0, signal: stop.signal },
      onProgress: () => stop.abort(new Error("stopped")),
    });
    // A run shorter than a report ends unbroken, and resumes at its end.
    await broken.catch((error) => expect(error.message).toBe("stopped"));
    const resumed = await simulate(model, { ...options, checkpoint });
    expect([...resumed.series.energy]).toEqual([...whole.series.energy]);
    expect(resumed.spins).toEqual(whole.spins);
    await expect(simulate(model, { ...options, device: "cpu", checkpoint })).rejects.toThrow("device");
  });

  it("temper a ladder, whose cold level has the energy of one of the CPU", async () => {
    const options = { temperatures: [2.4, 2.6, 2.9], sweeps: 1000, warmup: 100, seed: 4 };
    const [here, there] = [
      await simulateTempering(model, options),
      await simulateTempering(model, { ...options, device }),
    ];
    for (const [k, { energyPerSite }] of there.levels.entries()) {
      const other = here.levels[k].energyPerSite;
      expect(Math.abs(energyPerSite.mean - other.mean)).toBeLessThan(
        4.89 * Math.hypot(energyPerSite.standardError, other.standardError),
      );
      expect(there.swapRates.every((rate) => rate > 0.05 && rate < 1)).toBe(true);
    }
  });

  it("are walkers that temper of samplers waits for", async () => {
    const options = { seed: 1, temperatures: [2, 3], draws: 20, warmup: 20, chains: 1 };
    const run = (own: Parameters<typeof gpu>[0]) => temper(model as never, gpu(own) as never, options);
    const [{ chains }, twin] = [await run({ device }), await run({ kernel: "typescript" })];
    expect(chains[0].positions).toEqual(twin.chains[0].positions);
    const last = (chains[0].positions as Int8Array).subarray(19 * 256);
    expect(chains[0].stats.energy[19]).toBe(model.energy(last));
  });
});

describe("the option device", () => {
  it("refuses what a GPU does not do, and takes the CPU with the reason where it may", async () => {
    const options = { temperature: 2, sweeps: 10, algorithm: "wolff", seed: 1 } as const;
    await expect(simulate(model, { ...options, device: "gpu" })).rejects.toThrow(
      "a GPU runs metropolis and heat-bath, not wolff",
    );
    const { performance } = await simulate(model, { ...options, device: "auto" });
    expect([performance.kernel, performance.fallback]).toEqual([
      "wasm",
      "a GPU runs metropolis and heat-bath, not wolff",
    ]);
    await expect(simulate(model, { ...options, device: "tpu" as never })).rejects.toThrow(
      'unknown device "tpu"; known: auto, cpu, gpu',
    );
    const runs = [{ model, temperature: 2, device: "gpu" as const }];
    await expect(simulateAll(runs, { workers: 2 })).rejects.toThrow("give device or workers, not both");
  });
});
