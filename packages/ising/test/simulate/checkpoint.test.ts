import { createRng } from "@basin/energy-core/random";
import { memoryCheckpoint } from "@basin/energy-core/run";
import { type Algorithm, createModel, type Lattice, simulate, spinProblem } from "@basin/ising";
import { describe, expect, it, vi } from "vitest";
import { createEngine } from "../../src/simulate/engine.ts";
import { algorithmNames, type SimulateOptions } from "../../src/simulate/options.ts";

describe("a saved state", () => {
  const models: [string, Lattice][] = [
    ["square", createModel("square", 32)],
    ["cubic", createModel("cubic", 16, { disorder: "plus-minus" })],
    ["odd", createModel("square", 9)],
    ["glass", createModel("square", 10, { disorder: "gaussian" })],
  ];
  for (const algorithm of algorithmNames) {
    it.each(models)(`goes on with the same bits: ${algorithm} on a %s lattice`, async (_name, model) => {
      const make = (seed: number) =>
        createEngine(model, algorithm as Algorithm, "random", createRng(seed), undefined).then(
          ({ walkers }) => walkers,
        );
      const straight = await make(1);
      const broken = await make(2);
      straight.step(37, 0.4);
      straight.can.settle?.();
      straight.step(40, 0.4);
      // Through what a file would hold.
      broken.restore(structuredClone(straight.save()));
      const [a, b] = [straight, broken].map((walkers) => {
        const seen: number[] = [];
        const one = new Float64Array(1);
        for (let k = 0; k < 100; k++) {
          walkers.step(1, 0.4);
          seen.push(walkers.energies(one)[0], walkers.can.magnetizations(one)[0]);
        }
        return { seen, spins: walkers.read(0) };
      });
      expect(b).toEqual(a);
      const other = await createEngine(
        createModel("square", 11),
        algorithm,
        "random",
        createRng(1),
        undefined,
      );
      expect(() => other.walkers.restore(straight.save())).toThrow("another model or algorithm");
    });
  }
});

describe("simulate with a checkpoint", () => {
  const options: SimulateOptions = {
    temperature: 2.4,
    algorithm: "swendsen-wang",
    sweeps: 6000,
    seed: 3,
    kernel: "typescript",
  };
  const model = createModel("square", 24);

  it("survives being stopped again and again, in the warm-up and after it, with the same result", async () => {
    const whole = await simulate(model, options);
    // Every look at the clock takes a tenth of a millisecond, so that breaths fall where they fall on any machine.
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      clock += 0.1;
      return clock;
    });
    const store = memoryCheckpoint();
    let stops = 0;
    let result: Awaited<ReturnType<typeof simulate>> | undefined;
    while (result === undefined && stops < 1000) {
      const controller = new AbortController();
      try {
        result = await simulate(model, {
          ...options,
          checkpoint: store,
          signal: controller.signal,
          onProgress: () => controller.abort(new Error("stopped")),
        });
      } catch (error) {
        expect(String(error)).toContain("stopped");
        stops++;
      }
    }
    vi.restoreAllMocks();
    expect(stops).toBeGreaterThan(10);
    expect(result?.series).toEqual(whole.series);
    expect(result?.spins).toEqual(whole.spins);
    expect(result?.energyPerSite).toEqual(whole.energyPerSite);
    // And a finished run is there at once.
    const again = await simulate(model, { ...options, checkpoint: store });
    expect(again.series).toEqual(whole.series);
  });

  it("refuses the checkpoint of another run, naming the difference", async () => {
    const store = memoryCheckpoint();
    const quick = { ...options, sweeps: 20, warmup: 5, checkpoint: store };
    await simulate(model, quick);
    await expect(simulate(model, { ...quick, seed: 4 })).rejects.toThrow("its seed is 3, this one's is 4");
    await expect(simulate(createModel("square", 23), quick)).rejects.toThrow(
      "its model is periodic square 24 × 24",
    );
    const pair = (J: number) => spinProblem({ variables: 2, couplings: [[0, 1, J]] });
    const other = { ...quick, checkpoint: memoryCheckpoint(), temperature: 1e9 };
    await simulate(pair(1), other);
    await expect(simulate(pair(2), other)).rejects.toThrow("its model is a problem, ");
  });
});
