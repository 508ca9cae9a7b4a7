import { hasOutliers, makeOutliers } from "@basin/jem";
import { describe, expect, it } from "vitest";

const two = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

describe("makeOutliers", () => {
  it("turns, inverts and shuffles each image by itself", () => {
    expect([...makeOutliers("rotated", two, [2, 2], { seed: 0 })]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
    expect([...makeOutliers("inverted", two, [2, 2], { seed: 0 })]).toEqual([
      254, 253, 252, 251, 250, 249, 248, 247,
    ]);
    expect([...makeOutliers("shuffled", two, [2, 2], { seed: 0 })]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
    expect([...makeOutliers("shuffled", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 4], { seed: 0 })]).toEqual(
      [7, 8, 5, 6, 3, 4, 1, 2],
    );
    expect([...makeOutliers("inverted", Float32Array.of(0, 0.25), [2], { seed: 0 })]).toEqual([1, 0.75]);
  });

  it("draws noise over the whole range of the kind, by the seed alone", () => {
    const flat = new Uint8Array(4096);
    const noise = makeOutliers("noise", flat, [64], { seed: 5 });
    expect(makeOutliers("noise", flat, [64], { seed: 5 })).toEqual(noise);
    expect(makeOutliers("noise", flat, [64], { seed: 6 })).not.toEqual(noise);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const deviation = Math.sqrt((256 ** 2 - 1) / 12 / noise.length);
    expect(Math.abs(mean - 127.5)).toBeLessThan(4.89 * deviation);
    expect(flat.every((value) => value === 0)).toBe(true);
  });

  it("refuses what minds the places of pixels where there are none", () => {
    expect(hasOutliers("rotated", [4])).toBe(false);
    expect(() => makeOutliers("rotated", two, [4], { seed: 0 })).toThrow(
      "rotated needs images [height, width]",
    );
    expect(() => makeOutliers("blurred" as "noise", two, [2, 2], { seed: 0 })).toThrow("shuffled");
  });
});
