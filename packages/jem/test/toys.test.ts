import { checkGradient, quadrature } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import {
  arcs,
  drawToy,
  gaussianRing,
  gridDivergence,
  gridLogPartition,
  gridSamples,
  rings,
  squareGrid,
  type Toy,
  toyEnergies,
  twoMoons,
} from "@basin/jem/toys";
import { assertMean, gTest } from "@basin/testing";
import { describe, expect, it } from "vitest";

const toys: readonly Toy[] = [twoMoons(), rings(), gaussianRing()];

describe.each(toys.map((toy) => [toy.name, toy] as const))("%s", (_, toy) => {
  const grid = squareGrid(toy.box, 150);
  const energies = toyEnergies(toy, grid);

  it("integrates to 1 over its box", () => {
    expect(Math.abs(gridLogPartition(energies, grid))).toBeLessThan(2e-6);
  });

  it("is the sum of its parts", () => {
    const parts = new Float64Array(toy.labels);
    for (const x of [Float64Array.of(0.3, -0.2), Float64Array.of(1.1, 1.9), Float64Array.of(-2, 0)]) {
      toy.jointEnergies(x, parts);
      const density = parts.reduce((sum, e) => sum + Math.exp(-e), 0);
      expect(Math.exp(-toy.energy(x)) / density).toBeCloseTo(1, 12);
      expect(checkGradient(toy, x, { tolerance: 1e-5, step: 1e-4 }).passed).toBe(true);
    }
  });

  it("has the moments that it states, and draws agree", () => {
    // Against the grid to the mass outside of it, against draws to their error.
    const n = 20_000;
    const { inputs, labels } = drawToy(toy, createRng(5), n);
    const moments = [
      { of: (x: number, _y: number) => x, truth: toy.mean[0] },
      { of: (_x: number, y: number) => y, truth: toy.mean[1] },
      { of: (x: number, _y: number) => x * x, truth: toy.covariance.data[0] + toy.mean[0] ** 2 },
      { of: (x: number, y: number) => x * y, truth: toy.covariance.data[1] + toy.mean[0] * toy.mean[1] },
      { of: (_x: number, y: number) => y * y, truth: toy.covariance.data[3] + toy.mean[1] ** 2 },
    ];
    for (const { of, truth } of moments) {
      let integral = 0;
      for (const [k, energy] of energies.entries()) {
        integral += Math.exp(-energy) * grid.area * of(grid.points[2 * k], grid.points[2 * k + 1]);
      }
      expect(integral).toBeCloseTo(truth, 5);
      const values = Array.from({ length: n }, (_, i) => of(inputs[2 * i], inputs[2 * i + 1]));
      assertMean(estimate(values), truth, { comparisons: 15 });
    }
    expect(new Set(labels).size).toBe(toy.labels);
  });

  it("draws its density: a G-test on cells of the plane", () => {
    expect(cellTest(toy, drawToy(toy, createRng(6), 40_000).inputs)).toBeGreaterThan(1e-6);
  });

  it("refuses nothing that lies on the plane, far away", () => {
    expect(Number.isFinite(toy.energy(Float64Array.of(50, -50)))).toBe(true);
  });
});

it("a sampler 5 % too wide, or with an arc too short, fails the G-test", () => {
  const moons = twoMoons();
  for (const wrong of [
    twoMoons({ standardDeviation: 0.105 }),
    arcs({
      arcs: [
        { center: [-0.5, -0.25], radius: 1, from: 0, to: 0.97 * Math.PI },
        { center: [0.5, 0.25], radius: 1, from: Math.PI, to: 2 * Math.PI },
      ],
    }),
  ]) {
    expect(cellTest(moons, drawToy(wrong, createRng(6), 40_000).inputs)).toBeLessThan(1e-6);
  }
});

it("rings have the density that Bessel's function gives", () => {
  const toy = rings({ radii: [1.25], standardDeviation: 0.3 });
  for (const r of [0, 0.4, 1.25, 2.2]) {
    const variance = 0.09;
    const density =
      (Math.exp(-(r * r + 1.25 ** 2) / (2 * variance)) * besselI0((r * 1.25) / variance)) /
      (2 * Math.PI * variance);
    expect(Math.exp(-toy.energy(Float64Array.of(r * Math.cos(2), r * Math.sin(2)))) / density).toBeCloseTo(
      1,
      8,
    );
  }
});

