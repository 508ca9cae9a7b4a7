import { memoryCheckpoint } from "@basin/energy-core/run";
import { createModel, kaufman, simulate, simulateAll } from "@basin/ising";
import { describe, expect, it, test, vi } from "vitest";
import type { SimulateOptions } from "../../src/simulate/options.ts";

const model = createModel("square", 8);
const asked = 0.006;
const options: SimulateOptions = {
  temperature: 3,
  seed: 1,
  warmup: 100,
  sweeps: 400,
  until: { standardError: { energyPerSite: asked } },
};

describe("simulate until the error is small enough", () => {
  it("stops within a look of what is wanted, and its intervals hold Kaufman's energy", async () => {
    const exact = kaufman(8, 8, 3).energyPerSite;
    const runs = 40;
    let covered = 0;
    for (let seed = 0; seed < runs; seed++) {
      const { energyPerSite, stopped } = await simulate(model, { ...options, seed });
      expect(stopped?.reason).toBe("reached");
      expect(energyPerSite.standardError).toBeLessThanOrEqual(asked);
      // The last look had 1.5 times the measurements of one whose error was too large.
      expect(energyPerSite.standardError).toBeGreaterThan(0.6 * asked);
      if (Math.abs(energyPerSite.mean - exact) < 1.96 * energyPerSite.standardError) covered++;
    }
    // Four standard errors of a share of 40 below 93 %.
    expect(covered / runs).toBeGreaterThan(0.76);
  });

  it("measures the first part of a longer run, bit for bit", async () => {
    const run = await simulate(model, options);
    const { until: _, ...plain } = options;
    const longer = await simulate(model, { ...plain, sweeps: run.sweeps + 50 });
    expect(run.series.energy).toEqual(longer.series.energy.slice(0, run.sweeps));
    expect(run.stopped?.looks).toBeGreaterThan(1);
    expect(run.warnings).toEqual([]);
  });

  it("goes on from a checkpoint to the same bits", async () => {
    const magnet = createModel("square", 24);
    const until = { standardError: { energyPerSite: 0.005 } };
    const slow = { temperature: 2.4, algorithm: "swendsen-wang", kernel: "typescript", seed: 3 } as const;
    const long = { ...slow, until, warmup: 100 };
    const whole = await simulate(magnet, long);
    // Every look at the clock takes a millisecond, so that breaths fall where they fall on any machine.
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => clock++);
    const checkpoint = memoryCheckpoint();
    const controller = new AbortController();
    const stopped = simulate(magnet, {
      ...{ ...long, checkpoint, signal: controller.signal },
      onProgress: ({ phase }) => phase === "measure" && controller.abort(new Error("stopped")),
    });
    await expect(stopped).rejects.toThrow("stopped");
    vi.restoreAllMocks();
    const other = { ...long, until: { standardError: { energyPerSite: 0.01 } }, checkpoint };
    await expect(simulate(magnet, other)).rejects.toThrow("its until is");
    const again = await simulate(magnet, { ...long, checkpoint });
    expect(again.series).toEqual(whole.series);
    expect(again.stopped).toEqual(whole.stopped);
  });

  it("counts no error of fewer than 50 effective draws, and says what a limit cut off", async () => {
    const until = { standardError: { absoluteMagnetization: 10 }, maxSweeps: 40 };
    const run = await simulate(model, { ...options, sweeps: 20, until });
    expect(run).toMatchObject({ sweeps: 40, stopped: { reason: "maxSweeps", looks: 3 } });
    expect(run.warnings[0]).toMatch(
      /maxSweeps is 40: the error of absoluteMagnetization is .* of 10, by .* effective/,
    );
  });

  it("stops at four measurements at least when the time is up", async () => {
    const run = await simulate(model, { ...options, until: { timeLimit: 1e-6 } });
    expect(run).toMatchObject({ sweeps: 4, stopped: { reason: "timeLimit", looks: 1 } });
    expect(run.series.energy).toHaveLength(4);
  });
});

test.each([
  ["nothing asked", {}, "asks for nothing"],
  ["an unknown quantity", { standardError: { energy: 1 } }, "energyPerSite"],
  ["an error of 0", { standardError: { binder: 0 } }, "until.standardError.binder"],
  ["fewer sweeps than the first look", { timeLimit: 1, maxSweeps: 10 }, "until.maxSweeps"],
])("%s is refused", async (_, until, message) => {
  await expect(simulate(model, { ...options, until: until as object })).rejects.toThrow(message);
});

test("several runs at once take no until", async () => {
  const runs = [{ model, ...options }];
  await expect(simulateAll(runs)).rejects.toThrow("run 0 has until");
});
