import { createLattice, createModel, kaufman, spinProblem, thermodynamics, wangLandau } from "@basin/ising";
import {
  assertReversible,
  assertStationary,
  boltzmann,
  gTest,
  spinStates,
  transitionMatrix,
} from "@basin/testing";
import { describe, expect, it } from "vitest";
import { kawasakiStep } from "../src/sweep/kawasaki.ts";

describe("wangLandau", () => {
  it("finds the exact density of states of the 4 × 4 torus, within the spread of its runs", async () => {
    const torus = createModel("square", 4);
    const exact = new Map<number, number>();
    for (const x of spinStates(16)) exact.set(torus.energy(x), (exact.get(torus.energy(x)) ?? 0) + 1);
    const SEEDS = 8;
    const runs = await Promise.all(
      Array.from({ length: SEEDS }, (_, seed) => wangLandau(torus, { sweeps: 20_000, seed })),
    );
    const levels = [...exact.keys()].sort((a, b) => a - b);
    for (const run of runs) expect([...run.energies]).toEqual(levels);
    for (const [k, energy] of levels.entries()) {
      const values = runs.map(({ logDensity }) => logDensity[k]);
      const mean = values.reduce((a, b) => a + b, 0) / SEEDS;
      const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (SEEDS - 1));
      // Student's t with 7 degrees of freedom crosses 12 about once in 3 · 10⁵ comparisons.
      expect(Math.abs(mean - Math.log(exact.get(energy) as number))).toBeLessThan(
        (12 * spread) / Math.sqrt(SEEDS),
      );
      expect(spread).toBeLessThan(0.1);
    }
  });

  it("gives the thermal averages of a larger torus at any temperature", async () => {
    const found = await wangLandau(createModel("square", 8), { sweeps: 60_000, seed: 3 });
    for (const T of [1.5, 2.27, 4]) {
      const { energy, logPartition } = thermodynamics(found, 1 / T);
      const exact = kaufman(8, 8, T);
      expect(Math.abs(energy / 64 - exact.energyPerSite)).toBeLessThan(0.02);
      expect(Math.abs(logPartition - exact.logPartition)).toBeLessThan(0.3);
    }
  });

  it("counts the levels of a problem whose offset is no multiple of the unit", async () => {
    const couplings = Array.from({ length: 4 }, (_, i) => [i, (i + 1) % 4, 1] as const);
    const problem = spinProblem({ variables: 4, couplings, offset: 0.1 });
    const found = await wangLandau(problem, { sweeps: 20_000, seed: 2 });
    // A ring of four: 2, 12 and 2 states.
    expect([...found.energies].map((energy) => Number(energy.toFixed(9)))).toEqual([-3.9, 0.1, 4.1]);
    for (const [k, count] of [2, 12, 2].entries())
      expect(Math.abs(found.logDensity[k] - Math.log(count))).toBeLessThan(0.1);
  });

  it("stops before it begins when its signal says so", async () => {
    const stopped = wangLandau(createModel("square", 4), {
      sweeps: 10,
      signal: AbortSignal.abort(new Error("stop")),
      seed: 0,
    });
    await expect(stopped).rejects.toThrow("stop");
  });

  it("refuses couplings without a unit", async () => {
    await expect(wangLandau(createModel("square", 4, { disorder: "gaussian" }), { seed: 0 })).rejects.toThrow(
      "not multiples of one unit",
    );
    await expect(wangLandau(createModel("square", 4), { flatness: 2, seed: 0 })).rejects.toThrow(
      "flatness is 2",
    );
  });
});

describe("thermodynamics", () => {
  it("is exact for an exact density: two spins", () => {
    // E = −1 twice and +1 twice.
    const density = { energies: Float64Array.of(-1, 1), logDensity: Float64Array.of(Math.LN2, Math.LN2) };
    const { logPartition, energy, heatCapacity } = thermodynamics(density, 0.7);
    expect(logPartition).toBeCloseTo(Math.log(4 * Math.cosh(0.7)), 12);
    expect(energy).toBeCloseTo(-Math.tanh(0.7), 12);
    expect(heatCapacity).toBeCloseTo(0.49 / Math.cosh(0.7) ** 2, 12);
  });
});

describe("Kawasaki dynamics", () => {
  const model = spinProblem({
    variables: 5,
    couplings: [
      [0, 1, 1],
      [1, 2, -0.5],
      [2, 3, 0.7],
      [3, 4, 0.2],
      [0, 4, 1.3],
    ],
    fields: [0.3, 0, -0.2, 0, 0.1],
  });
  const states = spinStates(5);
  const magnetization = (x: Int8Array) => x.reduce((a, b) => a + b, 0);
  const matrix = (beta: number) =>
    transitionMatrix(states, (x, rng) => {
      const cursor = model.can.moves(x);
      kawasakiStep(cursor, model.couplings, rng, beta);
      return cursor.state;
    });
  const law = boltzmann(
    states.map((x) => model.energy(x)),
    0.8,
  );

  it("keeps Boltzmann's law and the magnetization exactly", () => {
    const exact = matrix(0.8);
    assertStationary(exact, law);
    assertReversible(exact, law);
    for (const [a, row] of exact.entries()) {
      for (const [b, p] of row.entries()) {
        if (p > 0) expect(magnetization(states[b])).toBe(magnetization(states[a]));
      }
    }
    expect(() => assertStationary(matrix(0.84), law)).toThrow("not stationary");
  });

  it.each([1, 3])("visits the sector of %i up spins of a 3 × 3 torus as the law says", async (up) => {
    const torus = createModel("square", 3);
    const sector = spinStates(9).filter((x) => magnetization(x) === 2 * up - 9);
    const index = new Map(sector.map((x, k) => [String(x), k]));
    const live = await createLattice(torus, { algorithm: "kawasaki", start: sector[0], seed: 2 });
    const counts = new Float64Array(sector.length);
    for (let draw = -100; draw < 20_000; draw++) {
      live.sweep(8, { temperature: 4 });
      if (draw >= 0) counts[index.get(String(live.spins())) as number]++;
    }
    const energies = sector.map((x) => torus.energy(x));
    expect(gTest(counts, boltzmann(energies, 0.25)).pValue).toBeGreaterThan(1e-6);
    // One up spin among eight down: all nine states are alike at any temperature.
    if (up === 3) expect(gTest(counts, boltzmann(energies, 0.31)).pValue).toBeLessThan(1e-6);
  });
});
