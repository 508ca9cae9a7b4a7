import { createRng, exp, type Rng } from "@basin/energy-core/random";
import { createModel, roundingBound, type SpinProblem, solve } from "@basin/ising";
import { gTest, spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { chooseAnnealer } from "../../src/solve/annealers.ts";
import { graphDimension } from "../../src/solve/search/graph-dimension.ts";
import { randomProblem } from "../reference.ts";

const signs = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1);
const normal = (rng: Rng) => rng.normal();
const problems: [string, SpinProblem][] = [
  ["signs", randomProblem(40, 1, { weight: signs, density: 0.15 })],
  ["integers in fields", randomProblem(30, 2, { weight: (rng) => rng.index(15) - 7, fields: true })],
  ["a maximum cut", randomProblem(40, 3, { weight: () => -0.5, density: 0.2 })],
  ["real weights", randomProblem(40, 4, { weight: normal, density: 0.15, fields: true })],
];

function ladderOf(
  problem: SpinProblem,
  groups: number,
  seed: number,
  kernel: "wasm" | "typescript" = "wasm",
) {
  const annealer = chooseAnnealer(problem, "auto", 1, { clusters: true, kernel });
  return annealer.walkers(problem, { groups, streams: (level) => createRng(seed).split(level) });
}

type Replicas = Awaited<ReturnType<typeof ladderOf>>;

/** Sweeps a level, moves clusters where a stream for them is given, and returns the energies of the level. */
function visit(walkers: Replicas, level: number, beta: number, sweeps: number, clusters?: Rng): Float64Array {
  const { group } = walkers;
  walkers.step(sweeps, beta, level);
  if (clusters !== undefined) walkers.can.clusters?.(clusters, level);
  return walkers
    .energies(new Float64Array(walkers.count), level)
    .subarray(level * group, (level + 1) * group);
}

describe.each(problems)("replicas at several temperatures of %s", (_, problem) => {
  const states = (walkers: Replicas, level: number) =>
    Array.from({ length: walkers.group }, (_, r) => walkers.read(level * walkers.group + r));

  it("report true energies, and exchange what they are told to", async () => {
    const walkers = await ladderOf(problem, 2, 1);
    const energies = visit(walkers, 0, 0.2, 3);
    const before = [states(walkers, 0), states(walkers, 1)];
    for (const [r, state] of before[0].entries()) {
      expect(Math.abs(problem.energy(state) - energies[r])).toBeLessThanOrEqual(
        roundingBound(problem, state),
      );
    }
    const chosen = Uint8Array.from({ length: walkers.group }, (_, r) => (r % 3 === 0 ? 1 : 0));
    walkers.exchange(0, 1, chosen);
    for (const [r, moved] of chosen.entries()) {
      expect(states(walkers, 0)[r]).toEqual(before[moved][r]);
      expect(states(walkers, 1)[r]).toEqual(before[1 - moved][r]);
    }
  });

  it("move clusters that leave the sum of each pair's energies as it was", async () => {
    const [walkers, plain] = [await ladderOf(problem, 1, 2), await ladderOf(problem, 1, 2)];
    const sweepsOnly = visit(plain, 0, 0.4, 5);
    const moved = visit(walkers, 0, 0.4, 5, createRng(3));
    let changed = 0;
    for (let r = 0; r < walkers.group; r += 2) {
      expect(moved[r] + moved[r + 1]).toBeCloseTo(sweepsOnly[r] + sweepsOnly[r + 1], 9);
      if (moved[r] !== sweepsOnly[r]) changed++;
    }
    expect(changed).toBeGreaterThan(walkers.group / 16);
  });

  it("give the same bits in wasm and in TypeScript", async () => {
    const found = await Promise.all(
      (["wasm", "typescript"] as const).map(async (kernel) => {
        const walkers = await ladderOf(problem, 2, 4, kernel);
        const energies = [visit(walkers, 0, 0.3, 2, createRng(5)), visit(walkers, 1, 0.5, 2)];
        walkers.exchange(0, 1, new Uint8Array(walkers.group).fill(1));
        return [energies, states(walkers, 0), states(walkers, 1)];
      }),
    );
    expect(found[1]).toEqual(found[0]);
  });
});

describe("cluster moves", () => {
  it("keep Boltzmann's law of the pairs, and the test would see a temperature 20 % off", async () => {
    const problem = randomProblem(4, 5, { weight: signs, density: 0.9, fields: true });
    const beta = 0.35;
    const walkers = await ladderOf(problem, 1, 6);
    const counts = new Float64Array(16);
    const rng = createRng(6);
    for (let run = 0; run < 60; run++) {
      walkers.start(() => rng.split(run));
      // Enough sweeps to forget the start, clusters all the way.
      for (let step = 0; step < 30; step++) visit(walkers, 0, beta, 1, rng);
      for (let r = 0; r < walkers.group; r += 2)
        counts[walkers.read(r).reduce((code, spin, i) => (spin > 0 ? code | (1 << i) : code), 0)]++;
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
      const annealed = await solve(problem, { method: "anneal", reads: 256, sweeps: 500, seed: 0 });
      expect(found.energy).toBeLessThanOrEqual(annealed.energy + 1e-9);
      expect(found.energy).toBe(problem.energy(found.state));
      expect((await solve(problem, options)).state).toEqual(found.state);
    }
  });

  it("is what auto takes on flat lattices, and only there", async () => {
    expect(graphDimension(createModel("square", 40))).toBeLessThan(2);
    expect(graphDimension(createModel("cubic", 14))).toBeGreaterThan(2.3);
    expect(graphDimension(randomProblem(800, 1, { weight: signs, density: 0.005 }))).toBeGreaterThan(2.3);
    const glass = createModel("square", 40, { disorder: "plus-minus", disorderSeed: 3 });
    const solution = await solve(glass, { until: { timeLimit: 600 }, seed: 1 });
    expect(solution).toMatchObject({ method: "tempering", energy: glass.energy(solution.state) });
    expect(solution.why).toMatch(/dimension 1\.\d/);
    const small = await solve(createModel("square", 20, { disorder: "gaussian", disorderSeed: 10 }), {
      until: { timeLimit: 100 },
      seed: 0,
    });
    expect(small.method).toBe("tempering");
  });

  it("is not what auto takes on a dense random graph, which three steps cross", async () => {
    const dense = randomProblem(300, 2, { weight: signs, density: 0.1 });
    expect(graphDimension(dense)).toBe(Number.POSITIVE_INFINITY);
    expect((await solve(dense, { until: { timeLimit: 100 }, seed: 0 })).method).toBe("anneal");
  });
});
