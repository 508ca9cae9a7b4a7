import { enumerate } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";
import { createModel, maxCut, solve, spinProblem, weightedGraph } from "../../src/index.ts";
import { toSpinProblem } from "../../src/problem/spin-problem.ts";
import { cycleBound, sumsExactly } from "../../src/solve/cycle-bound.ts";

/** A random problem of n spins whose couplings are those of `weight`. */
function randomProblem(seed: number, n: number, weight: (normal: number) => number) {
  const rng = createRng(seed);
  const couplings: [number, number, number][] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) if (rng.bernoulli(0.5)) couplings.push([i, j, weight(rng.normal())]);
  const fields = Float64Array.from({ length: n }, () => weight(rng.normal()));
  return spinProblem({ variables: n, couplings, fields, offset: weight(rng.normal()) });
}

const least = (problem: ReturnType<typeof spinProblem>) => {
  const { minimizers } = enumerate(problem);
  return problem.energy(minimizers[0] as Int8Array);
};

describe("cycleBound", () => {
  it.each([
    ["whole", (x: number) => Math.round(3 * x)],
    ["real", (x: number) => x],
    ["of two scales", (x: number) => (x > 0.5 ? 1e9 * x : x)],
  ])("is below every energy, and above the sum of all weights: %s weights", (_name, weight) => {
    let above = 0;
    for (let seed = 0; seed < 60; seed++) {
      const problem = randomProblem(seed, 10, weight);
      const { values } = problem.couplings;
      const plain = [...values, ...problem.fields].reduce((sum, w) => sum - Math.abs(w), problem.offset);
      const bound = cycleBound(problem);
      expect(bound).toBeLessThanOrEqual(least(problem));
      if (bound > plain + 1e-9 * Math.abs(plain)) above++;
    }
    expect(above).toBeGreaterThan(50);
  });

  it("is the least energy of problems whose frustrated cycles share no coupling", () => {
    const triangle = weightedGraph(3, [
      [0, 1, 2],
      [1, 2, 3],
      [2, 0, 4],
    ]);
    expect(cycleBound(maxCut(triangle))).toBe(-7);
    expect(cycleBound(toSpinProblem(createModel("square", 6)))).toBe(-72);
  });

  it("holds where the search for cycles is cut short", () => {
    const problem = randomProblem(1, 12, Math.sign);
    const bounds = [0, 10, 100, 1000, 1e6].map((budget) => cycleBound(problem, budget));
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(bounds[4]).toBeLessThanOrEqual(least(problem));
  });

  it("is below the energies of a ring of 200 000 spins, frustrated once", () => {
    const n = 200_000;
    const couplings = Array.from({ length: n }, (_, i): [number, number, number] => [
      i,
      (i + 1) % n,
      i === 0 ? -1 : 1,
    ]);
    const ring = spinProblem({ variables: n, couplings });
    expect(cycleBound(ring)).toBeGreaterThanOrEqual(-n);
    expect(cycleBound(ring)).toBeLessThanOrEqual(2 - n);
  });

  it("proves nothing where the offset leaves sums no room", () => {
    const pair = { variables: 2, couplings: [[0, 1, 1]] as [number, number, number][], fields: [1, 0] };
    expect(sumsExactly(spinProblem(pair))).toBe(true);
    expect(sumsExactly(spinProblem({ ...pair, offset: 1 - 2 ** 53 }))).toBe(false);
  });

  it("proves what solve finds where nothing is frustrated", async () => {
    const { energy, bound, certificate, why } = await solve(toSpinProblem(createModel("square", 40)), {
      reads: 64,
      sweeps: 400,
      seed: 1,
    });
    expect([energy, bound, certificate]).toEqual([-3200, -3200, "exact"]);
    expect(why).toContain("frustrated cycles prove");
  });

  it("bounds what solve finds by search", async () => {
    const rng = createRng(5);
    const edges = Array.from({ length: 400 }, (): [number, number] => [rng.index(80), rng.index(80)]);
    const graph = weightedGraph(
      80,
      edges.filter(([a, b]) => a !== b),
    );
    const { energy, bound, certificate } = await solve(maxCut(graph), { reads: 128, sweeps: 100, seed: 1 });
    expect(certificate).toBe("local");
    expect(bound).toBeLessThanOrEqual(energy);
    expect(bound).toBeGreaterThan(1.25 * energy);
  });
});
