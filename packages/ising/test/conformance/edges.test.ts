import { createLattice, createModel, kaufman, onsager, simulate, transferMatrix } from "@basin/ising";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { algorithmNames } from "../../src/simulate/options.ts";

const SINGLE = ["metropolis", "heat-bath", "wolff", "swendsen-wang"] as const;

describe("small and odd lattices", () => {
  for (const algorithm of SINGLE) {
    it.each([
      [1, 1],
      [2, 2],
      [1, 2],
      [2, 3],
      [3, 3],
      [5, 4],
      [7, 7],
    ])(`%i × %i are Kaufman's torus by ${algorithm}`, async (rows, columns) => {
      const run = await simulate(createModel("square", [rows, columns]), {
        temperature: 2.5,
        algorithm,
        sweeps: 8000,
        seed: 2,
      });
      const exact = kaufman(rows, columns, 2.5);
      if (rows * columns === 1) {
        // Both bonds join the site to itself.
        expect(run.energyPerSite.mean).toBe(-2);
        expect(exact.energyPerSite).toBeCloseTo(-2, 12);
        return;
      }
      assertMean(run.energyPerSite, exact.energyPerSite, { comparisons: 48 });
      assertMean(run.specificHeat, exact.specificHeat, { comparisons: 48 });
    });
  }

  it("are transfer matrices' too, in a field and on other lattices", async () => {
    for (const model of [
      createModel("chain", 1, { field: 0.3 }),
      createModel("chain", 2, { field: 0.3 }),
      createModel("honeycomb", 2, { field: 0.2 }),
      createModel("triangular", 2, { field: 0.2 }),
      createModel("triangular", [3, 5]),
    ]) {
      const run = await simulate(model, { temperature: 8, algorithm: "heat-bath", sweeps: 20_000, seed: 4 });
      const exact = transferMatrix(model, { temperature: 8 });
      if (Number.isFinite(run.energyPerSite.standardError))
        assertMean(run.energyPerSite, exact.energyPerSite, { comparisons: 10 });
      else expect(run.energyPerSite.mean).toBeCloseTo(exact.energyPerSite, 12);
      assertMean(run.magnetization, exact.magnetization, { comparisons: 10 });
    }
  });
});

describe("the ends of the scale", () => {
  it.each(algorithmNames)("T = 0 stays in the ground state and T = ∞ forgets it: %s", async (algorithm) => {
    for (const model of [createModel("square", 32), createModel("square", 5), createModel("cubic", 16)]) {
      const start = algorithm === "kawasaki" ? ("random" as const) : ("ordered" as const);
      const cold = await simulate(model, { temperature: 0, algorithm, sweeps: 50, start, seed: 1 });
      if (algorithm !== "kawasaki")
        expect(cold.energyPerSite.mean).toBe(-model.couplings.values.length / model.variables);
      expect(cold.energyPerSite.mean).toBeGreaterThanOrEqual(-3);
      const hot = await simulate(model, {
        temperature: Number.POSITIVE_INFINITY,
        algorithm,
        // Metropolis takes all but one flip in 64, so that spins go to and fro.
        sweeps: algorithm === "metropolis" ? 20_000 : 400,
        start: "random",
        seed: 1,
      });
      // At fixed magnetization the energy's mean is −bonds (M² − N)/(N (N − 1)).
      const N = model.variables;
      const M = hot.series.magnetization[0];
      const bonds = model.couplings.values.length / N;
      const mean = algorithm === "kawasaki" ? (-bonds * (M * M - N)) / (N * (N - 1)) : 0;
      assertMean(hot.energyPerSite, mean, { comparisons: 15 });
    }
  });

  it.each(SINGLE)("without coupling spins are free: %s", async (algorithm) => {
    const run = await simulate(createModel("square", 32, { coupling: 0 }), {
      temperature: 1,
      algorithm,
      sweeps: 400,
      seed: 3,
    });
    expect(run.energyPerSite.mean).toBe(0);
    if (algorithm !== "wolff") assertMean(run.magnetization, 0, { comparisons: 4 });
  });

  it("without coupling, a field aligns each spin by itself", async () => {
    for (const model of [
      createModel("square", 32, { coupling: 0, field: 0.5 }),
      createModel("cubic", 16, { coupling: 0, field: 0.5 }),
    ]) {
      const run = await simulate(model, { temperature: 1, sweeps: 400, seed: 3 });
      assertMean(run.magnetization, Math.tanh(0.5), { comparisons: 2 });
    }
  });
});

describe("what is too large", () => {
  it.each([
    [createModel("square", 32768), "wolff"],
    [createModel("cubic", 1000), "metropolis"],
    [createModel("square", 32768), "kawasaki"],
    [createModel("triangular", 30_000), "metropolis"],
  ] as const)("is refused before any work: %#", async (model, algorithm) => {
    const begun = createLattice(model, { algorithm, start: "ordered", seed: 0 });
    await expect(begun).rejects.toThrow(/longer than the \d+ that memory is planned for/);
  });

  it("is not 4096² in a bit a spin, nor its exact values", async () => {
    const run = await simulate(createModel("square", 4096), {
      temperature: 2,
      sweeps: 4,
      warmup: 1,
      seed: 1,
    });
    expect(run.performance.path).toBe("packed");
    expect(run.magnetization.mean).toBeGreaterThan(onsager.magnetization(2));
    expect(run.exact.energyPerSite).toBeCloseTo(onsager.energy(2), 8);
  });
});
