import type { Edge } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import {
  aggregate,
  anneal,
  maxCut,
  reduce,
  solve,
  spinProblem,
  tabuSearch,
  weightedGraph,
} from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { BestStates } from "../src/solve/search/best-states.ts";
import { randomProblem } from "./reference.ts";

const signs = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1);

describe("reduce", () => {
  it("keeps the least energy, and gives back a state for every state", () => {
    let eliminated = 0;
    for (let seed = 0; seed < 40; seed++) {
      const problem = randomProblem(10, seed, {
        density: 0.1 + 0.02 * (seed % 20),
        fields: seed % 3 === 0,
        weight: seed % 2 === 0 ? signs : (rng) => rng.index(9) - 4,
      });
      const { problem: left, restore, kept } = reduce(problem);
      eliminated += problem.variables - left.variables;
      const states = spinStates(left.variables);
      for (const state of states) {
        const full = restore(state);
        expect(problem.energy(full)).toBe(left.energy(state));
        expect([...kept].map((i) => full[i])).toEqual([...state]);
      }
      const least = Math.min(...spinStates(10).map((state) => problem.energy(state)));
      expect(Math.min(...states.map((state) => left.energy(state)))).toBe(least);
    }
    expect(eliminated).toBeGreaterThan(100);
  });

  it("settles trees and rings, and leaves what has no weak spot", () => {
    const ring = weightedGraph(
      9,
      Array.from({ length: 9 }, (_, i) => [i, (i + 1) % 9] as const),
    );
    const { problem, restore } = reduce(maxCut(ring));
    expect(problem.variables).toBe(0);
    expect(maxCut(ring).energy(restore(new Int8Array(0)))).toBe(-8);
    const complete = maxCut(weightedGraph(6, spinPairs(6)));
    expect(reduce(complete).problem.variables).toBe(6);
  });
});

function spinPairs(n: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) pairs.push([j, i]);
  return pairs;
}

/** A strip `length` long and `width` wide, couplings between neighbors. */
function ladder(length: number, width: number, seed: number, weight: (rng: Rng) => number): Edge[] {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let x = 0; x < length; x++) {
    for (let y = 0; y < width; y++) {
      const i = x * width + y;
      if (y + 1 < width) edges.push([i, i + 1, weight(rng)]);
      if (x + 1 < length) edges.push([i, i + width, weight(rng)]);
    }
  }
  return edges;
}

