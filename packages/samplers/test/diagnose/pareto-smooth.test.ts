import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { paretoSmooth } from "../../src/diagnose/pareto-smooth.ts";

/** Log weights whose exponentials are of a Pareto law of shape k: w = u^−k. */
const paretoWeights = (k: number, count: number, seed: number) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => -k * Math.log(rng.uniform()));
};

test.each([0.2, 0.5, 0.9])("k-hat of weights of a Pareto law of shape %d is that shape", (k) => {
  const shapes = Array.from({ length: 40 }, (_, seed) => paretoSmooth(paretoWeights(k, 4000, seed)).shape);
  const mean = shapes.reduce((sum, shape) => sum + shape, 0) / shapes.length;
  const spread = Math.sqrt(shapes.reduce((sum, shape) => sum + (shape - mean) ** 2, 0) / shapes.length);
  expect(spread).toBeLessThan(0.15);
  // The prior of ten values at ½ draws k toward it by less than 0.03 in a tail of 190.
  expect(Math.abs(mean - k)).toBeLessThan(0.03 + (4.89 * spread) / Math.sqrt(shapes.length));
});

test("weights sum to 1, keep their order, and none exceeds the largest as it was", () => {
  const raw = paretoWeights(0.6, 500, 3);
  const { logWeights } = paretoSmooth(raw);
  expect(logWeights.reduce((sum, weight) => sum + Math.exp(weight), 0)).toBeCloseTo(1, 12);
  const order = [...raw.keys()].sort((i, j) => raw[i] - raw[j]);
  for (let r = 1; r < order.length; r++)
    expect(logWeights[order[r]]).toBeGreaterThanOrEqual(logWeights[order[r - 1]]);
  const top = order.at(-1) as number;
  expect(logWeights[top] - logWeights[order[0]]).toBeLessThanOrEqual(raw[top] - raw[order[0]] + 1e-12);
});

test("too few weights and those that are no numbers are refused", () => {
  expect(() => paretoSmooth([0, 1, 2])).toThrow("3 weights");
  expect(() => paretoSmooth([0, 1, Number.NaN, 2, 3])).toThrow("log weight 2 is NaN");
});