it("a moon has the density of a fine sum over its arc", () => {
  const toy = arcs({ arcs: [{ center: [0.2, 0], radius: 1, from: 0.5, to: 2 }], standardDeviation: 0.15 });
  for (const [a, b] of [
    [0.2, 1],
    [1.1, 0.2],
    [-0.5, 0.4],
  ]) {
    const n = 200_000;
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const t = 0.5 + (1.5 * (k + 0.5)) / n;
      const squares = (a - 0.2 - Math.cos(t)) ** 2 + (b - Math.sin(t)) ** 2;
      sum += Math.exp(-squares / (2 * 0.15 ** 2)) / (2 * Math.PI * 0.15 ** 2) / n;
    }
    expect(Math.exp(-toy.energy(Float64Array.of(a, b))) / sum).toBeCloseTo(1, 8);
  }
});

it("the grid agrees with adaptive quadrature, and its draws with the grid", () => {
  const toy = twoMoons({ standardDeviation: 0.3 });
  const grid = squareGrid([-3.5, 3.5], 100);
  const energies = toyEnergies(toy, grid);
  const exact = quadrature(toy, {
    box: [grid, grid].map(({ low, high }) => [low, high] as const),
    tolerance: 1e-8,
  });
  expect(gridLogPartition(energies, grid)).toBeCloseTo(exact.logPartition, 7);
  expect(cellTest(toy, gridSamples(energies, grid, createRng(8), 40_000), 50)).toBeGreaterThan(1e-6);
});

it("KL on a grid is that of Gaussians in closed form", () => {
  const grid = squareGrid([-9, 9], 200);
  const energyOf = (mean: number, sd: number) =>
    Float64Array.from({ length: 200 * 200 }, (_, k) => {
      const [x, y] = [grid.points[2 * k] - mean, grid.points[2 * k + 1]];
      return (x * x + y * y) / (2 * sd * sd) + 3;
    });
  const [m, s] = [0.7, 1.3];
  const exact = 2 * (Math.log(s) + 1 / (2 * s * s) - 0.5) + m ** 2 / (2 * s * s);
  expect(gridDivergence(energyOf(0, 1), energyOf(m, s), grid)).toBeCloseTo(exact, 6);
});

it("says what is wrong with its arguments", () => {
  expect(() => twoMoons({ standardDeviation: 0 })).toThrow(/standardDeviation is 0, expected .*above 0/);
  expect(() => arcs({ arcs: [] })).toThrow(/arcs has no entries/);
  expect(() => rings({ radii: [1, -2] })).toThrow(/arcs\[1\].radius is -2/);
  expect(() => rings({ weights: [1] })).toThrow(/weights has length 1, expected 3/);
  expect(() => arcs({ arcs: [{ center: [0, 0], radius: 1, from: 0, to: 7 }] })).toThrow(/arcs\[0\].to is 7/);
  expect(() => squareGrid([1, 1])).toThrow(/high is 1, expected .*above 1/);
  expect(() => gaussianRing({ count: 2, weights: [1] })).toThrow(/length 1, expected 2|weights\[1\]/);
});

/** The p-value of draws against a toy's density, on square cells, each summed over a finer grid. */
function cellTest(toy: Toy, inputs: Float32Array, cells = 24): number {
  const fine = squareGrid(toy.box, 10 * cells);
  const energies = toyEnergies(toy, fine);
  const width = (fine.high - fine.low) / cells;
  const place = (x: number, y: number) =>
    Math.floor((y - fine.low) / width) * cells + Math.floor((x - fine.low) / width);
  const probabilities = new Float64Array(cells * cells);
  for (const [k, energy] of energies.entries()) {
    probabilities[place(fine.points[2 * k], fine.points[2 * k + 1])] += Math.exp(-energy) * fine.area;
  }
  const counts = new Float64Array(cells * cells);
  for (let i = 0; i < inputs.length / 2; i++) {
    const at = place(inputs[2 * i], inputs[2 * i + 1]);
    // Beyond the box lies less than one draw in a million.
    if (at >= 0 && at < counts.length) counts[at]++;
  }
  return gTest(counts, probabilities).pValue;
}

function estimate(values: readonly number[]) {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt(variance / n), effectiveSampleSize: n };
}

/** I₀ by its power series. */
function besselI0(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; k < 400; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
