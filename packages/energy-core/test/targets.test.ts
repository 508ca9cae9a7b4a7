import { checkGradient } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import {
  banana,
  doubleWell,
  funnel,
  gaussian,
  gaussianMixture,
  logExponential,
  rosenbrock,
  type Target,
} from "@basin/energy-core/targets";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";

const skewed = {
  covariance: [
    [2, -0.6, 0.1],
    [-0.6, 1, 0.3],
    [0.1, 0.3, 0.5],
  ],
  mean: [1, 0, -2],
};
const targets: [string, Target][] = [
  ["gaussian", gaussian(skewed)],
  ["gaussian, equicorrelated", gaussian({ standardDeviations: [0.5, 1, 2], correlation: 0.5 })],
  ["gaussian, ill-conditioned", gaussian({ dimension: 4, conditionNumber: 1e6 })],
  ["banana", banana({ dimension: 3, curvature: 0.5, standardDeviation: 2 })],
  ["funnel", funnel({ dimension: 3, standardDeviation: 0.7 })],
  ["rosenbrock", rosenbrock({ pairs: 2, along: 0.7, center: -0.5 })],
  ["logExponential", logExponential({ dimension: 2, rate: 3 })],
  [
    "gaussianMixture",
    gaussianMixture({
      means: [
        [-2, 1],
        [1, 0],
        [3, 3],
      ],
      standardDeviations: [0.5, 1, 2],
      weights: [1, 2, 3],
    }),
  ],
  ["doubleWell", doubleWell({ dimension: 2, barrier: 3, tilt: 0.4 })],
  ["doubleWell, one side", doubleWell({ barrier: 2, tilt: -2 })],
];

/** Sums exp(−E) over a grid of cells of width h: no formula of the target is used. */
function quadrature(target: Target, low: number[], high: number[], steps: number) {
  const n = low.length;
  const x = new Float64Array(n);
  const sums = { z: 0, first: new Float64Array(n), second: new Float64Array(n * n) };
  const visit = (axis: number): void => {
    if (axis === n) {
      const w = Math.exp(-target.energy(x));
      sums.z += w;
      for (let i = 0; i < n; i++) {
        sums.first[i] += w * x[i];
        for (let j = 0; j < n; j++) sums.second[i * n + j] += w * x[i] * x[j];
      }
      return;
    }
    for (let k = 0; k <= steps; k++) {
      x[axis] = low[axis] + ((high[axis] - low[axis]) * k) / steps;
      visit(axis + 1);
    }
  };
  visit(0);
  const cell = low.reduce((volume, l, i) => (volume * (high[i] - l)) / steps, 1);
  const mean = sums.first.map((s) => s / sums.z);
  return {
    logPartition: Math.log(sums.z * cell),
    mean,
    covariance: sums.second.map((s, k) => s / sums.z - mean[Math.floor(k / n)] * mean[k % n]),
  };
}

describe.each(targets)("%s", (_, target) => {
  const n = target.space.dimension;

  it("has the gradient of its energy", () => {
    const rng = createRng(1);
    for (let trial = 0; trial < 20; trial++) {
      const report = checkGradient(target, target.sample(rng));
      expect(report, JSON.stringify(report)).toMatchObject({ passed: true });
    }
  });

  it("has samples with its mean and covariance", () => {
    const rng = createRng(2);
    const draws = Array.from({ length: 40_000 }, () => target.sample(rng));
    const comparisons = n + n * n;
    const check = (values: number[], truth: number, what: string) => {
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
      assertMean({ mean, standardError: Math.sqrt(variance / values.length) }, truth, { comparisons, what });
    };
    for (let i = 0; i < n; i++) {
      check(
        draws.map((x) => x[i]),
        target.mean[i],
        `mean ${i}`,
      );
      for (let j = 0; j < n; j++) {
        const product = (x: Float64Array) => (x[i] - target.mean[i]) * (x[j] - target.mean[j]);
        check(draws.map(product), target.covariance.data[i * n + j], `covariance (${i}, ${j})`);
      }
    }
  });

  it("has samples of its own Gibbs distribution: ⟨x_i ∂E/∂x_i⟩ = 1, as integration by parts says", () => {
    const rng = createRng(3);
    const gradient = new Float64Array(n);
    const values = Array.from({ length: n }, () => [] as number[]);
    for (let draw = 0; draw < 40_000; draw++) {
      const x = target.sample(rng);
      target.can.gradient(x, gradient);
      for (let i = 0; i < n; i++) values[i].push(x[i] * gradient[i]);
    }
    for (const [i, list] of values.entries()) {
      const mean = list.reduce((sum, v) => sum + v, 0) / list.length;
      const variance = list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (list.length - 1);
      assertMean({ mean, standardError: Math.sqrt(variance / list.length) }, 1, {
        comparisons: n,
        what: `virial ${i}`,
      });
    }
  });
});

