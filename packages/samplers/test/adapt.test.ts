import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { RunningCovariance, RunningVariance } from "../src/adapt/covariance.ts";
import { DualAveraging } from "../src/adapt/dual-averaging.ts";
import { warmupWindows } from "../src/adapt/windows.ts";

describe("warmupWindows", () => {
  test("is Stan's schedule for 1000 steps", () => {
    expect(warmupWindows(1000)).toEqual({ start: 75, ends: [99, 149, 249, 449, 949] });
  });
  test("a window whose successor does not fit takes the rest", () => {
    expect(warmupWindows(300)).toEqual({ start: 75, ends: [99, 149, 249] });
    expect(warmupWindows(170)).toEqual({ start: 75, ends: [119] });
  });
  test("short warm-ups keep the proportions, and the shortest tune no metric", () => {
    expect(warmupWindows(100)).toEqual({ start: 15, ends: [89] });
    expect(warmupWindows(19).ends).toEqual([]);
  });
});

test("dual averaging finds the step size whose acceptance is the target", () => {
  const rng = createRng(2);
  const averaging = new DualAveraging(5, 0.8);
  // A kernel whose acceptance is exp(−ε): the target 0.8 is met at ε = −ln 0.8.
  for (let t = 0; t < 4000; t++) averaging.update(Math.exp(-averaging.stepSize) + 0.1 * rng.normal());
  expect(Math.abs(averaging.average() / -Math.log(0.8) - 1)).toBeLessThan(0.05);
});

test("the step size that is kept meets the target, which the average of the logarithms overshoots", () => {
  // A trajectory whose energy error is normal with mean ½ s² and standard deviation s = 2 ε²: 0.8 is met at s = 0.507.
  const rng = createRng(8);
  const settled: number[] = [];
  const averaged: number[] = [];
  for (let chain = 0; chain < 200; chain++) {
    const averaging = new DualAveraging(0.5, 0.8);
    for (let t = 0; t < 50; t++) {
      const s = 2 * averaging.stepSize ** 2;
      averaging.update(Math.min(1, Math.exp(-0.5 * s * s - s * rng.normal())));
    }
    settled.push(averaging.settle());
    averaged.push(averaging.average());
  }
  const exact = Math.sqrt(0.507 / 2);
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x / exact, 0) / values.length;
  expect(Math.abs(mean(settled) - 1)).toBeLessThan(0.08);
  expect(mean(averaged)).toBeLessThan(0.85);
});

test("running variances and covariances are the sample's, shrunk as Stan does", () => {
  const rng = createRng(3);
  const draws = Array.from({ length: 50 }, () => {
    const [a, b] = [rng.normal(), rng.normal()];
    return Float64Array.of(3 + a, 2 * a + b);
  });
  const variance = new RunningVariance(2);
  const covariance = new RunningCovariance(2);
  for (const x of draws) {
    variance.add(x);
    covariance.add(x);
  }
  const mean = [0, 1].map((i) => draws.reduce((sum, x) => sum + x[i], 0) / 50);
  const exact = (i: number, j: number) =>
    ((50 / 55) * draws.reduce((sum, x) => sum + (x[i] - mean[i]) * (x[j] - mean[j]), 0)) / 49 +
    (i === j ? 1e-3 * (5 / 55) : 0);
  const scales = variance.takeScales();
  const factor = covariance.takeFactor();
  expect(scales[0] ** 2).toBeCloseTo(exact(0, 0), 12);
  expect(scales[1] ** 2).toBeCloseTo(exact(1, 1), 12);
  expect(factor[0] ** 2).toBeCloseTo(exact(0, 0), 12);
  expect(factor[2] * factor[0]).toBeCloseTo(exact(0, 1), 12);
  expect(factor[2] ** 2 + factor[3] ** 2).toBeCloseTo(exact(1, 1), 12);
});

test("a coordinate that never moves gets the scale of the prior variance 10⁻³, weighted as five draws", () => {
  const variance = new RunningVariance(2);
  for (let t = 0; t < 100; t++) variance.add(Float64Array.of(t, 7));
  const scales = variance.takeScales();
  expect(scales[1]).toBeCloseTo(Math.sqrt((1e-3 * 5) / 105), 12);
});
