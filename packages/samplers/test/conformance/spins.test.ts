import { assertIrreducible, assertReversible, assertStationary, boltzmann, spinStates } from "@basin/testing";
import { describe, expect, test } from "vitest";
import {
  discreteLangevin,
  gibbs,
  gibbsWithGradients,
  heatBath,
  type MoveKernel,
  metropolis,
} from "../../src/index.ts";
import { colorClasses } from "../../src/kernels/gibbs.ts";
import { neverRejecting, skippingSpinZero, tooCold } from "../fixtures/broken-kernels.ts";
import { spinGlass } from "../fixtures/energies.ts";
import { matrixOf } from "../kernels/stationarity.ts";

const BETA = 0.8;

const energy = spinGlass(3, 4);
const states = spinStates(3);
const target = boltzmann(
  states.map((state) => energy.energy(state)),
  BETA,
);

describe.each<[string, MoveKernel]>([
  ["metropolis", metropolis()],
  ["heat bath", heatBath()],
  ["heat bath in sequence", heatBath({ order: "sequential" })],
  ["metropolis in sequence", metropolis({ order: "sequential" })],
  ["gibbs", gibbs()],
  ["gibbs with gradients", gibbsWithGradients()],
  ["discrete Langevin", discreteLangevin({ stepSize: 2 })],
  ["gibbs, a block of two", gibbs({ blocks: [[0, 2], [1]] })],
  ["gibbs, all in one block", gibbs({ blocks: [[2, 0, 1]] })],
])("%s", (_, kernel) => {
  test("leaves exp(−βE) stationary and reaches every state", () => {
    const matrix = matrixOf(kernel, energy, states, BETA);
    assertStationary(matrix, target);
    assertIrreducible(matrix);
  });
});

describe("single visits are reversible", () => {
  test.each<[string, MoveKernel]>([
    ["metropolis", metropolis({ visits: 1 })],
    ["heat bath", heatBath({ visits: 1 })],
    ["gibbs with gradients", gibbsWithGradients()],
    ["discrete Langevin", discreteLangevin({ stepSize: 2 })],
  ])("%s", (_, kernel) => assertReversible(matrixOf(kernel, energy, states, BETA), target));
});

test("a block of all spins draws independently of where it starts", () => {
  const matrix = matrixOf(gibbs({ blocks: [[0, 1, 2]] }), energy, states, BETA);
  for (const row of matrix) for (const [c, p] of row.entries()) expect(p).toBeCloseTo(target[c], 12);
});

describe("the exact layer fails on broken kernels", () => {
  test.each<[string, MoveKernel, string]>([
    ["5 % too cold", tooCold(metropolis()), "not stationary"],
    ["heat bath, 5 % too cold", tooCold(heatBath({ visits: 1 })), "not stationary"],
    ["gibbs, 5 % too cold", tooCold(gibbs({ blocks: [[0, 1], [2]] })), "not stationary"],
    ["never rejecting", neverRejecting(metropolis()), "not stationary"],
    ["gibbs with gradients, never rejecting", neverRejecting(gibbsWithGradients()), "not stationary"],
    ["discrete Langevin, 5 % too cold", tooCold(discreteLangevin({ stepSize: 2 })), "not stationary"],
    ["a spin that is never visited", skippingSpinZero(heatBath), "not irreducible"],
  ])("%s", (_, kernel, message) => {
    const matrix = matrixOf(kernel, energy, states, BETA);
    expect(() => {
      assertStationary(matrix, target);
      assertIrreducible(matrix);
    }).toThrow(message);
  });
});

test("clamped spins keep their value and the rest follows the conditional distribution", () => {
  const held = states.filter((state) => state[1] === 1);
  const conditional = boltzmann(
    held.map((state) => energy.energy(state)),
    BETA,
  );
  for (const kernel of [
    metropolis({ clamped: [1] }),
    gibbs({ clamped: [1] }),
    gibbs({ clamped: [1], blocks: [[0, 2]] }),
  ]) {
    assertStationary(matrixOf(kernel, energy, held, BETA), conditional);
  }
});

test("color classes hold no neighbors and all sites", () => {
  // A 4 × 4 torus has two colors, a 3 × 3 one at least three.
  for (const [size, most] of [
    [4, 2],
    [3, 4],
  ]) {
    const neighbors = Array.from({ length: size * size }, (_, site) => {
      const [r, c] = [Math.floor(site / size), site % size];
      const at = (row: number, column: number) => ((row + size) % size) * size + ((column + size) % size);
      return [at(r + 1, c), at(r - 1, c), at(r, c + 1), at(r, c - 1)];
    });
    const classes = colorClasses(neighbors);
    expect(classes.length).toBeLessThanOrEqual(most);
    expect(classes.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: size * size }, (_, i) => i));
    for (const sites of classes)
      for (const site of sites) for (const n of neighbors[site]) expect(sites).not.toContain(n);
  }
});

test("wrong options are refused by name", () => {
  expect(() => metropolis({ order: "spiral" as never }).bind(energy)).toThrow(
    'unknown order "spiral"; known: random, sequential',
  );
  expect(() => metropolis({ clamped: [3] }).bind(energy)).toThrow("clamped site 3 does not exist");
  expect(() => heatBath({ clamped: [0, 1, 2] }).bind(energy)).toThrow("every site is clamped");
  expect(() => gibbs({ blocks: [[0], [0, 1], [2]] }).bind(energy)).toThrow("site 0 of block 1");
  expect(() => gibbs({ blocks: [[0]] }).bind(energy)).toThrow("site 1 is in no block");
  expect(() =>
    metropolis()
      .bind(energy)
      .init(Int8Array.of(1, 0, 1)),
  ).toThrow("the start has 0 at 1, expected -1 or +1");
});
