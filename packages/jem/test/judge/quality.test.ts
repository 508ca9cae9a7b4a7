import { sampleQuality } from "@basin/jem";
import { describe, expect, it } from "vitest";

/** A judge of one number: class 1 above ½, the number and its square as features. */
const judge = {
  width: 2,
  classify: (values: Float32Array) => Uint32Array.from(values, (value) => (value > 0.5 ? 1 : 0)),
  features: (values: Float32Array) => Float64Array.from([...values].flatMap((value) => [value, value ** 2])),
};
const train = { inputs: Float32Array.of(0, 0.1, 0.9, 1), labels: [0, 0, 1, 1] };
const test = { inputs: Float32Array.of(0.2, 0.05, 0.8, 0.95), labels: [0, 0, 1, 1] };
const quality = (samples: readonly number[], labels: readonly number[]) =>
  sampleQuality(judge as never, Float32Array.from(samples), labels, { train, test, classes: 2, seed: 1 });

describe("sampleQuality", () => {
  it("counts the samples that the judge gives their class, and measures how near training inputs are", () => {
    const found = quality([0, 0.7, 0.4, 1], [0, 0, 1, 1]);
    expect(found.classifiedAsTheirClass).toBe(0.5);
    expect(found.nearestTrainingInput.samples).toBeCloseTo((0 + 0.2 + 0.3 + 0) / 4, 6);
    expect(found.nearestTrainingInput.testInputs).toBeCloseTo((0.1 + 0.05 + 0.1 + 0.05) / 4, 6);
  });

  it("has no distance of distributions from the test inputs themselves, and more from samples farther off", () => {
    const same = quality([...test.inputs], test.labels).frechet?.samples ?? Number.NaN;
    const off = quality([0.4, 0.45, 0.55, 0.6], test.labels).frechet?.samples ?? Number.NaN;
    expect(same).toBeCloseTo(0, 6);
    expect(off).toBeGreaterThan(same + 0.01);
  });

  it("leaves the distance out where a single sample was drawn, and refuses labels out of range", () => {
    expect(quality([0.3], [0]).frechet).toBeUndefined();
    expect(() => quality([0.3], [2])).toThrow("2");
    expect(() => quality([0.3, 0.4], [0])).toThrow("length 2, expected 1");
  });
});
