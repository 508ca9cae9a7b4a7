import { spinProblem } from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { graphPlan } from "../../../src/solve/device/plan.ts";
import { roundWeights } from "../../../src/solve/device/round-weights.ts";
import { searchOn } from "../../../src/solve/device/search.ts";
import { graphTwin } from "../../../src/solve/device/twin.ts";
import { randomProblem } from "../../reference.ts";

const real = (n: number, seed: number) =>
  randomProblem(n, seed, { fields: true, weight: (rng) => rng.normal() });

describe("roundWeights", () => {
  it("returns a problem of small integers itself", () => {
    const problem = randomProblem(20, 1, { fields: true, weight: (rng) => rng.index(9) - 4 });
    const { problem: same, totals, total, error } = roundWeights(problem);
    expect(same).toBe(problem);
    expect(error).toBe(0);
    expect(2 * total).toBe(
      totals.reduce((sum, own) => sum + own, 0) + problem.fields.reduce((sum, h) => sum + Math.abs(h), 0),
    );
  });

  it.each([
    ["real weights", real(10, 2)],
    [
      "tiny ones",
      spinProblem({ variables: 10, couplings: [[0, 1, 1e-320]], fields: new Array(10).fill(3e-310) }),
    ],
    ["huge integers", randomProblem(10, 3, { weight: (rng) => 2 ** 40 + rng.index(2 ** 30) })],
    [
      "a star of equal weights",
      spinProblem({
        variables: 10,
        couplings: [
          [0, 1, 1e5],
          [0, 2, 1],
        ],
      }),
    ],
  ])("rounds to at most 32767 units a spin, with energies as near as it says: %s", (_, problem) => {
    const { problem: rounded, unit, totals, error } = roundWeights(problem);
    expect(Math.max(...totals)).toBeLessThanOrEqual(32767);
    // No coarser than the range asks for: a weight moves by half a unit at most.
    const count = problem.couplings.values.length + problem.fields.length;
    const largest = problem.fields.map((h, i) => {
      const own = problem.adjacency.values.slice(...problem.adjacency.starts.subarray(i, i + 2));
      return own.reduce((sum, J) => sum + Math.abs(J), Math.abs(h));
    });
    expect(error).toBeLessThanOrEqual((count * Math.max(...largest)) / 16000);
    expect([...rounded.couplings.values, ...rounded.fields].every((w) => Number.isInteger(w / unit))).toBe(
      true,
    );
    for (const state of spinStates(10).slice(0, 200))
      expect(Math.abs(rounded.energy(state) - problem.energy(state))).toBeLessThanOrEqual(error * (1 + 1e-9));
  });

  it("keeps the best read by the weights themselves, also where rounding puts others before it", async () => {
    // By rounded weights the third spin is free: its field is a millionth of the coupling.
    const problem = spinProblem({ variables: 3, couplings: [[0, 1, 1]], fields: [0, 0, 1e-6] });
    const plan = graphPlan(problem);
    expect(plan.problem.fields[2]).toBe(0);
    expect(plan.change).toBe(0.5);
    const found = await searchOn(problem, plan, async (words) => graphTwin(plan, words))(
      { target: Number.NEGATIVE_INFINITY, states: 3, reads: 8, sweeps: 3 },
      { seed: 1 },
      () => {},
    );
    expect(found.best).toMatchObject({ energy: -1 - 1e-6 });
    expect(found.states.every(({ state }) => state[2] === 1)).toBe(true);
  });
});
