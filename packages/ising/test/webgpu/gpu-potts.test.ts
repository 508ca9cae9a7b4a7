import { createRng } from "@basin/energy-core/random";
import { createModel, potts, simulatePotts, weightedGraph } from "@basin/ising";
import { gpuPotts } from "@basin/ising/webgpu";
import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, test } from "vitest";
import { type PottsCase, pottsOf, pottsTrace } from "./potts-cases.ts";

const open = await softwareGpu();
const device = await open?.();

const CASES: readonly PottsCase[] = [
  ["square", [6, 10], {}, 3],
  ["triangular", [4, 6], { disorder: "plus-minus", disorderSeed: 1 }, 4, [0.3, 0, -0.2, 0.1]],
];

describe.skipIf(device === undefined)("labels on a software GPU", () => {
  test.each(CASES.map((one): [PottsCase] => [one]))("have their twin's bits and sums: %o", async (each) => {
    const model = pottsOf(each);
    for (const rule of ["heat-bath", "metropolis"] as const) {
      const expected = await pottsTrace(model, { rule, kernel: "typescript" });
      expect(await pottsTrace(model, { rule, device })).toEqual(expected);
    }
  });

  test("differ from those of a twin that is two hundredths too cold", async () => {
    const model = pottsOf(["square", [16, 16], {}, 5]);
    for (const rule of ["heat-bath", "metropolis"] as const) {
      const wrong = await pottsTrace(model, { rule, kernel: "typescript" }, 1.02);
      expect((await pottsTrace(model, { rule, device })).states).not.toEqual(wrong.states);
    }
  });
});

describe.skipIf(device === undefined)("simulatePotts on a software GPU", () => {
  test("measures the energies of a heat bath on the CPU, and goes on chain by chain", async () => {
    const model = potts(createModel("square", 8), { states: 3 });
    const plan = {
      temperature: 1.1,
      algorithm: "heat-bath",
      draws: 1500,
      thin: 2,
      chains: 2,
      seed: 3,
    } as const;
    const progress: number[] = [];
    const run = await simulatePotts(model, {
      ...{ ...plan, device },
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    const cpu = await simulatePotts(model, plan);
    expect([run.kernel, cpu.kernel, progress.at(-1)]).toEqual(["webgpu", "typescript", 1]);
    for (const name of ["energyPerSite", "orderParameter"] as const) {
      const z =
        (run[name].mean - cpu[name].mean) / Math.hypot(run[name].standardError, cpu[name].standardError);
      expect(run[name].effectiveSampleSize).toBeGreaterThan(100);
      expect(Math.abs(z)).toBeLessThan(5.2);
    }
    expect(run.labels.length).toBe(64);
    const [{ energyPerSite }] = run.series;
    expect(64 * energyPerSite[1499]).toBeCloseTo(model.energy(run.labels), 9);
  });
});

describe("simulatePotts", () => {
  test("says why no GPU is taken", async () => {
    const model = potts(createModel("square", 4), { states: 3 });
    const plan = { temperature: 1, draws: 10, seed: 1 } as const;
    await expect(simulatePotts(model, { ...plan, device: "gpu" })).rejects.toThrow(
      "a GPU runs metropolis and heat-bath, not wolff",
    );
    const { kernel, fallback } = await simulatePotts(model, { ...plan, device: "auto" });
    expect([kernel, fallback]).toEqual(["typescript", "a GPU runs metropolis and heat-bath, not wolff"]);
    await expect(simulatePotts(model, { ...plan, device: "tpu" as never })).rejects.toThrow(
      'unknown device "tpu"',
    );
  });
});

describe("labels for a device", () => {
  const streams = () => createRng(1);
  const walkers = (...[model, options]: [Parameters<typeof potts>[0], Parameters<typeof potts>[1]?]) =>
    gpuPotts({ kernel: "typescript" }).walkers(potts(model, options ?? { states: 3 }), { streams });

  test("have the energies and the order parameters of their states", async () => {
    for (const each of CASES) {
      const model = pottsOf(each);
      const { states, last, lastOrders } = await pottsTrace(model, { kernel: "typescript" });
      for (const [g, labels] of states.entries()) {
        expect(last[g]).toBeCloseTo(model.energy(labels), 9);
        const q = model.states;
        const shares = Array.from(
          { length: q },
          (_, a) => labels.filter((s) => s === a).length / labels.length,
        );
        const squares = shares.reduce((sum, share) => sum + share ** 2, 0);
        expect(lastOrders[g]).toBeCloseTo(Math.sqrt((q * squares - 1) / (q - 1)), 12);
      }
    }
  });

  test("are at T = 0 the lowest that their neighbors leave", async () => {
    const model = potts(createModel("square", 4), { states: 3, field: [0, 0.5, 0] });
    const own = await gpuPotts({ rule: "heat-bath", kernel: "typescript" }).walkers(model, { streams });
    own.step(20, Number.POSITIVE_INFINITY);
    await own.can.fetch("all");
    expect(new Set(own.read(0))).toEqual(new Set([1]));
  });

  test("are refused with what fits, where they do not", async () => {
    await expect(walkers(createModel("kagome", 4))).rejects.toThrow("kagome lattices are not among them");
    await expect(walkers(weightedGraph(2, [[0, 1]]))).rejects.toThrow("this model is no lattice");
    await expect(walkers(createModel("square", [5, 6]))).rejects.toThrow("an odd side (5 × 6)");
    const field = Array.from({ length: 12 }, (_, k) => Number(k === 7));
    await expect(walkers(createModel("square", 2), { states: 3, field })).rejects.toThrow(
      "that of label 1 is 0 at site 0 and 1 at site 2",
    );
    const learned = potts(createModel("square", 4), { states: 3 });
    learned.can.parameters.values[2] = 0.5;
    await expect(gpuPotts({ kernel: "typescript" }).walkers(learned, { streams })).rejects.toThrow(
      "that of bond 2 was 1 and is 0.5",
    );
    const own = potts(createModel("square", 4), { states: 3 });
    await expect(gpuPotts().walkers(own, { groups: 1.5, streams })).rejects.toThrow("groups is 1.5");
    expect(() => gpuPotts({ rule: "wolff" as never })).toThrow('unknown rule "wolff"');
  });
});
