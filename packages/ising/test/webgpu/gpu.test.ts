import { createRng } from "@basin/energy-core/random";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { createModel } from "@basin/ising";
import { gpu } from "@basin/ising/webgpu";
import { counted, limitedTo, softwareGpu } from "@basin/testing/gpu";
import { describe, expect, it } from "vitest";
import { manyRuns } from "./cases.ts";

const open = await softwareGpu();
const device: GpuDevice | undefined = await open?.();

describe.skipIf(device === undefined)("lattices on a software GPU", () => {
  it("have the bits of the twin through steps, exchanges, records and a saved state", async () => {
    const model = createModel("square", [8, 12], { field: 0.1 });
    const streams = (group: number) => createRng(2).split(group);
    const runs = await Promise.all(
      ([{ device }, { kernel: "typescript" }] as const).map(async (options) => {
        const walkers = await gpu(options).walkers(model, { groups: 3, streams });
        walkers.step(3, [0.2, 0.4, 0.6]);
        await walkers.can.fetch();
        walkers.exchange(0, 2);
        walkers.step(2, 0.5, 1);
        walkers.write(1, new Int8Array(96).fill(1));
        const [energies, magnetizations] = [new Float64Array(600), new Float64Array(600)];
        await walkers.can.record(2, [0.2, 0.3, 0.7], energies, magnetizations);
        await walkers.can.fetch("all");
        const saved = walkers.save();
        const other = await gpu(options).walkers(model, { groups: 3, streams, initial: walkers.read(0) });
        other.restore(structuredClone(saved));
        for (const each of [walkers, other]) each.step(4, 0.3);
        for (const each of [walkers, other]) await each.can.fetch("all");
        const states = [walkers, other].map((each) => [0, 1, 2].map((g) => each.read(g)));
        const last = walkers.energies(new Float64Array(3));
        for (const each of [walkers, other]) each.dispose();
        return { energies, magnetizations, saved, states, last };
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    const [{ states, last }] = runs;
    expect(states[1]).toEqual(states[0]);
    for (const [g, energy] of last.entries()) expect(model.energy(states[0][g])).toBeCloseTo(energy, 9);
  });

  it("have the same bits in a hundred runs in a row, which leave no buffer", async () => {
    const { live, made, ends } = await manyRuns((await open?.()) as never, 100);
    expect([live, ends]).toEqual([0, 1]);
    expect(made).toBeGreaterThan(500);
  });

  it("leave no buffer where a device binds too little, and say how much", async () => {
    const { device: own, live } = counted((await open?.()) as never);
    const refused = gpu({ device: limitedTo(own, 2048) }).walkers(createModel("square", 256), {
      streams: () => createRng(1),
    });
    await expect(refused).rejects.toThrow(
      "the generators takes 4096 bytes, and this device binds at most 2048 in a buffer",
    );
    expect(live()).toBe(0);
  });

  it("say that a device was lost, and that it holds no more", async () => {
    const own = (await open?.()) as unknown as GpuDevice;
    const streams = () => createRng(1);
    const walkers = await gpu({ device: own }).walkers(createModel("square", 8), { streams });
    walkers.step(1, 0.4);
    own.destroy();
    await expect(walkers.can.fetch()).rejects.toThrow(/device was lost.*last checkpoint/);
    await expect(
      gpu({ device }).walkers(createModel("square", 64), { groups: 65536, streams }),
    ).rejects.toThrow("at most 65535 lattices, not 65536");
    await expect(
      gpu({ device }).walkers(createModel("square", [16384, 32768]), { groups: 64, streams }),
    ).rejects.toThrow(/the generators takes \d+ bytes, and this device binds at most/);
  });
});

describe("lattices for a device", () => {
  it("are refused with what fits, where they do not", async () => {
    const streams = () => createRng(1);
    const walkers = (...model: Parameters<typeof createModel>) =>
      gpu({ kernel: "typescript" }).walkers(createModel(...model), { streams });
    await expect(walkers("kagome", 4)).rejects.toThrow("kagome lattices are not among them");
    await expect(walkers("square", [6, 66])).rejects.toThrow("this one has 66 columns");
    await expect(walkers("square", [5, 6])).rejects.toThrow("an odd side (5 × 6)");
    await expect(walkers("cubic", [32768, 258, 2])).rejects.toThrow("more workgroups than a GPU starts");
    await expect(walkers("square", 6, { boundary: "open" })).rejects.toThrow("open borders");
    await expect(walkers("square", 6, { disorder: "gaussian" })).rejects.toThrow("differ in size");
    expect(() => gpu({ kernel: "wasm" as never })).toThrow(
      'unknown kernel "wasm"; known: webgpu, typescript',
    );
    expect(() => gpu({ rule: "wolff" as never })).toThrow(
      'unknown rule "wolff"; known: metropolis, heat-bath',
    );
    expect(() => gpu({ start: "cold" as never })).toThrow('unknown start "cold"; known: ordered, random');
    const kernel = gpu({ kernel: "typescript" });
    for (const groups of [1.5, -1, 0])
      await expect(kernel.walkers(createModel("square", 8), { groups, streams })).rejects.toThrow(
        `groups is ${groups}`,
      );
    const some = await kernel.walkers(createModel("square", 8), { streams });
    for (const steps of [Number.NaN, 0.5, -1])
      expect(() => some.step(steps, 0.4)).toThrow(`steps is ${steps}`);
    const own = gpu({ device: {} as never });
    await expect(own.walkers(createModel("square", 6), { streams })).rejects.toThrow("expected a GPUDevice");
  });

  it("give no energies and no states before these are fetched", async () => {
    const streams = () => createRng(1);
    const walkers = await gpu({ kernel: "typescript" }).walkers(createModel("square", 8), { streams });
    walkers.step(1, 0.4);
    expect(() => walkers.energies(new Float64Array(1))).toThrow("await walkers.can.fetch()");
    await walkers.can.fetch();
    expect(walkers.energies(new Float64Array(1)).length).toBe(1);
    expect(() => walkers.read(0)).toThrow('await walkers.can.fetch("all")');
    await walkers.can.fetch(0);
    expect(walkers.energies(new Float64Array(1))[0]).toBe(createModel("square", 8).energy(walkers.read(0)));
  });
});
