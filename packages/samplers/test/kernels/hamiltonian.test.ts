import type { DifferentiableEnergy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { hmc, nuts, randomWalk, slice } from "../../src/index.ts";
import { phasePoint } from "../../src/kernels/hamiltonian.ts";
import { leapfrogOf } from "../../src/kernels/leapfrog.ts";
import { neverRejecting, tooCold } from "../fixtures/broken-kernels.ts";
import { gaussian } from "../fixtures/energies.ts";
import { assertKeepsGaussian, pair } from "./stationarity.ts";

describe("kernels keep a correlated Gaussian at β = 0.7", () => {
  test.each([
    ["nuts", nuts({ stepSize: 0.6 })],
    ["nuts, coarse", nuts({ stepSize: 1.1 })],
    ["nuts, one doubling", nuts({ stepSize: 0.8, maxTreeDepth: 1 })],
    ["hmc", hmc({ stepSize: 0.9, steps: 3 })],
    ["hmc without jitter", hmc({ stepSize: 0.7, steps: 1, jitter: 0 })],
  ])("%s", (_, kernel) => assertKeepsGaussian(kernel));
  test("slice", () => assertKeepsGaussian(slice({ width: 0.7, maxSteps: 3 }) as never, { replicas: 50_000 }));
  test("random walk", () => assertKeepsGaussian(randomWalk({ scale: [1.2, 0.7] }) as never));
});

describe("the same test fails on broken kernels", () => {
  test.each([
    ["nuts, 5 % too cold", tooCold(nuts({ stepSize: 0.6 }))],
    ["hmc, 5 % too cold", tooCold(hmc({ stepSize: 0.9, steps: 3 }))],
    ["hmc, never rejecting", neverRejecting(hmc({ stepSize: 0.9, steps: 3 }))],
    ["slice, 5 % too cold", tooCold(slice()) as never],
    ["random walk, 5 % too cold", tooCold(randomWalk({ scale: 2 })) as never],
    ["random walk, never rejecting", neverRejecting(randomWalk({ scale: 1 })) as never],
  ])("%s", (_, kernel) =>
    expect(() => assertKeepsGaussian(kernel as ReturnType<typeof hmc>)).toThrow("z = "),
  );
});

describe("a metric that is no diagonal", () => {
  const direction = [1 / Math.SQRT2, -1 / Math.SQRT2];
  test.each([
    ["dense", [1.4, 0, -0.5, 0.8]],
    ["low-rank", [1.3, 0.7]],
    ["low-rank", [1.3, 0.7, -0.6, ...direction]],
  ] as const)("%s %j samples the same law as a diagonal one", (metric, scale) => {
    for (const kernel of [nuts({ stepSize: 0.7, metric }), hmc({ stepSize: 0.7, steps: 2, metric })]) {
      const scaled = {
        name: kernel.name,
        bind(energy: DifferentiableEnergy) {
          const bound = kernel.bind(energy);
          bound.restore?.({ stepSize: 0.7, scale });
          return bound as never;
        },
      };
      assertKeepsGaussian(scaled, { replicas: 50_000 });
    }
  });
  test("low rank whose numbers are no whole directions is refused", () => {
    expect(() => leapfrogOf("low-rank", pair).setScale(new Float64Array(4))).toThrow("3 for each direction");
  });
});

test("a trajectory conserves energy to second order in the step size, and can be walked back", () => {
  const leapfrog = leapfrogOf("diagonal", pair);
  const point = phasePoint(2);
  const walk = (stepSize: number, steps: number) => {
    for (let k = 0; k < steps; k++) leapfrog.step(point, stepSize, 1);
    return point.energy + point.kinetic;
  };
  const errorAt = (stepSize: number) => {
    point.position.set([1, -0.5]);
    point.momentum.set([0.3, 0.9]);
    point.energy = pair.can.gradient(point.position, point.gradient);
    return walk(stepSize, Math.round(1 / stepSize)) - (pair.energy(Float64Array.of(1, -0.5)) + 0.45);
  };
  expect(Math.abs(errorAt(0.02) / errorAt(0.01) - 4)).toBeLessThan(0.1);
  walk(-0.01, 100);
  expect(point.position[0]).toBeCloseTo(1, 10);
  expect(point.momentum[1]).toBeCloseTo(0.9, 10);
});

test("a NaN region is a divergence, and the chain stays outside it", () => {
  const half = gaussian([[1]]);
  const energy = {
    ...half,
    can: {
      gradient: (x: Float64Array, out: Float64Array) => (x[0] > 1 ? Number.NaN : half.can.gradient(x, out)),
    },
  };
  for (const kernel of [nuts({ stepSize: 0.5 }), hmc({ stepSize: 0.5, steps: 4 })]) {
    const bound = kernel.bind(energy);
    const rng = createRng(9);
    const state = bound.init(Float64Array.of(0));
    let diverged = 0;
    for (let t = 0; t < 500; t++) {
      if (bound.step(rng, state, 1).diverged) diverged++;
      expect(state.position[0]).toBeLessThanOrEqual(1);
    }
    expect(diverged).toBeGreaterThan(10);
  }
});

test("a wall of +∞ is respected", () => {
  const half = gaussian([[1]]);
  const energy = {
    ...half,
    can: {
      gradient: (x: Float64Array, out: Float64Array) => (x[0] < 0 ? Infinity : half.can.gradient(x, out)),
    },
  };
  const bound = nuts({ stepSize: 0.4 }).bind(energy);
  const rng = createRng(10);
  const state = bound.init(Float64Array.of(1));
  for (let t = 0; t < 500; t++) {
    bound.step(rng, state, 1);
    expect(state.position[0]).toBeGreaterThanOrEqual(0);
  }
});

test("−∞ inside a trajectory is an error", () => {
  const gradient = (x: Float64Array) => (x[0] === 1 ? 0 : -Infinity);
  const energy = { ...gaussian([[1]]), can: { gradient } };
  const bound = nuts().bind(energy);
  const state = bound.init(Float64Array.of(1));
  expect(() => bound.step(createRng(1), state, 1)).toThrow("the energy is -Infinity inside a trajectory");
});

test("a huge fall in energy does not overflow the weights", () => {
  // A start 60 standard deviations out in ten dimensions: H falls by more than e^709 can hold along a coarse
  // trajectory.
  const energy = gaussian(
    Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, j) => (i === j ? 1 : 0))),
  );
  const bound = nuts({ stepSize: 1.9 }).bind(energy);
  const rng = createRng(12);
  const state = bound.init(new Float64Array(10).fill(60));
  for (let t = 0; t < 300; t++) {
    const info = bound.step(rng, state, 1);
    expect(info.acceptanceProbability).toBeGreaterThanOrEqual(0);
    expect(info.acceptanceProbability).toBeLessThanOrEqual(1);
  }
  expect(state.energy).toBeLessThan(40);
});

test("options out of range are refused by name", () => {
  expect(() => nuts({ targetAcceptance: 1.2 })).toThrow(
    "targetAcceptance is 1.2, expected a finite number above 0 and at most 0.999",
  );
  expect(() => nuts({ maxTreeDepth: 0 })).toThrow("maxTreeDepth is 0");
  expect(() => hmc({ steps: 3, pathLength: 2 })).toThrow("steps (3) and pathLength (2) were both given");
  expect(() => hmc({ stepSize: 0 })).toThrow("stepSize is 0");
  expect(() => randomWalk({ scale: -1 })).toThrow("scale is -1");
  expect(() => nuts({ metric: "full" as never })).toThrow(
    'unknown metric "full"; known: unit, diagonal, dense',
  );
});