describe("exact moments agree with quadrature", () => {
  const cases: [string, Target, number[], number[], number][] = [
    [
      "gaussian",
      gaussian({
        covariance: [
          [2, -0.6],
          [-0.6, 1],
        ],
        mean: [1, 0],
      }),
      [-12, -10],
      [14, 10],
      300,
    ],
    ["banana", banana({ curvature: 0.3, standardDeviation: 1 }), [-7, -19], [7, 8], 700],
    ["funnel", funnel({ dimension: 2, standardDeviation: 0.5 }), [-4, -22], [4, 22], 700],
    ["rosenbrock", rosenbrock({ along: 2, across: 2, center: 0.3 }), [-4, -4], [4.5, 20], 900],
    ["logExponential", logExponential({ rate: 3 }), [-45], [4], 40_000],
    [
      "mixture",
      gaussianMixture({
        means: [
          [-2, 1],
          [1, 0],
        ],
        standardDeviations: [0.5, 1],
        weights: [1, 2],
      }),
      [-9, -9],
      [10, 9],
      500,
    ],
    ["doubleWell", doubleWell({ dimension: 2, barrier: 3, tilt: 0.4 }), [-4, -8], [4, 8], 500],
    ["doubleWell, shallow", doubleWell({ barrier: 0.01, tilt: 0.005 }), [-12], [12], 40_000],
    ["doubleWell, deep", doubleWell({ barrier: 400, tilt: 3 }), [-2], [2], 40_000],
  ];
  it.each(cases)("%s", (_, target, low, high, steps) => {
    const truth = quadrature(target, low, high, steps);
    expect(target.logPartition).toBeCloseTo(truth.logPartition, 8);
    for (const [i, mean] of truth.mean.entries()) expect(target.mean[i]).toBeCloseTo(mean, 7);
    for (const [k, c] of truth.covariance.entries()) {
      expect(Math.abs(target.covariance.data[k] - c)).toBeLessThan(1e-6 * (1 + Math.abs(c)));
    }
  });
});

describe("targets refuse", () => {
  it("options that describe no density", () => {
    expect(() => gaussian({})).toThrow(/dimension is NaN/);
    expect(() =>
      gaussian({
        covariance: [
          [1, 2],
          [2, 1],
        ],
      }),
    ).toThrow(/covariance is not positive definite: pivot 1 is -3/);
    expect(() =>
      gaussian({
        covariance: [
          [1, 0.5],
          [0, 1],
        ],
      }),
    ).toThrow(/not symmetric/);
    expect(() => gaussian({ dimension: 3, correlation: -0.6 })).toThrow(/correlation is -0.6/);
    expect(() => gaussian({ standardDeviations: [1], conditionNumber: 2 })).toThrow(/both given/);
    expect(() => gaussian({ standardDeviations: [1, 0] })).toThrow(/standardDeviations\[1\] is 0/);
    expect(() => banana({ dimension: 1 })).toThrow(/dimension is 1/);
    expect(() => funnel({ standardDeviation: 0 })).toThrow(/standardDeviation is 0/);
    expect(() => gaussianMixture({ means: [[0], [1]], weights: [1] })).toThrow(
      /weights has length 1, expected 2/,
    );
    expect(() => doubleWell({ barrier: 1, tilt: 2 })).toThrow(/tilt is 2/);
  });
});
