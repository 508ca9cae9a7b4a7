import { createRng, type Rng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { spinProblem } from "../../../src/index.ts";
import { contract } from "../../../src/solve/search/contraction.ts";

const spin = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1);
const stateOf = (rng: Rng, n: number) => Int8Array.from({ length: n }, () => spin(rng));

function randomProblem(rng: Rng, variables: number) {
  const couplings = Array.from({ length: 2 * variables }, (): [number, number, number] => {
    const i = rng.index(variables);
    return [i, (i + 1 + rng.index(variables - 1)) % variables, rng.index(9) - 4];
  });
  const fields = Float64Array.from({ length: variables }, () => rng.index(5) - 2);
  return spinProblem({ variables, couplings, fields, offset: 0.5 });
}

test("a contracted problem has the energy of the state that it stands for", () => {
  const rng = createRng(1);
  for (let round = 0; round < 200; round++) {
    const problem = randomProblem(rng, 2 + rng.index(30));
    const states = Array.from({ length: 1 + rng.index(4) }, () => stateOf(rng, problem.variables));
    const { problem: smaller, restore } = contract(problem, states);
    expect(restore(new Int8Array(smaller.variables).fill(1))).toEqual(states[0]);
    const groups = stateOf(rng, smaller.variables);
    expect(smaller.energy(groups)).toBe(problem.energy(restore(groups)));
  }
});

test("every parent is a state of the contracted problem", () => {
  const rng = createRng(2);
  const problem = randomProblem(rng, 12);
  const parents = Array.from({ length: 3 }, () => stateOf(rng, 12));
  const { problem: smaller, restore } = contract(problem, parents);
  const reached = new Set<string>();
  for (let k = 0; k < 2 ** smaller.variables; k++)
    reached.add(
      restore(Int8Array.from({ length: smaller.variables }, (_, g) => (k & (1 << g) ? 1 : -1))).join(),
    );
  for (const parent of parents) expect(reached).toContain(parent.join());
});

test("neighbors that all parents leave alike are one group, and others are not", () => {
  const path = spinProblem({
    variables: 5,
    couplings: [
      [0, 1, 1],
      [1, 2, 1],
      [2, 3, 1],
      [3, 4, 1],
    ],
  });
  const up = Int8Array.of(1, 1, 1, 1, 1);
  const middle = Int8Array.of(1, 1, -1, 1, 1);
  expect(contract(path, [up]).problem.variables).toBe(1);
  // The ends agree, but do not touch.
  const { problem, restore } = contract(path, [up, middle]);
  expect(problem.variables).toBe(3);
  expect(restore(Int8Array.of(1, 1, -1))).toEqual(Int8Array.of(1, 1, 1, -1, -1));
});
