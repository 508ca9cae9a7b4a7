import { createRng, exp, type Rng } from "@basin/energy-core/random";
import { anneal, bits, type SpinProblem, spinProblem } from "@basin/ising";
import { gTest, spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { type BitLayout, bitLayout, REPLICAS } from "../../src/solve/bits/layout.ts";
import { randomProblem } from "../reference.ts";

/** Two spins, the first of which sums couplings and field to `total` units. */
const heavy = (total: number) =>
  spinProblem({ variables: 2, couplings: [[0, 1, total - 5]], fields: [-5, 1] });

const signs = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1);
const problems: Record<string, SpinProblem> = {
  "a maximum cut": randomProblem(70, 1, { weight: () => -0.5, density: 0.2 }),
  "a dense maximum cut": randomProblem(90, 2, { weight: () => -0.5, density: 0.9 }),
  "a ferromagnet": randomProblem(50, 3, { weight: () => 2, density: 0.1 }),
  "a spin glass": randomProblem(60, 4, { weight: signs, density: 0.3 }),
  "a glass in fields": randomProblem(40, 5, { weight: signs, fields: true }),
  "weights of many sizes": randomProblem(40, 6, { weight: (rng) => rng.index(41) - 20, fields: true }),
  "a dense graph of many neighbors": randomProblem(140, 7, { weight: signs, density: 1 }),
  "the largest weights that it takes": heavy(32_767),
  "fields alone": spinProblem({ variables: 5, fields: [1, -2, 3, 0, 5] }),
};

