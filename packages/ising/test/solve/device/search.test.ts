import type { GpuDevice } from "@basin/energy-core/webgpu";
import { solve, spinProblem } from "@basin/ising";
import { spinStates } from "@basin/testing";
import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, it } from "vitest";
import { graphEngine } from "../../../src/solve/device/engine.ts";
import { graphPlan } from "../../../src/solve/device/plan.ts";
import { searchOn } from "../../../src/solve/device/search.ts";
import { graphTwin } from "../../../src/solve/device/twin.ts";
import { randomProblem } from "../../reference.ts";

type SolveOptions = NonNullable<Parameters<typeof solve>[1]>;

const open = await softwareGpu();
const device = (await open?.()) as unknown as GpuDevice;
const limits = { target: Number.NEGATIVE_INFINITY, states: 3 };
const direct: SolveOptions = { method: "anneal", reduce: false, device, seed: 1, sweeps: 30, reads: 64 };

describe.skipIf(open === undefined)("solve on a software GPU", () => {
  it("finds what enumeration finds, and reports how", async () => {
    for (const seed of [1, 2]) {
      const problem = randomProblem(12, seed, { fields: true, weight: (rng) => rng.index(7) - 3 });
      const found = await solve(problem, direct);
      expect(found.energy).toBe(Math.min(...spinStates(12).map((state) => problem.energy(state))));
      expect(found.energy).toBe(problem.energy(found.state));
      expect(found).toMatchObject({ device: "gpu", method: "anneal", reads: 64, sweeps: 30 });
    }
  });

  it("ends in the same state as the twin, whose reads are the first of a longer run", async () => {
    const plan = graphPlan(randomProblem(60, 4, { density: 0.1 }));
    const search = (reads: number, twin: boolean) =>
      searchOn(plan.problem, plan, async (words) =>
        twin ? graphTwin(plan, words) : graphEngine(device, plan, words),
      )({ ...limits, reads, sweeps: 12 }, { seed: 3 }, () => {});
    const [gpu, twin] = [await search(40, false), await search(40, true)];
    expect(gpu.best?.state).toEqual(twin.best?.state);
    expect(gpu.states).toEqual(twin.states);
    expect(new Set(gpu.states.map(({ state }) => state.join())).size).toBe(3);
    expect(gpu.best?.energy).toBe(plan.problem.energy(gpu.best?.state as Int8Array));
    expect((await search(100, false)).best?.energy).toBeLessThanOrEqual(gpu.best?.energy as number);
  });

  it("finds what enumeration finds with real weights, and its energy in double precision", async () => {
    const problem = randomProblem(12, 3, { fields: true, weight: (rng) => rng.normal() });
    const found = await solve(problem, direct);
    expect(found.energy).toBe(Math.min(...spinStates(12).map((state) => problem.energy(state))));
    expect(found.energy).toBe(problem.energy(found.state));
    expect(found).toMatchObject({ device: "gpu", method: "anneal" });
  });

  it("stops at a target, and at the end of its time with a state that no flip improves", async () => {
    const problem = randomProblem(40, 5);
    const reached = await solve(problem, { ...direct, until: { target: -1, timeLimit: 600_000 } });
    expect(reached.energy).toBeLessThanOrEqual(-1);
    const late = await solve(problem, { ...direct, sweeps: 1e6, reads: 32, until: { timeLimit: 1 } });
    expect(late.sweeps).toBeLessThan(1e6);
    for (let i = 0; i < 40; i++) {
      const flipped = late.state.map((spin, k) => (k === i ? -spin : spin));
      expect(problem.energy(flipped)).toBeGreaterThanOrEqual(late.energy);
    }
  });

  it("reports reads as they go on, and throws the reason of a signal", async () => {
    const stop = new AbortController();
    const done: number[] = [];
    const onProgress = (progress: { done: number; total: number }) => {
      done.push(progress.done);
      expect(progress.total).toBe(4096);
    };
    await solve(randomProblem(40, 6, { density: 0.1 }), {
      ...direct,
      sweeps: 5,
      reads: undefined,
      onProgress,
    });
    expect(done.at(-1)).toBe(4096);
    stop.abort(new Error("enough"));
    await expect(solve(randomProblem(40, 6), { ...direct, signal: stop.signal })).rejects.toThrow("enough");
  });
});

