import { matrix } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { kernelSteinDiscrepancy, maximumMeanDiscrepancy } from "../../src/index.ts";
import { gaussian } from "../fixtures/energies.ts";

const normal = gaussian([[1]]);
const draw = (n: number, seed: number, mean = 0, sd = 1) => {
  const rng = createRng(seed);
  return matrix(
    Float64Array.from({ length: n }, () => mean + sd * rng.normal()),
    n,
    1,
  );
};

describe("kernelSteinDiscrepancy", () => {
  test("of pairs integrates to zero against the target, for any fixed point and any β", () => {
    for (const beta of [1, 0.6]) {
      for (const y of [-1.3, 0.4, 2]) {
        let sum = 0;
        const h = 0.02;
        for (let x = -14; x < 14; x += h) {
          const density = Math.sqrt(beta / (2 * Math.PI)) * Math.exp(-0.5 * beta * x * x);
          sum +=
            h *
            density *
            kernelSteinDiscrepancy(normal, matrix(Float64Array.of(x, y), 2, 1), { inverseTemperature: beta });
        }
        expect(Math.abs(sum)).toBeLessThan(1e-9);
      }
    }
  });
  test("is small for the right law, and sees a shift and a wrong width", () => {
    expect(Math.abs(kernelSteinDiscrepancy(normal, draw(1000, 1)))).toBeLessThan(0.01);
    expect(kernelSteinDiscrepancy(normal, draw(1000, 2, 0.3))).toBeGreaterThan(0.03);
    expect(kernelSteinDiscrepancy(normal, draw(1000, 3, 0, 0.7))).toBeGreaterThan(0.03);
  });
  test("refuses a single draw and the wrong dimension", () => {
    expect(() => kernelSteinDiscrepancy(normal, draw(1, 1))).toThrow("at least two draws, got 1");
    expect(() => kernelSteinDiscrepancy(normal, matrix(new Float64Array(6), 3, 2))).toThrow(
      "length 2, expected 1",
    );
  });
});

describe("maximumMeanDiscrepancy", () => {
  test("has the closed form's value between normals, on average", () => {
    // For N(0, 1) and N(μ, 1): 2 √(ℓ²/(ℓ² + 2)) (1 − exp(−μ²/(2(ℓ² + 2)))).
    const exact = 2 * Math.sqrt(1 / 3) * (1 - Math.exp(-1 / 6));
    let sum = 0;
    let squares = 0;
    const repeats = 200;
    for (let r = 0; r < repeats; r++) {
      const value = maximumMeanDiscrepancy(draw(60, 2 * r), draw(60, 2 * r + 1, 1), { length: 1 });
      sum += value / repeats;
      squares += (value * value) / repeats;
    }
    const standardError = Math.sqrt((squares - sum * sum) / repeats);
    expect(Math.abs(sum - exact)).toBeLessThan(4.9 * standardError);
    expect(standardError).toBeLessThan(exact / 20);
  });
  test("with the median length tells laws apart", () => {
    expect(Math.abs(maximumMeanDiscrepancy(draw(400, 1), draw(400, 2)))).toBeLessThan(0.01);
    expect(maximumMeanDiscrepancy(draw(400, 1), draw(400, 2, 0.5))).toBeGreaterThan(0.03);
  });
});
