import { spins } from "@basin/energy-core";
import { expression } from "@basin/energy-core/expression";
import { createRng, type Rng } from "@basin/energy-core/random";
import {
  aggregate,
  anneal,
  cutWeight,
  groundState,
  lanes,
  maxCut,
  type SpinProblem,
  spinProblem,
  weightedGraph,
} from "@basin/ising";
import { adaptiveSchedule } from "@basin/samplers/temper";
import { assertStationary, boltzmann, spinStates, transitionMatrix } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { localFields } from "../../src/problem/spin-problem.ts";
import { lowest } from "../../src/solve/sample-set.ts";
import { sweep } from "../../src/solve/scalar.ts";
import { defaultInverseTemperatures } from "../../src/solve/schedule.ts";
import { randomProblem, stateOf } from "../reference.ts";

type Sweep = typeof sweep;

function sweepMatrix(problem: SpinProblem, inverseTemperature: number, kernel: Sweep) {
  return transitionMatrix(spinStates(problem.variables), (state, rng) => {
    const next = state.slice();
    kernel(problem, next, localFields(problem, next), inverseTemperature, rng as unknown as Rng);
    return next;
  });
}

describe("a Metropolis sweep", () => {
  const problem = randomProblem(4, 11, { weight: (rng) => rng.normal(), fields: true, density: 0.9 });
  const target = boltzmann(
    spinStates(4).map((state) => problem.energy(state)),
    0.7,
  );

  it("leaves the Boltzmann distribution as it is", () => {
    assertStationary(sweepMatrix(problem, 0.7, sweep), target, 1e-12);
  });

  it("would be caught 5 % off in temperature, or with stale local fields", () => {
    const warm: Sweep = (p, state, local, beta, rng) => sweep(p, state, local, beta / 1.05, rng);
    expect(() => assertStationary(sweepMatrix(problem, 0.7, warm), target)).toThrow(/not stationary/);
    const stale: Sweep = (_, state, local, beta, rng) => {
      for (let i = 0; i < state.length; i++) {
        if (rng.bernoulli(Math.exp(-2 * beta * state[i] * local[i]))) state[i] = -state[i];
      }
    };
    expect(() => assertStationary(sweepMatrix(problem, 0.7, stale), target)).toThrow(/not stationary/);
  });
});

describe("groundState", () => {
  it("finds what plain enumeration finds, with its degeneracy", () => {
    for (let seed = 0; seed < 12; seed++) {
      const fields = seed % 2 === 0;
      const problem = randomProblem(9, seed, { fields, weight: (rng) => rng.index(7) - 3 });
      const energies = Array.from({ length: 512 }, (_, x) => problem.energy(stateOf(x, 9)));
      const least = Math.min(...energies);
      const found = groundState(problem);
      expect(found.energy).toBe(least);
      expect(problem.energy(found.state)).toBe(least);
      expect(found.degeneracy).toBe(energies.filter((energy) => energy === least).length);
    }
  });

  it("survives real weights of very different sizes", () => {
    for (let seed = 0; seed < 6; seed++) {
      const weight = (rng: Rng) => rng.normal() * 10 ** (12 * rng.uniform() - 6);
      const problem = randomProblem(10, seed, { weight, fields: true });
      const energies = Array.from({ length: 1024 }, (_, x) => problem.energy(stateOf(x, 10)));
      expect(groundState(problem).energy).toBe(Math.min(...energies));
    }
  });

  it("takes the empty problem and refuses the hopeless one", () => {
    expect(groundState(spinProblem({ variables: 0, offset: 3 })).energy).toBe(3);
    expect(groundState(spinProblem({ variables: 3 })).degeneracy).toBe(8);
    expect(() => groundState(spinProblem({ variables: 33 }))).toThrow(/at most 32 spins, got 33/);
  });
});

