import { type Can, type Energy, plainCursor, plainEnergy, type SiteSpace } from "@basin/energy-core";
import { siteSpace } from "@basin/energy-core/internal";
import { assertIrreducible, assertReversible, assertStationary, boltzmann } from "@basin/testing";
import { describe, expect, test } from "vitest";
import {
  cycle,
  discreteLangevin,
  gibbs,
  gibbsWithGradients,
  heatBath,
  type MoveKernel,
  metropolis,
} from "../../src/index.ts";
import { neverRejecting, takingTheFirst, tooCold } from "../fixtures/broken-kernels.ts";
import { labelGlass, labels, orderGlass } from "../fixtures/energies.ts";
import { permutations } from "../fixtures/permutations.ts";
import { matrixOf, statesOf } from "../kernels/stationarity.ts";

type Discrete = Energy<Uint8Array, Can<Uint8Array, "moves">>;
const BETA = 0.8;
const glass = labelGlass(3, 5);
const orders = orderGlass(4, 6);
const single = { visits: 1 };

const lawOf = (energy: Discrete, states: readonly Uint8Array[], beta = BETA) =>
  boltzmann(
    states.map((state) => energy.energy(state)),
    beta,
  );

describe.each<[string, Discrete, MoveKernel]>([
  ["metropolis on three labels a site", glass, metropolis()],
  ["metropolis in sequence on three labels", glass, metropolis({ order: "sequential" })],
  ["heat bath on three labels", glass, heatBath()],
  ["heat bath in sequence on three labels", glass, heatBath({ order: "sequential" })],
  ["gibbs on three labels", glass, gibbs()],
  ["gibbs on three labels, a block of two", glass, gibbs({ blocks: [[0, 2], [1]] })],
  ["gibbs with gradients on three labels", glass, gibbsWithGradients()],
  ["metropolis on orders", orders, metropolis({ visits: 2 })],
  ["gibbs with gradients on orders", orders, gibbsWithGradients()],
])("%s", (_, energy, kernel) => {
  test("leaves exp(−βE) stationary and reaches every state", () => {
    const states = statesOf(energy.space);
    const matrix = matrixOf(kernel, energy, states, BETA);
    assertStationary(matrix, lawOf(energy, states));
    assertIrreducible(matrix);
  });
});

describe("single visits are reversible", () => {
  test.each<[string, Discrete, MoveKernel]>([
    ["metropolis on three labels", glass, metropolis(single)],
    ["heat bath on three labels", glass, heatBath(single)],
    ["gibbs with gradients on three labels", glass, gibbsWithGradients()],
    ["metropolis on orders", orders, metropolis(single)],
    ["gibbs with gradients on orders", orders, gibbsWithGradients()],
  ])("%s", (_, energy, kernel) => {
    const states = statesOf(energy.space);
    assertReversible(matrixOf(kernel, energy, states, BETA), lawOf(energy, states));
  });
});

describe("the exact layer fails on broken kernels", () => {
  test.each<[string, Discrete, MoveKernel]>([
    ["labels, metropolis 5 % too cold", glass, tooCold(metropolis(single))],
    ["labels, heat bath 5 % too cold", glass, tooCold(heatBath(single))],
    ["labels, a block 5 % too cold", glass, tooCold(gibbs({ blocks: [[0, 2], [1]] }))],
    ["labels, gibbs with gradients never rejecting", glass, neverRejecting(gibbsWithGradients())],
    [
      "labels, metropolis that offers the next label alone",
      glass,
      takingTheFirst(metropolis({ order: "sequential" })),
    ],
    ["orders, metropolis never rejecting", orders, neverRejecting(metropolis(single))],
    ["orders, gibbs with gradients 5 % too cold", orders, tooCold(gibbsWithGradients())],
  ])("%s", (_, energy, kernel) => {
    const states = statesOf(energy.space);
    const matrix = matrixOf(kernel, energy, states, BETA);
    expect(() => assertStationary(matrix, lawOf(energy, states))).toThrow("not stationary");
  });
});

test("a block of all labels draws independently of where it starts", () => {
  const states = statesOf(glass.space);
  const law = lawOf(glass, states);
  for (const row of matrixOf(gibbs({ blocks: [[1, 2, 0]] }), glass, states, BETA))
    for (const [c, p] of row.entries()) expect(p).toBeCloseTo(law[c], 12);
});

test("a heat-bath visit and a Gibbs step of one site draw its label from the conditional law", () => {
  const start = Uint8Array.of(2, 0, 1);
  const there = [0, 1, 2].map((label) => Uint8Array.of(2, label, 1));
  const law = lawOf(glass, there);
  for (const kernel of [heatBath({ clamped: [0, 2] }), gibbs({ clamped: [0, 2] })]) {
    const [row] = matrixOf(kernel, glass, [start, ...there.slice(1)], BETA);
    for (const [c, p] of row.entries()) expect(p).toBeCloseTo(law[c], 12);
  }
});

