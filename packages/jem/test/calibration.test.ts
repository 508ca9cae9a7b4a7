import { calibration } from "@basin/jem";
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
});
