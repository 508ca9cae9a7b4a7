import { type Energy, plainEnergy, scale, shift } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { createModel, type PottsEnergy, potts, swendsenWang, weightedGraph, wolff } from "@basin/ising";
import { cycle, gibbs, gibbsWithGradients, heatBath, metropolis } from "@basin/samplers";
import { assertIrreducible, assertReversible, assertStationary } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { enumerated, type Model, matrixOf, type PottsKernel, randomModel } from "./models.ts";

const BETA = 0.8;
const glass = randomModel(3, 3, 31);
const magnet = randomModel(5, 3, 32, { ferromagnetic: true, field: false });
const inField = randomModel(4, 4, 33, { ferromagnetic: true });
const spins = randomModel(6, 2, 34, { ferromagnetic: true });

describe.each<[string, PottsKernel, Model]>([
  ["metropolis", metropolis(), glass],
  ["heat bath", heatBath(), glass],
  ["heat bath in sequence, two labels", heatBath({ order: "sequential" }), spins],
  ["gibbs", gibbs(), inField],
  ["gibbs of a block", gibbs({ blocks: [[0, 2], [1]] }), glass],
  ["gibbs with gradients", gibbsWithGradients(), inField],
  ["clusters without a field", wolff(), magnet],
  ["clusters in a field", wolff(), inField],
  ["clusters of two labels in a field", wolff(), spins],
  ["all clusters without a field", swendsenWang(), magnet],
  ["all clusters in a field", swendsenWang(), inField],
  ["two clusters a step", wolff({ clusters: 2 }), randomModel(3, 3, 35, { ferromagnetic: true })],
])("%s", (_, kernel, model) => {
  it("leaves exp(−βE) stationary and reaches every state", () => {
    const matrix = matrixOf(kernel, model, BETA);
    assertStationary(matrix, enumerated(model, BETA).law);
    assertIrreducible(matrix);
  });
});

it("one cluster is reversible, with a field and without", () => {
  for (const model of [magnet, inField, spins])
    assertReversible(matrixOf(wolff(), model, BETA), enumerated(model, BETA).law);
});

/** Clusters wrong on purpose. */
const flawed = (name: string, alter: (p: number) => number, factor = 1): PottsKernel => ({
  name,
  bind(energy) {
    const bound = wolff().bind(energy);
    return {
      init: (position) => bound.init(position),
      step: (rng, state, beta) =>
        bound.step(
          { ...rng, index: (n) => rng.index(n), bernoulli: (p) => rng.bernoulli(alter(p)) },
          state as never,
          factor * beta,
        ),
    };
  },
});

const blind: PottsKernel = {
  name: "blind to the field",
  bind(energy) {
    const { bonds } = energy.can;
    const without = { ...bonds, field: new Float64Array(bonds.field.length) };
    return wolff().bind({ ...energy, can: { bonds: without } });
  },
};

describe("the exact layer fails on broken clusters", () => {
  it.each<[string, PottsKernel, Model]>([
    // 1 − exp(−2βJ) is right for spins of ±1, and wrong for δ.
    ["bonds as Wolff's spins have them", flawed("twice J", (p) => 1 - (1 - p) ** 2), magnet],
    ["5 % too cold", flawed("cold", (p) => p, 1.05), magnet],
    ["blind to the field", blind, inField],
  ])("%s", (_, kernel, model) => {
    expect(() => assertStationary(matrixOf(kernel, model, BETA), enumerated(model, BETA).law)).toThrow(
      "not stationary",
    );
  });
});

it("keeps its energy, and reports the size of its clusters and how many it accepts", () => {
  const matrixFree = wolff().bind(inField.energy);
  const chain = matrixFree.init(Uint8Array.of(0, 0, 1, 2));
  for (const beta of [0, 0.5, Number.POSITIVE_INFINITY]) {
    const rng = createRng(5);
    for (let t = 0; t < 50; t++) {
      const info = matrixFree.step(rng, chain, beta);
      expect(chain.energy).toBeCloseTo(inField.energy.energy(chain.position), 10);
      expect(info.clusterSize).toBeGreaterThanOrEqual(1);
      if (beta === 0) expect([info.clusterSize, info.acceptanceProbability]).toEqual([1, 1]);
    }
  }
});

it("at T = 0 a cluster is a whole domain", () => {
  const ring = potts(createModel("square", [1, 6], { boundary: "open" }), { states: 3 });
  const bound = wolff().bind(ring);
  const chain = bound.init(Uint8Array.of(2, 2, 2, 2, 2, 2));
  expect(bound.step(createRng(1), chain, Number.POSITIVE_INFINITY).clusterSize).toBe(6);
  expect(new Set(chain.position).size).toBe(1);
  expect(chain.position[0]).not.toBe(2);
});

it("clusters refuse by name what they are not right for", () => {
  const antiferromagnet = potts(
    weightedGraph(3, [
      [0, 1],
      [1, 2, -0.5],
    ]),
    { states: 3 },
  );
  expect(() => wolff().bind(antiferromagnet)).toThrow(
    "the coupling of sites 1 and 2 is -0.5, expected at least 0 for wolff; use heatBath",
  );
  const plain = plainEnergy(magnet.energy.space, (x) => x[0]);
  expect(() => wolff().bind(plain as never)).toThrow(
    "wolff needs the bonds of a Potts model; an energy over 5 sites of 3 labels has none",
  );
  // @ts-expect-error A combination does not show its bonds.
  expect(() => wolff().bind(scale(magnet.energy, 2))).toThrow("wolff needs the bonds");
  // @ts-expect-error As above.
  expect(() => wolff().bind(shift(magnet.energy, 2))).toThrow("wolff needs the bonds");
  expect(() => wolff({ clusters: 0 })).toThrow("clusters is 0");
  expect(() =>
    wolff()
      .bind(magnet.energy)
      .init(Uint8Array.of(0, 1, 2, 3, 0)),
  ).toThrow("the start has 3 at 3");
});

it("clusters and single sites make one kernel by cycle", () => {
  const model = randomModel(3, 3, 36, { ferromagnetic: true });
  const both = cycle<Energy<Uint8Array, PottsEnergy["can"]>, Uint8Array>([wolff(), heatBath({ visits: 1 })]);
  assertStationary(matrixOf(both, model, BETA), enumerated(model, BETA).law);
});
