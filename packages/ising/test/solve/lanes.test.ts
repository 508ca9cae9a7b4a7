import { createRng, exp, type Rng } from "@basin/energy-core/random";
import { anneal, lanes, type SpinProblem } from "@basin/ising";
import { gTest, spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { randomProblem } from "../reference.ts";

const normal = (rng: Rng) => rng.normal();
const problems: Record<string, SpinProblem> = {
  "a dense glass": randomProblem(60, 1, { weight: normal, density: 0.8 }),
  "a sparse glass in fields": randomProblem(70, 2, { weight: normal, density: 0.05, fields: true }),
  "large weights": randomProblem(30, 3, { weight: (rng) => 1e200 * rng.normal(), density: 0.5 }),
  "no couplings": randomProblem(20, 4, { weight: normal, density: 0, fields: true }),
};

describe("the annealer in lanes", () => {
  it.each(Object.entries(problems))(
    "gives the same bits in wasm and in TypeScript for %s",
    async (_, problem) => {
      const options = { reads: 11, sweeps: 600, seed: 3, annealer: "lanes" } as const;
      const wasm = await anneal(problem, { ...options, kernel: "wasm" });
      const typescript = await anneal(problem, { ...options, kernel: "typescript" });
      expect([wasm.kernel, typescript.kernel]).toEqual(["wasm", "typescript"]);
      expect(typescript.states.data).toEqual(wasm.states.data);
      for (let r = 0; r < 11; r++) {
        const state = wasm.states.data.subarray(r * problem.variables, (r + 1) * problem.variables);
        expect(wasm.energies[r]).toBe(problem.energy(state));
        const cursor = problem.can.moves(state);
        for (let i = 0; i < state.length; i++) {
          expect(cursor.delta(i)).toBeGreaterThan(-1e-9 * Math.abs(wasm.energies[r]));
        }
      }
    },
  );

  it("adds reads without touching the ones before", async () => {
    const problem = problems["a dense glass"];
    const few = await anneal(problem, { reads: 5, sweeps: 20, seed: 5 });
    const many = await anneal(problem, { reads: 30, sweeps: 20, seed: 5 });
    expect(few.annealer).toBe("lanes");
    expect(many.states.data.subarray(0, few.states.data.length)).toEqual(few.states.data);
    expect(new Set(many.energies).size).toBeGreaterThan(10);
  });

  it("leaves weights that are too far apart for its floats to double precision", async () => {
    const problem = randomProblem(12, 6, {
      weight: (rng) => (rng.bernoulli(0.05) ? 1e9 : 1) * rng.normal(),
      density: 0.3,
    });
    const { annealer } = await anneal(problem, { reads: 1, sweeps: 10, seed: 0 });
    expect(annealer).toBe("scalar");
    await expect(anneal(problem, { annealer: "lanes", seed: 0 })).rejects.toThrow(/too far apart/);
  });
});

function sweepDistribution(problem: SpinProblem, beta: number, before: Float64Array): Float64Array {
  const states = spinStates(problem.variables);
  const energies = states.map((state) => problem.energy(state));
  let distribution = before;
  for (let i = 0; i < problem.variables; i++) {
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

describe("the law of its sweeps", () => {
  it.each([
    ["a glass", randomProblem(6, 12, { weight: normal, density: 0.7 }), [0.3, 0.1, 0.6]],
    ["a glass in fields", randomProblem(5, 13, { weight: normal, fields: true }), [0.05, 0.35, 1.5]],
  ] as const)("is Metropolis's, to the last state, for %s", async (_, problem, betas) => {
    const n = problem.variables;
    const kernel = lanes({ maxInverseTemperature: 2, kernel: "wasm" });
    const walkers = await kernel.walkers(problem, { streams: () => createRng(17) });
    const counts = new Float64Array(2 ** n);
    const state = new Int8Array(n);
    for (let b = 0; b < 20_000; b++) {
      walkers.start(() => createRng(17).split(b));
      walkers.can.follow(Float64Array.from(betas), 0, betas.length);
      for (let r = 0; r < walkers.group; r++) {
        walkers.read(r, state);
        counts[state.reduce((code, spin, i) => (spin > 0 ? code | (1 << i) : code), 0)]++;
      }
    }
    const law = (factor: number) =>
      betas.reduce<Float64Array>(
        (distribution, beta) => sweepDistribution(problem, beta * factor, distribution),
        new Float64Array(2 ** n).fill(2 ** -n),
      );
    expect(gTest(counts, law(1)).pValue).toBeGreaterThan(1e-6);
    // The same test rejects a temperature 5 % off, so it would see one.
    expect(gTest(counts, law(1.05)).pValue).toBeLessThan(1e-6);
  });
});
