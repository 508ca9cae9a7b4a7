import {
  createModel,
  phases,
  potts,
  simulate,
  simulatePotts,
  squarePotts,
  weightedGraph,
} from "@basin/ising";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { enumerated, randomModel } from "./models.ts";

/** m² = (q Σ ρ_a² − 1)/(q − 1) as the mean of δ(s_i, s_j) over all pairs i, j gives it. */
function orderOf(s: ArrayLike<number>, q: number): number {
  const n = s.length;
  let alike = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) alike += Number(s[i] === s[j]);
  return Math.sqrt(Math.max(0, ((q * alike) / n ** 2 - 1) / (q - 1)));
}

describe("simulatePotts", () => {
  const model = randomModel(5, 3, 61, { ferromagnetic: true });
  const beta = 0.7;
  const { law, states, energies } = enumerated(model, beta);
  const mean = (of: (k: number) => number) => law.reduce((sum, p, k) => sum + p * of(k), 0);
  const m = states.map((s) => orderOf(s, 3));
  const [m1, m2, m4] = [1, 2, 4].map((power) => mean((k) => m[k] ** power));
  const u = mean((k) => energies[k]);

  it.each(["wolff", "swendsen-wang", "heat-bath", "metropolis"] as const)(
    "by %s has the averages of enumeration within its errors",
    async (algorithm) => {
      const run = await simulatePotts(model.energy, {
        algorithm,
        inverseTemperature: beta,
        draws: 8000,
        thin: 3,
        chains: 2,
        seed: 5,
      });
      const comparisons = 5;
      assertMean(run.orderParameter, m1, { comparisons });
      assertMean(run.energyPerSite, u / 5, { comparisons });
      assertMean(run.specificHeat, (beta ** 2 * mean((k) => (energies[k] - u) ** 2)) / 5, { comparisons });
      assertMean(run.susceptibility, 5 * beta * (m2 - m1 ** 2), { comparisons });
      assertMean(run.binder, 1 - m4 / (3 * m2 ** 2), { comparisons });
      expect(run).toMatchObject({
        algorithm,
        sites: 5,
        states: 3,
        draws: 8000,
        thin: 3,
        warmup: 4800,
        seed: 5,
      });
      expect(run.series).toHaveLength(2);
      expect(run.series[0].orderParameter.at(-1)).toBeCloseTo(orderOf(run.labels, 3), 12);
      expect(run.series[0].energyPerSite.at(-1)).toBeCloseTo(model.energy.energy(run.labels) / 5, 10);
    },
  );

  it("of two labels agrees with simulate of couplings J/2", async () => {
    const two = await simulatePotts(potts(createModel("square", 8, { coupling: 2 }), { states: 2 }), {
      temperature: 2.4,
      draws: 20_000,
      seed: 3,
    });
    const ising = await simulate(createModel("square", 8), {
      temperature: 2.4,
      algorithm: "wolff",
      sweeps: 8000,
      seed: 3,
    });
    for (const [a, b] of [
      [two.orderParameter, ising.absoluteMagnetization],
      [two.binder, ising.binder],
      [two.susceptibility, ising.susceptibility],
    ]) {
      const standardError = Math.hypot(a.standardError, b.standardError);
      assertMean({ mean: a.mean - b.mean, standardError }, 0, { comparisons: 3 });
    }
  });

  it("gives the same bits for the same seed, from either start", async () => {
    const run = (options: object) =>
      simulatePotts(model.energy, { temperature: 1, draws: 200, warmup: 0, seed: 4, ...options });
    expect((await run({})).series).toEqual((await run({})).series);
    expect((await run({ start: "random" })).series).not.toEqual((await run({})).series);
  });

  it("refuses what it cannot run, by name", async () => {
    const repelling = potts(weightedGraph(2, [[0, 1, -1]]), { states: 3 });
    await expect(simulatePotts(repelling, { temperature: 1, seed: 0 })).rejects.toThrow(
      "expected at least 0 for wolff",
    );
    await expect(
      simulatePotts(repelling, { temperature: 1, algorithm: "swendsen-wang", seed: 0 }),
    ).rejects.toThrow("expected at least 0 for swendsen-wang");
    await expect(
      simulatePotts(repelling, { temperature: 0, algorithm: "heat-bath", seed: 0 }),
    ).rejects.toThrow("temperature is 0");
    await expect(
      simulatePotts(repelling, { temperature: 1, algorithm: "kawasaki" as never, seed: 0 }),
    ).rejects.toThrow("wolff, swendsen-wang, heat-bath, metropolis");
    await expect(simulatePotts(repelling, { temperature: 1, draws: 3, seed: 0 })).rejects.toThrow(
      "draws is 3",
    );
    await expect(simulatePotts(repelling, { seed: 0 })).rejects.toThrow("simulatePotts needs a temperature");
  });
});

describe("squarePotts", () => {
  it("has Onsager's T_c for two labels, and Baxter's energies for eight and ten", () => {
    // J of labels is twice that of spins.
    expect(squarePotts(2).criticalTemperature).toBeCloseTo(2.269185314213022 / 2, 12);
    expect(squarePotts(4)).toMatchObject({ orderedEnergy: -1.5, disorderedEnergy: -1.5 });
    expect(squarePotts(8).orderedEnergy).toBeCloseTo(-1.597, 3);
    expect(squarePotts(8).disorderedEnergy).toBeCloseTo(-1.11, 3);
    // The latent heat of ten labels is 0.69605.
    expect(squarePotts(10).disorderedEnergy - squarePotts(10).orderedEnergy).toBeCloseTo(0.69605, 5);
    expect(() => squarePotts(1)).toThrow("states is 1");
  });
});

describe("phases", () => {
  const wave = [...Array(5)].flatMap(() => [-2, -2, -2, -1.7, -1.4, -1, -1, -1, -1, -1.6]);

  it("finds the peaks on either side, their shares, and how often the series came to each", () => {
    const found = phases([wave], { between: -1.5, binWidth: 0.02 });
    expect(found.low.peak).toBeCloseTo(-2, 1);
    expect(found.high.peak).toBeCloseTo(-1, 1);
    expect([found.low.share, found.high.share]).toEqual([0.5, 0.5]);
    expect([found.low.visits, found.high.visits]).toEqual([5, 5]);
    expect(found.valley).toBe(0);
    expect(phases([wave, wave], { between: -1.5 }).high.visits).toBe(10);
  });

  it("counts no visit for what only goes to the middle", () => {
    const { low, high } = phases([[-2, -2, -1.6, -1.4, -2, -1, -1]], { between: -1.5 });
    expect([low.visits, high.visits]).toEqual([1, 1]);
  });

  it("has a valley of 1 where two neighboring bins are the highest", () => {
    expect(phases([[0, 0.05, 0.15, 0.1, 0]], { between: 0.1, binWidth: 0.1 }).valley).toBe(1);
  });

  it("says on which side there is nothing", () => {
    expect(() => phases([[1, 2]], { between: 0 })).toThrow("none of the 2 values lies below 0");
    expect(() => phases([[1, 2]], { between: 3 })).toThrow("none of the 2 values lies at or above 3");
  });
});
