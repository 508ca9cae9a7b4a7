import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { RunningCovariance, RunningVariance } from "../src/adapt/covariance.ts";
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
