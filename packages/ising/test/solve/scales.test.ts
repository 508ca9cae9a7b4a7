import { readFileSync } from "node:fs";
import { createRng } from "@basin/energy-core/random";
import { assignment, createModel, groundState, parseProblem, qubo, solve, toBinary } from "@basin/ising";
import { describe, expect, it } from "vitest";
import { lowerPenalties } from "../../src/problem/penalties.ts";
import { rangeOfTwoScales } from "../../src/solve/scales.ts";
import { defaultInverseTemperatures } from "../../src/solve/schedule.ts";
import { randomProblem } from "../reference.ts";

/** Costs from 0 to 99.6; the least assignment of 12 costs 107.8, by the Hungarian method. */
const costs = Array.from({ length: 12 }, (_, r) =>
  Array.from(
    { length: 12 },
    (_, c) => ((r * 7919 + c * 104729 + r * c * 1299709 + r * r * 31 + c * c * 17) % 997) / 10,
  ),
);
const independentSet = readFileSync(new URL("../fixtures/independent-set.qubo", import.meta.url));

describe("problems of two scales", () => {
  it.each([0, 1, 2])("are solved at the defaults, seed %d", async (seed) => {
    const { problem, decode } = assignment(costs);
    const solution = await solve(problem, { seed });
    expect(solution).toMatchObject({ method: "tempering", certificate: "local" });
    expect(decode(solution.state).reduce((sum, c, r) => sum + costs[r][c], 0)).toBeCloseTo(107.8, 9);
    const set = await parseProblem(independentSet, { file: "independent-set.qubo" });
    // The optimum is that of a mixed integer program.
    expect((await solve(set.problem, { seed })).energy).toBeCloseTo(-14.667, 9);
  });

  it("are cooled to where costs are told apart, however large the penalty", () => {
    for (const penalty of [101, 1000, 1e4]) {
      const { problem } = assignment(costs, { penalty });
      const [hot, cold] = rangeOfTwoScales(problem, createRng(1)) as readonly [number, number];
      expect(hot * penalty).toBeGreaterThan(0.2);
      expect(hot * penalty).toBeLessThan(2);
      // The costs spread by some 30.
      expect(cold * 30).toBeGreaterThan(1);
      expect(cold).toBeGreaterThan(5 * defaultInverseTemperatures(problem)[1]);
    }
  });

  it("are not problems of one scale, whose range stays", () => {
    const rng = createRng(2);
    for (const problem of [
      randomProblem(200, 1, { weight: () => -0.5, density: 0.1 }),
      randomProblem(200, 2, { weight: (each) => each.normal(), density: 0.05, fields: true }),
      createModel("square", 20, { disorder: "gaussian" }),
      createModel("square", 20, { field: 0.1 }),
    ]) {
      expect(rangeOfTwoScales(problem, rng)).toBeUndefined();
    }
  });
});

describe("lowerPenalties", () => {
  it("keeps the least energy and its states, and leaves what is no penalty", () => {
    for (let seed = 0; seed < 40; seed++) {
      const rng = createRng(seed);
      const whole = seed % 2 === 0;
      const value = () => (whole ? rng.index(9) - 4 : rng.normal());
      const quadratic = Array.from({ length: 36 }, (_, k) => {
        const [i, j] = [k % 9, (k + 1 + Math.floor(k / 9)) % 9];
        return [i, j, rng.bernoulli(0.4) ? 10 ** (1 + rng.index(6)) : value()] as const;
      }).filter(([i, j]) => i !== j);
      const problem = qubo({ variables: 9, quadratic, linear: Array.from({ length: 9 }, value) });
      const form = lowerPenalties(toBinary(problem));
      if (form === undefined) continue;
      const {
        linear,
        offset,
        quadratic: { sources, targets, weights },
      } = form;
      const lower = qubo({ variables: 9, linear, offset, quadratic: { sources, targets, weights } });
      const found = groundState(lower);
      expect(problem.energy(found.state)).toBe(found.energy);
      expect(found.energy).toBe(groundState(problem).energy);
      expect(Math.max(...weights)).toBeLessThan(1e4);
    }
    const plain = qubo({ variables: 2, linear: [-1, -2], quadratic: [[0, 1, 2]] });
    expect(lowerPenalties(toBinary(plain))).toBeUndefined();
  });
});
