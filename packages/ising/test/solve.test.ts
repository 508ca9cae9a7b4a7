import type { Rng } from "@basin/energy-core/random";
import { maxCut, reduce, solve, spinProblem, weightedGraph } from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
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

describe("solve", () => {
  it("proves what is small after the reduction, and says why", async () => {
    const star = maxCut(
      weightedGraph(
        100,
        Array.from({ length: 99 }, (_, i) => [0, i + 1] as const),
      ),
    );
    const solution = await solve(star);
    expect(solution).toMatchObject({ energy: -99, certificate: "exact", method: "exact", variablesLeft: 0 });
    expect(solution.why).toMatch(/reduction settles/);
    const glass = randomProblem(16, 3, { density: 0.8, weight: signs });
    const least = Math.min(...spinStates(16).map((state) => glass.energy(state)));
    expect(await solve(glass)).toMatchObject({ energy: least, certificate: "exact", reads: 0 });
    expect(await solve(glass, { method: "anneal", reads: 32, sweeps: 100 })).toMatchObject({
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
    const cursor = problem.attach(reduced.state);
    expect(cursor.energy).toBe(reduced.energy);
    for (let i = 0; i < 80; i++) expect(cursor.delta(i)).toBeGreaterThanOrEqual(0);
  });

  it("spends the seconds it is given, stops at its target, and keeps what it has when stopped", async () => {
    const problem = randomProblem(60, 4, { density: 0.5, weight: signs });
    const timed = await solve(problem, { seconds: 0.3, seed: 2 });
    expect(timed.reads).toBeGreaterThan(128);
    expect(timed.timing.seconds).toBeLessThan(3);
    const aimed = await solve(problem, { seconds: 60, target: timed.energy, seed: 3 });
    expect(aimed.energy).toBeLessThanOrEqual(timed.energy);
    const controller = new AbortController();
    const stopped = await solve(problem, {
      seconds: 60,
      signal: controller.signal,
      onProgress: ({ energy }) => Number.isFinite(energy) && controller.abort(),
    });
    expect(stopped.timing.seconds).toBeLessThan(30);
    expect(stopped.energy).toBe(problem.energy(stopped.state));
    await expect(solve(problem, { signal: AbortSignal.abort(new Error("never mind")) })).rejects.toThrow(
      "never mind",
    );
  });

  it("takes the empty problem and refuses bad options", async () => {
    expect(await solve(spinProblem({ variables: 0, offset: 4 }))).toMatchObject({
      energy: 4,
      certificate: "exact",
    });
    const problem = randomProblem(40, 1, { density: 1, weight: signs });
    await expect(solve(problem, { method: "exact" })).rejects.toThrow(/at most 32 spins, got 40/);
    await expect(solve(problem, { seconds: 0 })).rejects.toThrow(/seconds is 0/);
    await expect(solve(problem, { method: "guess" as "exact" })).rejects.toThrow(
      /known: auto, exact, anneal/,
    );
  });
});
