import { enumerate } from "@basin/energy-core";
import { hopfield, randomPatterns } from "@basin/hopfield";
import { anneal, groundState, simulateTempering, solve } from "@basin/ising";
import { restrictedBoltzmannMachine } from "@basin/ising/learn";
import { describe, expect, it } from "vitest";

/** The fast code for pairs of spins takes every energy of pairs of spins, whatever package it comes from. */
describe("a memory and a machine in the solver", () => {
  const memory = hopfield(randomPatterns(2, 14, { seed: 3 }), { rule: "pseudo-inverse" });
  const machine = restrictedBoltzmannMachine({ visible: 8, hidden: 6, weightScale: 1, seed: 2 }).joint();

  it.each([
    ["a Hopfield memory", memory],
    ["both layers of a Boltzmann machine", machine],
  ])("anneals, solves and proves the ground state of %s", async (_, energy) => {
    const { minimum } = enumerate(energy);
    expect((await anneal(energy, { reads: 32, sweeps: 200, seed: 1 })).lowest.energy).toBeCloseTo(
      minimum,
      10,
    );
    expect((await solve(energy, { sweeps: 500, seed: 1 })).energy).toBeCloseTo(minimum, 10);
    expect(groundState(energy).energy).toBeCloseTo(minimum, 10);
  });

  it("tempers a memory to its exact mean energy", async () => {
    const { levels } = await simulateTempering(memory, { temperatures: [8, 12, 16], sweeps: 4000, seed: 4 });
    for (const { temperature, energyPerSite: energy } of levels) {
      const exact = enumerate(memory, { temperature }).meanEnergy / 14;
      expect(Math.abs(energy.mean - exact)).toBeLessThan(4.89 * energy.standardError);
      expect(energy.effectiveSampleSize).toBeGreaterThan(500);
    }
  });
});
