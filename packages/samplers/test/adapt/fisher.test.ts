import { cholesky, symmetricEigen } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { FisherWindow } from "../../src/adapt/fisher.ts";

/** Fills a window with draws of N(0, P⁻¹) and their gradients P x; P is the row-major precision. */
function windowOf(
  precision: readonly (readonly number[])[],
  count: number,
  inverseTemperature = 1,
): FisherWindow {
  const d = precision.length;
  const rng = createRng(5);
  const lower = cholesky(Float64Array.from(precision.flat()), d);
  const window = new FisherWindow();
  for (let t = 0; t < count; t++) {
    // x = L⁻ᵀ z / √β.
    const x = Float64Array.from({ length: d }, () => rng.normal() / Math.sqrt(inverseTemperature));
    for (let i = d - 1; i >= 0; i--) {
      for (let j = i + 1; j < d; j++) x[i] -= lower[j * d + i] * x[j];
      x[i] /= lower[i * d + i];
    }
    window.add(
      x,
      Float64Array.from(precision, (row) => row.reduce((sum, p, j) => sum + p * x[j], 0)),
    );
  }
  return window;
}

/** S Sᵀ of a low-rank scale, row-major. */
function metricOf(scale: Float64Array, d: number): Float64Array {
  const s = new Float64Array(d * d);
  for (let i = 0; i < d; i++) s[i * d + i] = 1;
  for (let at = d; at < scale.length; at += d + 1)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) s[i * d + j] += scale[at] * scale[at + 1 + i] * scale[at + 1 + j];
  const metric = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      for (let k = 0; k < d; k++) metric[i * d + j] += scale[i] * s[i * d + k] * s[j * d + k] * scale[j];
  return metric;
}

describe("the diagonal", () => {
  test("of independent normal coordinates is their standard deviations, to the last digits, from few states", () => {
    const scale = windowOf(
      [
        [4, 0],
        [0, 0.01],
      ] as const,
      5,
    ).diagonal(1);
    expect(scale[0]).toBeCloseTo(0.5, 12);
    expect(scale[1]).toBeCloseTo(10, 10);
  });
  test("takes the temperature in: at β = 4 the law is half as wide", () => {
    expect(windowOf([[1]], 10, 4).diagonal(4)[0]).toBeCloseTo(0.5, 12);
  });
  test("is 1 where nothing moved", () => {
    const window = new FisherWindow();
    for (let t = 0; t < 12; t++) window.add(Float64Array.of(3, 3), Float64Array.of(1, 1));
    expect([...window.diagonal(1)]).toEqual([1, 1]);
    expect([...window.lowRank(1)]).toEqual([1, 1]);
  });
});

/** Smallest and largest scale of a law that the metric has made round: roots of the eigenvalues of Lᵀ M L, P = L Lᵀ. */
function scalesLeft(precision: readonly (readonly number[])[], metric: Float64Array): number[] {
  const d = precision.length;
  const lower = cholesky(Float64Array.from(precision.flat()), d);
  const round = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      for (let k = i; k < d; k++)
        for (let l = j; l < d; l++)
          round[i * d + j] += lower[k * d + i] * metric[k * d + l] * lower[l * d + j];
  const { values } = symmetricEigen(round, d);
  return [Math.sqrt(values[0]), Math.sqrt(values[d - 1])];
}

describe("the low-rank metric", () => {
  const precision = [
    [100, -97, 3],
    [-97, 100, 1],
    [3, 1, 5],
  ];
  // Directions within 1.5 of the diagonal's metric are left to it, and the others are exact.
  test.each([1, 2.5])("makes a correlated normal law round, at β = %d", (beta) => {
    const metric = metricOf(windowOf(precision, 30, beta).lowRank(beta), 3).map((value) => beta * value);
    const [least, most] = scalesLeft(precision, metric);
    expect(least).toBeGreaterThan(1 / Math.sqrt(1.51));
    expect(most).toBeLessThan(Math.sqrt(1.51));
    const [thin] = scalesLeft(precision, metricOf(windowOf(precision, 30).diagonal(1), 3));
    expect(thin).toBeLessThan(0.4);
  });
  test("finds one stiff direction among forty from forty states, and leaves the others alone", () => {
    const d = 40;
    const u = Array.from({ length: d }, (_, i) => Math.sin(1 + i));
    const square = u.reduce((sum, x) => sum + x * x, 0);
    const stiff = u.map((x, i) => u.map((y, j) => (i === j ? 1 : 0) + (400 * x * y) / square));
    const [least, most] = scalesLeft(stiff, metricOf(windowOf(stiff, 40).lowRank(1), d));
    expect(most / least).toBeLessThan(4); // 20 without a metric
  });
});
