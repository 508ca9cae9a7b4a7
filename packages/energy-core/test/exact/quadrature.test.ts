import { differentiable, plainEnergy, quadrature, reals, restrict } from "@basin/energy-core";
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
import { describe, expect, it } from "vitest";

const inf = Infinity;
const whole = (n: number) => Array.from({ length: n }, () => [-inf, inf] as const);

describe("quadrature", () => {
  const cases: [string, Target, readonly (readonly [number, number])[]][] = [
    ["gaussian, off center", gaussian({ mean: [30], standardDeviations: [0.5] }), [[20, 40]]],
    [
      "gaussian 3-D",
      gaussian({ standardDeviations: [0.5, 1, 2], correlation: 0.5 }),
      [
        [-5, 5],
        [-9, 9],
        [-18, 18],
      ],
    ],
    [
      "gaussian 2-D on the plane",
      gaussian({
        covariance: [
          [2, -0.6],
          [-0.6, 1],
        ],
        mean: [1, 0],
      }),
      whole(2),
    ],
    [
      "banana",
      banana({ curvature: 0.3, standardDeviation: 1 }),
      [
        [-9, 9],
        [-30, 10],
      ],
    ],
    ["funnel", funnel({ dimension: 2, standardDeviation: 0.5 }), whole(2)],
    [
      "rosenbrock",
      rosenbrock({ along: 2, across: 2, center: 0.3 }),
      [
        [-4, 4.5],
        [-5, 24],
      ],
    ],
    ["log-exponential", logExponential({ rate: 3 }), [[-inf, inf]]],
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
      whole(2),
    ],
    ["double well", doubleWell({ dimension: 1, barrier: 30, tilt: 4 }), [[-inf, inf]]],
  ];
  it.each(cases)("%s", (_, target, box) => {
    const found = quadrature(target, { box });
    expect(found.logPartition).toBeCloseTo(target.logPartition, 8);
    for (const [i, mean] of target.mean.entries()) expect(found.mean[i]).toBeCloseTo(mean, 6);
    for (const [k, c] of target.covariance.data.entries()) {
      expect(Math.abs(found.covariance.data[k] - c)).toBeLessThan(1e-5 * (1 + Math.abs(c)));
    }
  });

  it("knows temperatures, mean energies and half lines", () => {
    const normal = gaussian({ dimension: 1 });
    const half = quadrature(normal, { box: [[0, inf]], temperature: 4 });
    expect(half.logPartition).toBeCloseTo(0.5 * Math.log(2 * Math.PI * 4) - Math.LN2, 9);
    expect(half.meanEnergy).toBeCloseTo(2, 8);
    expect(half.mean[0]).toBeCloseTo(2 * Math.sqrt(2 / Math.PI), 8);
    const other = quadrature(normal, { box: [[-inf, 0]], temperature: 4 });
    expect(other.mean[0]).toBeCloseTo(-half.mean[0], 8);
    const far = differentiable(1, (x, g) => {
      g[0] = x[0];
      return 1e5 + 0.5 * x[0] ** 2;
    });
    expect(quadrature(far, { box: [[-inf, inf]] }).logPartition).toBeCloseTo(
      -1e5 + 0.5 * Math.log(2 * Math.PI),
      8,
    );
  });

  it("copes with walls, and says when it cannot", () => {
    const wall = restrict(gaussian({ dimension: 1 }), { low: 0, high: inf });
    expect(quadrature(wall, { box: [[-8, 8]] }).logPartition).toBeCloseTo(
      0.5 * Math.log(2 * Math.PI) - Math.LN2,
      8,
    );
    const awkward = restrict(gaussian({ dimension: 2 }), { low: [0.1234, -inf], high: inf });
    expect(() =>
      quadrature(awkward, {
        box: [
          [-8, 8],
          [-8, 8],
        ],
        maxEvaluations: 1e5,
      }),
    ).toThrow(/has not settled to 1e-9 .*would compute \d\.\d+e\+5 energies, maxEvaluations is 100000/);
    const nowhere = plainEnergy(reals(1), () => inf);
    expect(() => quadrature(nowhere, { box: [[0, 1]] })).toThrow(/\+Infinity throughout the box/);
    expect(() =>
      quadrature(
        plainEnergy(reals(1), () => NaN),
        { box: [[0, 1]] },
      ),
    ).toThrow(/NaN/);
  });

  it("refuses what it is not for", () => {
    expect(() => quadrature(gaussian({ dimension: 4 }), { box: whole(4) })).toThrow(
      /1 to 3 reals, this one is over 4 reals/,
    );
    expect(() => quadrature(gaussian({ dimension: 2 }), { box: whole(1) })).toThrow(
      /box has 1 intervals, expected 2/,
    );
    expect(() => quadrature(gaussian({ dimension: 1 }), { box: [[1, 0]] })).toThrow(
      /interval 0 of the box is \[1, 0\]/,
    );
  });
});