describe("anneal", () => {
  it("reaches the proven maximum cut of a small graph", async () => {
    const rng = (await import("@basin/energy-core/random")).createRng(4);
    const edges: [number, number][] = [];
    for (let i = 0; i < 18; i++) for (let j = 0; j < i; j++) if (rng.bernoulli(0.3)) edges.push([i, j]);
    const graph = weightedGraph(18, edges);
    const problem = maxCut(graph);
    const best = groundState(problem);
    const run = await anneal(problem, { reads: 32, sweeps: 100, seed: 1 });
    expect(run.lowest.energy).toBe(best.energy);
    expect(cutWeight(graph, run.lowest.state)).toBe(-best.energy);
    expect(run.energies.length).toBe(32);
    expect(run.timing.readsPerSecond * run.timing.seconds).toBeCloseTo(32, 6);
  });

  it("repeats to the bit, read by read, and reports energies that are true", async () => {
    const problem = randomProblem(40, 2, { weight: (rng) => rng.normal(), fields: true });
    const a = await anneal(problem, { reads: 10, sweeps: 50, seed: 7 });
    const b = await anneal(problem, { reads: 10, sweeps: 50, seed: 7 });
    const c = await anneal(problem, { reads: 10, sweeps: 50, seed: 8 });
    expect(b.states).toEqual(a.states);
    expect(c.states).not.toEqual(a.states);
    for (let r = 0; r < 10; r++) {
      const state = a.states.data.subarray(40 * r, 40 * r + 40);
      expect(problem.energy(state)).toBe(a.energies[r]);
      const cursor = problem.can.moves(state);
      for (let i = 0; i < 40; i++) expect(cursor.delta(i)).toBeGreaterThan(-1e-9);
    }
  });

  it("gives the same bits with any number of threads", async () => {
    const glass = randomProblem(50, 3, { weight: (rng) => (rng.bernoulli(0.5) ? 1 : -1), density: 0.2 });
    const real = randomProblem(50, 3, { weight: (rng) => rng.normal() });
    for (const [problem, reads] of [
      [glass, 700],
      [real, 61],
    ] as const) {
      const alone = await anneal(problem, { reads, sweeps: 20, seed: 5 });
      for (const workers of [2, 3]) {
        const spread = await anneal(problem, { reads, sweeps: 20, seed: 5, workers });
        expect(spread.states.data).toEqual(alone.states.data);
        expect(spread.energies).toEqual(alone.energies);
        expect(spread.lowest).toEqual(alone.lowest);
      }
    }
  });

  it("takes problems without spins or couplings", async () => {
    const empty = await anneal(spinProblem({ variables: 0, offset: 2 }), { reads: 2, sweeps: 3, seed: 0 });
    expect([...empty.energies]).toEqual([2, 2]);
    const free = await anneal(spinProblem({ variables: 3 }), { reads: 2, sweeps: 3, seed: 0 });
    expect([...free.energies]).toEqual([0, 0]);
  });

  it("follows linear, adaptive and given schedules, and says where they began and ended", async () => {
    const real = (rng: Rng) => rng.normal();
    const wide = (rng: Rng) => (rng.bernoulli(0.1) ? 1e9 : 1) * rng.normal();
    for (const weight of [(rng: Rng) => rng.index(3) - 1, real, wide]) {
      const problem = randomProblem(30, 5, { weight, density: 0.3 });
      const range = defaultInverseTemperatures(problem);
      for (const schedule of ["linear", "adaptive"] as const) {
        const run = await anneal(problem, { reads: 16, sweeps: 200, seed: 2, schedule });
        expect(run.inverseTemperatures).toEqual(range);
        expect((await anneal(problem, { reads: 16, sweeps: 200, seed: 2, schedule })).states).toEqual(
          run.states,
        );
      }
      const given = await anneal(problem, { reads: 4, sweeps: 3, inverseTemperatures: [0.5, 1, 2], seed: 0 });
      expect(given.inverseTemperatures).toEqual([0.5, 2]);
    }
    const problem = randomProblem(30, 5, { weight: real, density: 0.3 });
    const walkers = await lanes({ maxInverseTemperature: 5 }).walkers(problem, {
      streams: () => createRng(1),
    });
    const betas = adaptiveSchedule(walkers, 0.1, 5, 500);
    expect([betas[0], betas[499]]).toEqual([0.1, 5]);
    for (let s = 1; s < 500; s++) expect(betas[s]).toBeGreaterThanOrEqual(betas[s - 1]);
    // Where the energies spread most, at the hot end, β moves least.
    expect(betas[50] - betas[0]).toBeLessThan(betas[499] - betas[449]);
  });

  it("stops when told to and refuses bad options", async () => {
    const problem = randomProblem(10, 1);
    await expect(
      anneal(problem, { signal: AbortSignal.abort(new Error("enough")), seed: 0 }),
    ).rejects.toThrow("enough");
    await expect(anneal(problem, { reads: 0, seed: 0 })).rejects.toThrow(/reads is 0/);
    await expect(anneal(problem, { sweeps: 2, inverseTemperatures: [1], seed: 0 })).rejects.toThrow(
      /inverseTemperatures has 1/,
    );
    await expect(anneal(problem, { schedule: "cubic" as "linear", seed: 0 })).rejects.toThrow(
      /known: linear, geometric, adaptive/,
    );
    await expect(anneal(problem, { inverseTemperatures: [2, 1], seed: 0 })).rejects.toThrow(
      /inverseTemperatures\[1\] is 1/,
    );
  });
});

describe("a sample set", () => {
  it("merges equal states and orders by energy", async () => {
    const run = await anneal(randomProblem(4, 3), { reads: 64, sweeps: 5, seed: 1 });
    const merged = aggregate(run);
    expect(merged.counts.reduce((a, b) => a + b)).toBe(64);
    expect([...merged.energies]).toEqual([...merged.energies].sort((a, b) => a - b));
    expect(
      new Set(
        Array.from({ length: merged.energies.length }, (_, r) =>
          merged.states.data.subarray(4 * r, 4 * r + 4).join(),
        ),
      ).size,
    ).toBe(merged.energies.length);
    expect(lowest(run)?.energy).toBe(Math.min(...run.energies));
  });
});

describe("a formula over spins", () => {
  it("is annealed like the problem of its couplings", async () => {
    const problem = randomProblem(12, 5, { weight: (rng) => rng.normal(), fields: true, density: 0.5 });
    const { sources, targets, values } = problem.couplings;
    const formula = expression({ s: spins(12) }, ({ s }, { sub, neg, dot, mul, gather }) =>
      sub(neg(dot(values, mul(gather(s, sources), gather(s, targets)))), dot(problem.fields, s)),
    );
    const { lowest: best } = await anneal(formula, { seed: 3, reads: 16 });
    expect(best.energy).toBeCloseTo(groundState(problem).energy, 12);
    expect(formula.energy(best.state)).toBeCloseTo(best.energy, 12);
  });

  it("of triples is refused with the reason", async () => {
    const triples = expression({ s: spins(3) }, ({ s }, { mul, at }) => mul(at(s, 0), at(s, 1), at(s, 2)));
    await expect(anneal(triples, { seed: 0 })).rejects.toThrow(
      "the formula over 3 spins is no polynomial of degree two",
    );
  });
});