describe("the bit-parallel annealer", () => {
  it.each(Object.entries(problems))(
    "gives the same bits in wasm and in TypeScript for %s",
    async (_, problem) => {
      const options = { reads: 128, sweeps: 40, seed: 3, annealer: "bit-parallel" } as const;
      const wasm = await anneal(problem, { ...options, kernel: "wasm" });
      const typescript = await anneal(problem, { ...options, kernel: "typescript" });
      expect([wasm.kernel, typescript.kernel]).toEqual(["wasm", "typescript"]);
      expect(typescript.states.data).toEqual(wasm.states.data);
      for (let r = 0; r < 128; r++) {
        const state = wasm.states.data.subarray(r * problem.variables, (r + 1) * problem.variables);
        expect(wasm.energies[r]).toBe(problem.energy(state));
        const cursor = problem.can.moves(state);
        for (let i = 0; i < state.length; i++) expect(cursor.delta(i)).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it.each(Object.entries(problems))(
    "gives the same bits in both with thresholds that replicas share for %s",
    async (_, problem) => {
      const options = { reads: 128, sweeps: 30, seed: 3, thresholds: "shared" } as const;
      const wasm = await anneal(problem, { ...options, kernel: "wasm" });
      const typescript = await anneal(problem, { ...options, kernel: "typescript" });
      expect(typescript.states.data).toEqual(wasm.states.data);
      const apart = await anneal(problem, { ...options, thresholds: "independent" });
      // Without couplings every state descends to the same one.
      if (problem.couplings.values.length > 0) expect(apart.states.data).not.toEqual(wasm.states.data);
    },
  );

  it("adds batches without touching the ones before", async () => {
    const problem = problems["a spin glass"];
    const few = await anneal(problem, { reads: 100, sweeps: 20, seed: 5 });
    const many = await anneal(problem, { reads: 300, sweeps: 20, seed: 5 });
    expect(many.states.data.subarray(0, few.states.data.length)).toEqual(few.states.data);
    expect(many.states.data.subarray(0, 60 * 128)).not.toEqual(many.states.data.subarray(60 * 128, 60 * 256));
  });

  it("says when it cannot take a problem", async () => {
    const real = randomProblem(5, 1, { weight: (rng) => rng.normal() });
    await expect(anneal(real, { annealer: "bit-parallel", seed: 0 })).rejects.toThrow(
      /multiples of one unit/,
    );
    expect((await anneal(real, { reads: 1, sweeps: 1, seed: 0 })).annealer).toBe("lanes");
    const tooHeavy = heavy(32_768);
    await expect(anneal(tooHeavy, { annealer: "bit-parallel", seed: 0 })).rejects.toThrow(/32767/);
    expect((await anneal(tooHeavy, { reads: 1, sweeps: 1, seed: 0 })).annealer).toBe("lanes");
  });
});

/**
 * Applies Metropolis visits of every spin, in `order`, to a distribution over all states: the definition, no shortcut.
 */
function sweepDistribution(
  problem: SpinProblem,
  order: Iterable<number>,
  beta: number,
  before: Float64Array,
): Float64Array {
  const states = spinStates(problem.variables);
  const energies = states.map((state) => problem.energy(state));
  let distribution = before;
  for (const i of order) {
    const after = new Float64Array(distribution.length);
    for (let x = 0; x < states.length; x++) {
      const y = x ^ (1 << i);
      const accepted = Math.min(1, exp(-beta * (energies[y] - energies[x])));
      after[y] += distribution[x] * accepted;
      after[x] += distribution[x] * (1 - accepted);
    }
    distribution = after;
  }
  return distribution;
}

async function endStates(
  problem: SpinProblem,
  betas: Float64Array,
  batches: number,
  shared = false,
): Promise<Float64Array> {
  const n = problem.variables;
  const thresholds = shared ? "shared" : "independent";
  const walkers = await bits({ thresholds, kernel: "wasm" }).walkers(problem, {
    streams: () => createRng(17),
  });
  const counts = new Float64Array(2 ** n);
  const state = new Int8Array(n);
  for (let b = 0; b < batches; b++) {
    walkers.start(() => createRng(17).split(b));
    walkers.can.follow(betas, 0, betas.length);
    // Replicas that share thresholds are not independent of each other, so only one of them counts.
    for (let r = 0; r < (shared ? 1 : REPLICAS); r++) {
      walkers.read(r, state);
      counts[state.reduce((code, spin, i) => (spin > 0 ? code | (1 << i) : code), 0)]++;
    }
  }
  return counts;
}

describe("the law of its sweeps", () => {
  const small: [string, SpinProblem, number[]][] = [
    ["a glass", randomProblem(6, 12, { weight: signs, density: 0.7 }), [0.3, 0.1, 0.6]],
    ["a glass in fields", randomProblem(5, 13, { weight: signs, fields: true }), [0.05, 0.35]],
    ["a maximum cut", randomProblem(6, 14, { weight: () => -0.5, density: 0.8 }), [0.5, 0.2, 1.5, 2.9]],
    [
      "many sizes",
      randomProblem(5, 15, { weight: (rng) => rng.index(9) - 4, fields: true, density: 0.9 }),
      [0.1, 0.02],
    ],
    ["nearly frozen", randomProblem(4, 16, { weight: signs, density: 1 }), [0, 1.52, 1.2]],
  ];

  it.each(small)("is Metropolis's, to the last state, for %s", async (_, problem, betas) => {
    const layout = bitLayout(problem) as BitLayout;
    const states = 2 ** problem.variables;
    let law: Float64Array = new Float64Array(states).fill(1 / states);
    for (const beta of betas) law = sweepDistribution(problem, layout.order, beta, law);
    const counts = await endStates(problem, Float64Array.from(betas), 1500);
    expect(gTest(counts, law).pValue).toBeGreaterThan(1e-6);
    const shared = await endStates(problem, Float64Array.from(betas), 20_000, true);
    expect(gTest(shared, law).pValue).toBeGreaterThan(1e-6);
    // The same test rejects a temperature 5 % off, so it would see one.
    let wrong: Float64Array = new Float64Array(states).fill(1 / states);
    for (const beta of betas) wrong = sweepDistribution(problem, layout.order, beta * 1.05, wrong);
    expect(gTest(counts, wrong).pValue).toBeLessThan(1e-6);
  });
});