test("clamped labels keep their value and the rest follows the conditional distribution", () => {
  const held = statesOf(glass.space).filter((state) => state[1] === 2);
  for (const kernel of [
    metropolis({ clamped: [1] }),
    gibbs({ clamped: [1] }),
    gibbs({ clamped: [1], blocks: [[0, 2]] }),
  ]) {
    assertStationary(matrixOf(kernel, glass, held, BETA), lawOf(glass, held));
  }
});

test("Gibbs by color on a path of labels is the joint draw of one color and then of the other", () => {
  const path = plainEnergy(labels(3), (x) => 0.9 * Math.abs(x[0] - x[1]) - 0.4 * x[1] * x[2] + 0.2 * x[2]);
  const states = statesOf(path.space);
  const matrix = matrixOf(gibbs({ neighbors: [[1], [0, 2], [1]] }), path, states, BETA);
  assertStationary(matrix, lawOf(path, states));
  // The site of most neighbors has the first color.
  const blocks = matrixOf(gibbs({ blocks: [[1], [0, 2]] }), path, states, BETA);
  for (const [r, row] of matrix.entries())
    for (const [c, p] of row.entries()) expect(p).toBeCloseTo(blocks[r][c], 12);
});

test("a cycle runs over orders", () => {
  const states = statesOf(orders.space);
  const matrix = matrixOf(cycle([metropolis(single), gibbsWithGradients()]), orders, states, BETA);
  assertStationary(matrix, lawOf(orders, states));
  assertIrreducible(matrix);
});

test("kernels keep the law however a space numbers the moves of a site", () => {
  // Four values a site, of which a move changes bits: no move goes round the circle.
  const base = siteSpace(2, {
    low: 0,
    step: 1,
    count: 4,
    name: "pairs of bits",
    create: (n) => new Uint8Array(n),
  });
  const moves: SiteSpace<Uint8Array>["moves"] = {
    ...base.moves,
    apply(x, move) {
      x[Math.floor(move / 3)] ^= 1 + (move % 3);
    },
    inverse: (move) => move,
    sites: {
      ...base.moves.sites,
      starts: base.moves.sites.starts,
      move: (x, site, value) => (x[site] === value ? -1 : 3 * site + (x[site] ^ value) - 1),
    },
  };
  const space: SiteSpace<Uint8Array> = { ...base, moves };
  const value = ([a, b]: Uint8Array) => Math.sin(5 * a + 2) + 0.7 * Math.cos(3 * a * b + b);
  const energy: Discrete = { space, energy: value, can: { moves: (x) => plainCursor(space, value, x) } };
  const states = statesOf(space);
  const law = lawOf(energy, states);
  const kernels = [metropolis(), heatBath(), gibbs(), gibbs({ blocks: [[1, 0]] }), gibbsWithGradients()];
  for (const kernel of kernels) assertStationary(matrixOf(kernel, energy, states, BETA), law);
});

test("at β = 0 states outside the support stay so, and the others are alike", () => {
  // The value 0 may not come last: of 24 orders 18 are left.
  const walled = plainEnergy(permutations(4), (x) => (x[3] === 0 ? Infinity : x[0]));
  const inside = statesOf(walled.space).filter((state) => state[3] !== 0);
  for (const kernel of [metropolis(single), gibbsWithGradients()]) {
    const matrix = matrixOf(kernel, walled, inside, 0);
    assertStationary(matrix, new Float64Array(18).fill(1 / 18));
    assertIrreducible(matrix);
  }
});

test("a block is drawn by way of states outside the support", () => {
  // Two neighbors never have the same label.
  const walled = plainEnergy(labels(3), (x) => (x[0] === x[1] ? Infinity : 0.8 * x[0] - 0.5 * x[1] * x[2]));
  const inside = statesOf(walled.space).filter((state) => state[0] !== state[1]);
  const matrix = matrixOf(gibbs({ blocks: [[0, 1], [2]] }), walled, inside, BETA);
  assertStationary(matrix, lawOf(walled, inside));
  assertIrreducible(matrix);
});

test("what a space cannot do is refused by name", () => {
  expect(() => heatBath().bind(orders)).toThrow(
    "heat-bath needs states that are values at sites; orders of 0, 1, 2, 3 are not",
  );
  expect(() => gibbs().bind(orders)).toThrow("gibbs needs states that are values at sites");
  expect(() => metropolis({ order: "sequential" }).bind(orders)).toThrow(
    "metropolis in sequence or with clamped sites needs states that are values at sites",
  );
  expect(() => metropolis({ clamped: [0] }).bind(orders)).toThrow("with clamped sites needs states");
  expect(() => metropolis({ visits: 0 }).bind(orders)).toThrow("visits is 0");
  expect(() => discreteLangevin().bind(glass)).toThrow(
    "discrete-langevin flips sites of two values; 3 labels have 3",
  );
  expect(() => gibbs({ blocks: [Array.from({ length: 11 }, (_, i) => i)] }).bind(labelGlass(11, 1))).toThrow(
    "block 0 has 11 sites, expected 1 to 10",
  );
  expect(() =>
    gibbsWithGradients()
      .bind(orders)
      .init(Uint8Array.of(0, 1, 1, 3)),
  ).toThrow("the start has 1 at 1 and at 2, expected every value once");
});