describe("solve", () => {
  it("proves what is small after the reduction, and says why", async () => {
    const star = maxCut(
      weightedGraph(
        100,
        Array.from({ length: 99 }, (_, i) => [0, i + 1] as const),
      ),
    );
    const solution = await solve(star, { seed: 0 });
    expect(solution).toMatchObject({ energy: -99, certificate: "exact", method: "exact", variablesLeft: 0 });
    expect(solution.why).toMatch(/reduction settles/);
    const glass = randomProblem(16, 3, { density: 0.8, weight: signs });
    const least = Math.min(...spinStates(16).map((state) => glass.energy(state)));
    expect(await solve(glass, { seed: 0 })).toMatchObject({ energy: least, certificate: "exact", reads: 0 });
    expect(await solve(glass, { method: "anneal", reads: 32, sweeps: 100, seed: 0 })).toMatchObject({
      energy: least,
      certificate: "local",
      reads: 32,
    });
  });

  it("reaches the same energies with and without reduction, in a local minimum of the whole problem", async () => {
    const problem = randomProblem(80, 9, { density: 0.04, weight: signs });
    const reduced = await solve(problem, { method: "anneal", sweeps: 200, seed: 1 });
    const plain = await solve(problem, { method: "anneal", sweeps: 200, seed: 1, reduce: false });
    expect(reduced.variablesLeft).toBeLessThan(80);
    expect(plain.variablesLeft).toBe(80);
    expect(reduced.energy).toBe(plain.energy);
    const cursor = problem.can.moves(reduced.state);
    expect(cursor.energy).toBe(reduced.energy);
    for (let i = 0; i < 80; i++) expect(cursor.delta(i)).toBeGreaterThanOrEqual(0);
  });

  it("spends the seconds it is given, stops at its target, and keeps what it has when stopped", async () => {
    const problem = randomProblem(60, 4, { density: 0.5, weight: signs });
    const timed = await solve(problem, { until: { timeLimit: 300 }, seed: 2 });
    expect(timed.timing.secondsToLowest).toBeGreaterThanOrEqual(0);
    expect(timed.timing.secondsToLowest).toBeLessThanOrEqual(timed.timing.seconds);
    expect(timed.stopped).toBe("timeLimit");
    const aimed = await solve(problem, { until: { timeLimit: 60_000, target: timed.energy }, seed: 3 });
    expect(aimed.energy).toBeLessThanOrEqual(timed.energy);
    expect(aimed.stopped).toBe("reached");
    const controller = new AbortController();
    const stopped = await solve(problem, {
      until: { timeLimit: 60_000 },
      signal: controller.signal,
      onProgress: ({ energy }) => Number.isFinite(energy) && controller.abort(),
      seed: 0,
    });
    expect(stopped).toMatchObject({ stopped: "signal" });
    expect(stopped.energy).toBe(problem.energy(stopped.state));
    await expect(
      solve(problem, { signal: AbortSignal.abort(new Error("never mind")), seed: 0 }),
    ).rejects.toThrow("never mind");
  });

  it("gives what was found when an untimed round is stopped", async () => {
    const problem = randomProblem(300, 5, { density: 0.2, weight: signs });
    const controller = new AbortController();
    const seen: number[] = [];
    const stopped = await solve(problem, {
      method: "anneal",
      reads: 1e6,
      sweeps: 300,
      signal: controller.signal,
      onProgress: ({ energy, state }) => {
        if (state === undefined) return;
        expect(problem.energy(state)).toBe(energy);
        seen.push(energy);
        controller.abort();
      },
      seed: 0,
    });
    expect(stopped.energy).toBeLessThanOrEqual(seen[0]);
    expect(stopped.reads).toBeGreaterThanOrEqual(128);
  });

  it("eliminates spin after spin where the graph is narrow, with a proof", async () => {
    const weight = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1) * (2 + rng.index(7));
    const strip = spinProblem({ variables: 120, couplings: ladder(24, 5, 31, weight) });
    const solution = await solve(strip, { reduce: false, seed: 0 });
    expect(solution).toMatchObject({ method: "elimination", certificate: "exact", stopped: "proven" });
    expect(solution.why).toMatch(/5 wide|6 wide/);
    const annealed = await solve(strip, { method: "anneal", sweeps: 500, reads: 256, seed: 1 });
    expect(solution.energy).toBeLessThanOrEqual(annealed.energy);
    expect(annealed.stopped).toBe("reads");
    for (let seed = 0; seed < 5; seed++) {
      const real = spinProblem({ variables: 15, couplings: ladder(5, 3, seed, (rng) => rng.normal()) });
      const { energy } = await solve(real, { method: "elimination", reduce: false, seed: 0 });
      expect(energy).toBe(Math.min(...spinStates(15).map((state) => real.energy(state))));
    }
    const wide = randomProblem(60, 4, { density: 0.9, weight: signs });
    await expect(solve(wide, { method: "elimination", seed: 0 })).rejects.toThrow(/maxWidth/);
  });

  it("searches in threads until the target or the end of its time", async () => {
    const problem = randomProblem(90, 6, { density: 0.5, weight: signs });
    const { energy } = await solve(problem, { reads: 512, sweeps: 300, seed: 0 });
    const found = await solve(problem, { until: { timeLimit: 60_000, target: energy }, workers: 2, seed: 4 });
    expect(found.energy).toBeLessThanOrEqual(energy);
    expect(problem.energy(found.state)).toBe(found.energy);
    expect(found.stopped).toBe("reached");
    const timed = await solve(problem, { until: { timeLimit: 500 }, workers: 2, seed: 4, method: "tabu" });
    expect(timed.method).toBe("tabu");
    expect(timed.reads).toBeGreaterThanOrEqual(1);
    const controller = new AbortController();
    const stopped = await solve(problem, {
      until: { timeLimit: 60_000 },
      workers: 2,
      signal: controller.signal,
      onProgress: ({ energy: now }) => Number.isFinite(now) && controller.abort(),
      seed: 0,
    });
    expect(stopped.energy).toBe(problem.energy(stopped.state));
  });

  it("returns the best states of its reads, each once and with how many reads ended in it", async () => {
    const problem = randomProblem(14, 7, { density: 0.6, weight: (rng) => rng.index(9) - 4 });
    const options = { reads: 300, sweeps: 8, seed: 5 };
    const reads = aggregate(await anneal(problem, options));
    const search = { ...options, method: "anneal", reduce: false } as const;
    const all = await solve(problem, { ...search, states: 1000 });
    const counts = [...reads.counts];
    expect(counts.length).toBeGreaterThan(5);
    expect(all.states.map(({ count }) => count)).toEqual(counts);
    expect(all.states.map(({ energy }) => energy)).toEqual([...reads.energies]);
    expect(all.states.flatMap(({ state }) => [...state])).toEqual([...reads.states.data]);
    const few = await solve(problem, search);
    expect([few.states, few.state]).toEqual([all.states.slice(0, 5), all.states[0].state]);
    const tabu = await solve(problem, { ...search, reads: 40, method: "tabu", states: 1000 });
    expect(tabu.states.reduce((sum, { count }) => sum + count, 0)).toBe(40);
    const [one] = (await solve(problem, { seed: 5 })).states;
    expect(one).toEqual({ state: one.state, energy: all.energy, count: 1 });
  });

  it("gives states of the problem itself, whatever was reduced or tempered", async () => {
    const problem = randomProblem(60, 4, { density: 0.05, weight: signs });
    for (const method of ["anneal", "tempering", "tabu"] as const) {
      const { states, energy, state } = await solve(problem, { method, reads: 64, sweeps: 50, seed: 3 });
      expect([states[0].state, states[0].energy]).toEqual([state, energy]);
      expect(new Set(states.map((each) => each.state.join())).size).toBe(states.length);
      const energies = states.map((each) => problem.energy(each.state));
      expect(states.map((each) => each.energy)).toEqual(energies);
      expect(energies).toEqual(energies.toSorted((a, b) => a - b));
    }
  });

  it("takes the empty problem and refuses bad options", async () => {
    expect(await solve(spinProblem({ variables: 0, offset: 4 }), { seed: 0 })).toMatchObject({
      energy: 4,
      certificate: "exact",
    });
    const problem = randomProblem(40, 1, { density: 1, weight: signs });
    await expect(solve(problem, { method: "exact", seed: 0 })).rejects.toThrow(/at most 32 spins, got 40/);
    await expect(solve(problem, { states: 0, seed: 0 })).rejects.toThrow(/states is 0/);
    await expect(solve(problem, { until: { timeLimit: 0 }, seed: 0 })).rejects.toThrow(/timeLimit is 0/);
    await expect(solve(problem, { method: "guess" as "exact", seed: 0 })).rejects.toThrow(
      /known: auto, exact, elimination, anneal/,
    );
  });
});

