import { describe, expect, test } from "vitest";
import {
  assertIrreducible,
  assertReversible,
  assertStationary,
  boltzmann,
  branches,
  type ForkingRng,
  spinStates,
  transitionMatrix,
} from "../src/index.ts";

test("branches walks every way the draws can fall, with their probabilities", () => {
  const walked = branches((rng) => {
    const first = rng.bernoulli(0.25);
    return first ? `yes ${rng.index(3)}` : "no";
  });
  expect(walked).toEqual([
    { result: "no", probability: 0.75 },
    { result: "yes 0", probability: expect.closeTo(1 / 12, 15) },
    { result: "yes 1", probability: expect.closeTo(1 / 12, 15) },
    { result: "yes 2", probability: expect.closeTo(1 / 12, 15) },
  ]);
});

test("branches of probability 0 are not walked, whatever their count is", () => {
  expect(branches((rng) => [rng.bernoulli(0), rng.bernoulli(1), rng.bernoulli(2)])).toEqual([
    { result: [false, true, true], probability: 1 },
  ]);
});

test("a walk that depends on more than its draws, or draws a real number, is refused", () => {
  let calls = 0;
  expect(() => branches((rng) => (calls++ === 0 ? rng.bernoulli(0.5) : rng.index(3)))).toThrow(
    "not a function",
  );
  expect(() => branches((rng) => rng.uniform())).toThrow("rng.uniform() cannot be walked");
  expect(() => branches((rng) => rng.index(100), { maxBranches: 10 })).toThrow("more than 10 branches");
});

// Two coupled spins: E = −J s₀ s₁ − h s₀.
const states = spinStates(2);
const energy = (s: Int8Array) => -0.7 * s[0] * s[1] - 0.3 * s[0];
const target = boltzmann(states.map(energy));

function metropolis(acceptance: (delta: number) => number) {
  return (state: Int8Array, rng: ForkingRng): Int8Array => {
    const next = state.slice();
    const i = rng.index(2);
    next[i] = -next[i];
    return rng.bernoulli(acceptance(energy(next) - energy(state))) ? next : state;
  };
}

describe("transitionMatrix", () => {
  test("of Metropolis leaves exp(−E) stationary, reversibly, and connects all states", () => {
    const matrix = transitionMatrix(
      states,
      metropolis((delta) => Math.exp(-delta)),
    );
    assertStationary(matrix, target);
    assertReversible(matrix, target);
    assertIrreducible(matrix);
  });
  test("catches a temperature that is off by 5 %", () => {
    const matrix = transitionMatrix(
      states,
      metropolis((delta) => Math.exp(-1.05 * delta)),
    );
    expect(() => assertStationary(matrix, target)).toThrow("not stationary");
    expect(() => assertReversible(matrix, target)).toThrow("detailed balance fails");
  });
  test("catches a kernel that cannot leave its half of the states", () => {
    const matrix = transitionMatrix(states, (state, rng) =>
      Int8Array.of(state[0], rng.bernoulli(0.5) ? 1 : -1),
    );
    expect(() => assertIrreducible(matrix)).toThrow("not irreducible");
  });
  test("catches a step that works in place and one that leaves the list", () => {
    expect(() => transitionMatrix([Int8Array.of(1)], (state) => state.fill(-1))).toThrow("unlisted state");
    expect(() => transitionMatrix(states, (state) => state.fill(-1))).toThrow("in place");
  });
});

test("spinStates lists every state once", () => {
  expect(spinStates(3)).toHaveLength(8);
  expect(spinStates(2).map(String)).toEqual(["-1,-1", "1,-1", "-1,1", "1,1"]);
});
