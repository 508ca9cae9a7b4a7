import { createRng, exp, type Rng } from "@basin/energy-core/random";
import { cubicLattice, roundingBound, type SpinProblem, solve, squareLattice } from "@basin/ising";
import { gTest, spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { graphDimension } from "../src/solve/search/graph-dimension.ts";
import type { Ladder } from "../src/solve/tempering/contract.ts";
import { createLadder } from "../src/solve/tempering/ladder.ts";
import { randomProblem } from "./reference.ts";

const signs = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1);
const normal = (rng: Rng) => rng.normal();
const problems: [string, SpinProblem][] = [
  ["signs", randomProblem(40, 1, { weight: signs, density: 0.15 })],
  ["integers in fields", randomProblem(30, 2, { weight: (rng) => rng.index(15) - 7, fields: true })],
  ["a maximum cut", randomProblem(40, 3, { weight: () => -0.5, density: 0.2 })],
  ["real weights", randomProblem(40, 4, { weight: normal, density: 0.15, fields: true })],
];

async function ladderOf(problem: SpinProblem, levels: number, kernel: "wasm" | "typescript" = "wasm") {
  return (await createLadder(problem, levels, 1, kernel)) as Ladder;
}

describe.each(problems)("a ladder of replicas of %s", (_, problem) => {
  const states = (ladder: Ladder, level: number) =>
    Array.from({ length: ladder.replicas }, (_, r) => {
      const out = new Int8Array(problem.variables);
      ladder.read(level, r, out);
      return out;
    });

  it("reports true energies, and exchanges what it is told to", async () => {
    const ladder = await ladderOf(problem, 2);
    for (const level of [0, 1]) ladder.start(level, createRng(1).split(level));
    const energies = ladder.visit(0, 0.2, 3).slice();
    const before = [states(ladder, 0), states(ladder, 1)];
    for (const [r, state] of before[0].entries()) {
      expect(Math.abs(problem.energy(state) - energies[r])).toBeLessThanOrEqual(
        roundingBound(problem, state),
      );
    }
    const chosen = Uint8Array.from({ length: ladder.replicas }, (_, r) => (r % 3 === 0 ? 1 : 0));
    ladder.exchange(0, 1, chosen);
    for (const [r, moved] of chosen.entries()) {
      expect(states(ladder, 0)[r]).toEqual(before[moved][r]);
      expect(states(ladder, 1)[r]).toEqual(before[1 - moved][r]);
    }
  });

  it("moves clusters that leave the sum of each pair's energies as it was", async () => {
    const [ladder, plain] = [await ladderOf(problem, 1), await ladderOf(problem, 1)];
    for (const each of [ladder, plain]) each.start(0, createRng(2));
    const sweepsOnly = plain.visit(0, 0.4, 5).slice();
    const moved = ladder.visit(0, 0.4, 5, createRng(3));
    let changed = 0;
    for (let r = 0; r < ladder.replicas; r += 2) {
      expect(moved[r] + moved[r + 1]).toBeCloseTo(sweepsOnly[r] + sweepsOnly[r + 1], 9);
      if (moved[r] !== sweepsOnly[r]) changed++;
    }
    expect(changed).toBeGreaterThan(ladder.replicas / 16);
  });

  it("gives the same bits in wasm and in TypeScript", async () => {
    const found = await Promise.all(
      (["wasm", "typescript"] as const).map(async (kernel) => {
        const ladder = await ladderOf(problem, 2, kernel);
        for (const level of [0, 1]) ladder.start(level, createRng(4).split(level));
        const energies = [ladder.visit(0, 0.3, 2, createRng(5)).slice(), ladder.visit(1, 0.5, 2).slice()];
        ladder.exchange(0, 1, new Uint8Array(ladder.replicas).fill(1));
        return [energies, states(ladder, 0), states(ladder, 1)];
      }),
    );
    expect(found[1]).toEqual(found[0]);
  });
});

describe("cluster moves", () => {
  it("keep Boltzmann's law of the pairs, and the test would see a temperature 20 % off", async () => {
    const problem = randomProblem(4, 5, { weight: signs, density: 0.9, fields: true });
    const beta = 0.35;
    const ladder = await ladderOf(problem, 1);
    const counts = new Float64Array(16);
    const state = new Int8Array(4);
    const rng = createRng(6);
    for (let run = 0; run < 60; run++) {
      ladder.start(0, rng.split(run));
      // Enough sweeps to forget the start, clusters all the way.
      for (let step = 0; step < 30; step++) ladder.visit(0, beta, 1, rng);
      for (let r = 0; r < ladder.replicas; r += 2) {
        ladder.read(0, r, state);
        counts[state.reduce((code, spin, i) => (spin > 0 ? code | (1 << i) : code), 0)]++;
      }
    }
    const law = (b: number) => {
      const weights = spinStates(4).map((x) => exp(-b * problem.energy(x)));
      const total = weights.reduce((a, c) => a + c);
      return Float64Array.from(weights, (w) => w / total);
    };
    expect(gTest(counts, law(beta)).pValue).toBeGreaterThan(1e-6);
    expect(gTest(counts, law(beta * 1.2)).pValue).toBeLessThan(1e-6);
  });
});

describe("solve by tempering", () => {
  it("reaches what annealing reaches, and repeats to the bit", async () => {
    for (const [, problem] of problems) {
      const options = { method: "tempering", sweeps: 300, seed: 2 } as const;
      const found = await solve(problem, options);
      const annealed = await solve(problem, { method: "anneal", reads: 256, sweeps: 500 });
      expect(found.energy).toBeLessThanOrEqual(annealed.energy + 1e-9);
      expect(found.energy).toBe(problem.energy(found.state));
      expect((await solve(problem, options)).state).toEqual(found.state);
    }
  });

  it("is what auto takes on flat lattices, and only there", async () => {
    expect(graphDimension(squareLattice(40))).toBeLessThan(2);
    expect(graphDimension(cubicLattice(14))).toBeGreaterThan(2.3);
    expect(graphDimension(randomProblem(800, 1, { weight: signs, density: 0.005 }))).toBeGreaterThan(2.3);
    const glass = squareLattice(40, { disorder: "plus-minus", disorderSeed: 3 });
    const solution = await solve(glass, { seconds: 0.6, seed: 1 });
    expect(solution).toMatchObject({ method: "tempering", energy: glass.energy(solution.state) });
    expect(solution.why).toMatch(/dimension 1\.\d/);
    const small = await solve(squareLattice(20, { disorder: "gaussian", disorderSeed: 10 }), {
      seconds: 0.1,
    });
    expect(small.method).toBe("tempering");
  });

  it("is not what auto takes on a dense random graph, which three steps cross", async () => {
    const dense = randomProblem(300, 2, { weight: signs, density: 0.1 });
    expect(graphDimension(dense)).toBe(Number.POSITIVE_INFINITY);
    expect((await solve(dense, { seconds: 0.1 })).method).toBe("anneal");
  });
});