describe("BestStates", () => {
  it("keeps the best of all states and misses none of their ends", () => {
    const rng = createRng(8);
    const best = new BestStates(6);
    const ends = new Map<number, number>();
    for (let k = 0; k < 2000; k++) {
      const index = rng.index(64);
      ends.set(index, (ends.get(index) ?? 0) + 1);
      best.add(spinStates(6)[index], index >> 1);
    }
    const found = best.samples.map(({ energy, count }) => [energy, count]);
    expect(found.map(([energy]) => energy)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(found.map(([, count]) => count).toSorted()).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => ends.get(index)).toSorted(),
    );
  });
});

describe("tabuSearch", () => {
  it("finds the least energy of small problems, in a local minimum", () => {
    for (let seed = 0; seed < 10; seed++) {
      const fields = seed % 2 === 0;
      const problem = randomProblem(14, seed, { density: 0.6, weight: (rng) => rng.normal(), fields });
      const least = Math.min(...spinStates(14).map((state) => problem.energy(state)));
      const { state, energy } = tabuSearch(problem, { flips: 2000, seed: 1 });
      expect(energy).toBe(least);
      expect(problem.energy(state)).toBe(least);
    }
  });

  it("never returns worse than a descent from where it starts, and repeats to the bit", () => {
    const problem = randomProblem(80, 2, { density: 0.2, weight: signs });
    const initial = new Int8Array(80).fill(1);
    const a = tabuSearch(problem, { initial, flips: 500, seed: 3 });
    expect(a).toEqual(tabuSearch(problem, { initial, flips: 500, seed: 3 }));
    expect(a.energy).toBeLessThan(tabuSearch(problem, { initial, flips: 0, seed: 0 }).energy);
    expect([...initial]).toEqual(new Array(80).fill(1));
    const cursor = problem.can.moves(a.state);
    for (let i = 0; i < 80; i++) expect(cursor.delta(i)).toBeGreaterThanOrEqual(0);
    expect(tabuSearch(spinProblem({ variables: 0 }), { seed: 0 }).energy).toBe(0);
    expect(() => tabuSearch(problem, { initial: new Int8Array(80) })).toThrow(/initial has 0 at 0/);
  });
});
