import { describe, expect, test } from "vitest";
import { assertMean, gTest, kolmogorovSmirnov, upperGamma, zThreshold } from "../src/index.ts";

test.each([
  [1, 4.8916],
  [16, 5.4115],
  [256, 5.8881],
])("the threshold for %d comparisons is %d", (comparisons, z) => {
  expect(zThreshold(comparisons)).toBeCloseTo(z, 3);
});

// Reference values from scipy.special.gammaincc.
test.each([
  [0.5, 0.1, 0.6547208460185768],
  [0.5, 18, 1.9731752900753933e-9],
  [1, 2.5, 0.0820849986238988],
  [2.5, 2.5, 0.4158801869955079],
  [31.5, 60, 2.010693881650102e-5],
  [255.5, 250, 0.6276718032818418],
  [255.5, 400, 4.159020283408364e-15],
])("Q(%d, %d) = %d", (a, x, q) => {
  expect(Math.abs(upperGamma(a, x) / q - 1)).toBeLessThan(1e-10);
});

describe("gTest", () => {
  test("equals scipy.stats.power_divergence with lambda_ = 0", () => {
    const { statistic, degreesOfFreedom, pValue } = gTest([30, 14, 34, 45, 57, 20], [1, 1, 1, 1, 1, 1]);
    expect(statistic).toBeCloseTo(38.471564429489995, 10);
    expect(degreesOfFreedom).toBe(5);
    expect(pValue / 3.033480479312433e-7).toBeCloseTo(1, 9);
  });
  test("pools cells that expect too little", () => {
    expect(gTest([50, 45, 3, 2], [0.5, 0.45, 0.03, 0.02]).degreesOfFreedom).toBe(2);
    expect(gTest([97, 1, 1, 1], [0.97, 0.01, 0.01, 0.01]).degreesOfFreedom).toBe(0);
  });
  test("an impossible count has probability 0", () => {
    expect(gTest([10, 1], [1, 0]).pValue).toBe(0);
  });
  test("sees a distribution that is off", () => {
    expect(gTest([5300, 4700], [0.5, 0.5]).pValue).toBeLessThan(1e-8);
    expect(gTest([5030, 4970], [0.5, 0.5]).pValue).toBeGreaterThan(0.1);
  });
});

test("kolmogorovSmirnov tells a grid from its square", () => {
  const grid = Array.from({ length: 500 }, (_, i) => (i + 0.5) / 500);
  expect(kolmogorovSmirnov(grid, (x) => x)).toEqual({ distance: expect.closeTo(0.001, 9), pValue: 1 });
  expect(kolmogorovSmirnov(grid, (x) => x * x).pValue).toBeLessThan(1e-10);
});

describe("assertMean", () => {
  test("passes within z standard errors", () => {
    assertMean({ mean: 1.04, standardError: 0.01, effectiveSampleSize: 500 }, 1);
  });
  test("fails outside, and on too few effective draws, and on NaN", () => {
    expect(() => assertMean({ mean: 1.06, standardError: 0.01 }, 1)).toThrow("z = 6.00, limit 4.89");
    expect(() => assertMean({ mean: 1, standardError: 9, effectiveSampleSize: 12 }, 1)).toThrow(
      "rests on 12 effective draws",
    );
    expect(() => assertMean({ mean: Number.NaN, standardError: 1 }, 1)).toThrow("z = NaN");
  });
});
