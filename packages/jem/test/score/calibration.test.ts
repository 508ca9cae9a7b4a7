import { calibration, fitTemperature } from "@basin/jem";
import { describe, expect, it } from "vitest";

describe("calibration", () => {
  it("gives the figures of a case worked by hand", () => {
    // Confidences 0.9 (right), 0.9 (wrong), 0.6 (right): bins of accuracy 1/2 at 0.9 and 1 at 0.6.
    const result = calibration([0.9, 0.1, 0.9, 0.1, 0.4, 0.6], [0, 1, 1], 2, { bins: 10 });
    expect(result.negativeLogLikelihood).toBeCloseTo(-Math.log(0.9 * 0.1 * 0.6) / 3, 12);
    expect(result.brier).toBeCloseTo((2 * 0.01 + 2 * 0.81 + 2 * 0.16) / 3, 12);
    expect(result.expectedCalibrationError).toBeCloseTo((2 / 3) * 0.4 + (1 / 3) * 0.4, 12);
    expect(result.bins.map(({ count }) => count)).toEqual([1, 2]);
    expect(result.bins[1].accuracy).toBe(0.5);
  });

  it("finds nothing amiss where confidence is accuracy", () => {
    expect(
      calibration([0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25], [0, 0, 0, 1], 2).expectedCalibrationError,
    ).toBe(0);
  });

  it("refuses what it cannot judge", () => {
    expect(() => calibration([0.5, 0.5], [2], 2)).toThrow(/label 0 is 2/);
    expect(() => calibration([1.5, 0.5], [0], 2)).toThrow(/probability 0 is 1.5/);
    expect(() => calibration([0.5], [0], 2)).toThrow(/length 1, expected 2/);
    expect(() => calibration([], [], 2)).toThrow(/no labels/);
  });

  it("is finite of logits however deep a wrong answer lies", () => {
    const logits = [200, 0, 0, 200, 2000, 0];
    const { negativeLogLikelihood, bins } = calibration(logits, [0, 1, 1], 2, { of: "logits" });
    expect(negativeLogLikelihood).toBeCloseTo(2000 / 3, 10);
    expect(bins).toEqual([{ count: 3, confidence: 1, accuracy: 2 / 3 }]);
    expect(calibration([1, 0], [1], 2).negativeLogLikelihood).toBe(Infinity);
    const f = [0.3, -1, 2, 0.1, 0.5, 0.4];
    const p = f.map(
      (v, i) =>
        Math.exp(v) /
        (Math.exp(f[i - (i % 3)]) + Math.exp(f[i - (i % 3) + 1]) + Math.exp(f[i - (i % 3) + 2])),
    );
    const [a, b] = [calibration(f, [2, 1], 3, { of: "logits" }), calibration(p, [2, 1], 3)];
    for (const key of ["negativeLogLikelihood", "brier", "expectedCalibrationError"] as const)
      expect(a[key]).toBeCloseTo(b[key], 12);
  });

  it("refuses logits that are taken for probabilities", () => {
    expect(() => calibration([0.2, 0.3], [0], 2)).toThrow(
      /probabilities of input 0 sum to 0.5.*of: "logits"/,
    );
    expect(() => calibration([Number.NaN, 0], [0], 2, { of: "logits" })).toThrow(/logit 0 is NaN/);
  });
});

describe("fitTemperature", () => {
  it("is 0 where all are right, infinite where none is likelier than by chance, and nothing where logits are equal", () => {
    expect(fitTemperature([5, 0, 0, 5], [0, 1], 2)).toBe(0);
    expect(fitTemperature([5, 0, 0, 5], [1, 0], 2)).toBe(Infinity);
    expect(fitTemperature([5, 0, 5, 0], [0, 1], 2)).toBe(Infinity);
    expect(() => fitTemperature([1, 1, 1, 1], [0, 1], 2)).toThrow(/every temperature is as likely/);
  });

  it.each([1e-6, 1e-3, 1, 1e3, 1e6])("is found at %d, however far from 1", (scale) => {
    const f = 2 * Math.log(3) * scale;
    expect(fitTemperature([f, 0, f, 0, f, 0, f, 0], [0, 0, 0, 1], 2) / scale).toBeCloseTo(2, 6);
  });
});