describe.skipIf(open === undefined)("solve on a device that is lost", () => {
  it("says so", async () => {
    const own = (await open?.()) as unknown as GpuDevice;
    own.destroy();
    await own.lost;
    await expect(solve(randomProblem(40, 8), { ...direct, device: own })).rejects.toThrow("device was lost");
  });
});

describe("a search on a device that does not work", () => {
  const plan = graphPlan(randomProblem(40, 9, { density: 0.1 }));
  const search = (totals: (counted: Uint32Array) => Uint32Array) =>
    searchOn(plan.problem, plan, async (words) => {
      const twin = graphTwin(plan, words);
      return { ...twin, totals: async () => totals(await twin.totals()) };
    })({ ...limits, reads: 32, sweeps: 3 }, { seed: 3 }, () => {});

  it("ends its descent with an error where replicas with flips left lose no energy", async () => {
    await expect(search((own) => own.map((count, k) => (k % 2 === 0 ? count : 1)))).rejects.toThrow(
      /kept replica 0 at \d+ unsatisfied units in 8 sweeps, though 1 flips would lower them/,
    );
  });

  it("ends with an error where the energy counted is not that of the state", async () => {
    await expect(search((own) => own.map((count, k) => (k === 0 ? 0 : count)))).rejects.toThrow(
      /counted an energy of -?\d+ where its state has -?\d+/,
    );
  });
});

describe("solve with a device", () => {
  const problem = randomProblem(40, 7);

  it("refuses what a search on a GPU has no use for", async () => {
    const refusal = (options: SolveOptions) => expect(solve(problem, { device: "gpu", ...options })).rejects;
    await refusal({ workers: 2 }).toThrow("a search on a GPU has no workers");
    await refusal({ checkpoint: {} as never }).toThrow("a search on a GPU has no checkpoint");
    await refusal({ kernel: "wasm" }).toThrow("a search on a GPU has no kernel");
    await refusal({ method: "tabu" }).toThrow("a GPU solves by annealing, not by tabu");
    await refusal({ device: "tpu" as never }).toThrow('unknown device "tpu"; known: auto, cpu, gpu');
  });

  it("searches on the CPU where auto finds that the problem does not fit, and says why", async () => {
    const dense = randomProblem(300, 7, { density: 1 });
    const options = { sweeps: 10, seed: 1, method: "anneal", reduce: false } as const;
    const found = await solve(dense, { ...options, device: "auto" });
    expect(found).toMatchObject({
      device: "cpu",
      fallback:
        "the GPU anneals sparse graphs of up to 256 colors and 16777216 couplings; this problem's takes 300 colors",
    });
    const { timing: _, fallback: __, ...same } = found;
    expect(await solve(dense, options)).toMatchObject(same);
    await expect(solve(dense, { ...options, device: "gpu" })).rejects.toThrow("takes 300 colors");
  });

  it("refuses costs that vanish beside penalties, and takes weights of one scale", async () => {
    // A cost of 1 + k/10 a spin beside couplings of 10⁶: all costs round to 0.
    const couplings = Array.from({ length: 39 }, (_, i): [number, number, number] => [i, i + 1, 1e6]);
    const problem = spinProblem({
      variables: 40,
      couplings,
      fields: Array.from({ length: 40 }, (_, i) => 1 + i / 10),
    });
    const options = { sweeps: 10, seed: 1, method: "anneal", reduce: false, device: "gpu" } as const;
    await expect(solve(problem, options)).rejects.toThrow("would change this problem's by 51 % on average");
    const real = randomProblem(60, 7, { fields: true, weight: (rng) => rng.normal() });
    expect(graphPlan(real).change).toBeLessThan(0.005);
  });
});
