import { freeEnergy, logSumExp, softmin } from "@basin/energy-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const energies = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 });

/** Plain sums of Math.exp, safe for the small values drawn here. */
const oracle = (values: number[]) => Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));

describe("logSumExp", () => {
  it("agrees with the plain sum", () => {
    fc.assert(
      fc.property(energies, (values) => {
        expect(Math.abs(logSumExp(values) - oracle(values))).toBeLessThan(
          1e-12 * (1 + Math.abs(oracle(values))),
        );
      }),
    );
  });

  it("survives any magnitude and the infinities", () => {
    expect(logSumExp([1e300, 1e300])).toBe(1e300);
    expect(logSumExp([-1e4, -1e4])).toBe(-1e4 + Math.LN2);
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, 3])).toBe(3);
    expect(logSumExp([Infinity, 3])).toBe(Infinity);
    expect(() => logSumExp([0, NaN])).toThrow(/value 1 is NaN/);
  });
});

describe("softmin", () => {
  it("is the Gibbs distribution, blind to a shift", () => {
    fc.assert(
      fc.property(energies, fc.double({ min: 0, max: 3, noNaN: true }), (values, inverseTemperature) => {
        const p = softmin(values, { inverseTemperature });
        const shifted = softmin(
          values.map((value) => value + 4096),
          { inverseTemperature },
        );
        const logZ = oracle(values.map((value) => -inverseTemperature * value));
        for (const [i, value] of values.entries()) {
          expect(Math.abs(p[i] - Math.exp(-inverseTemperature * value - logZ))).toBeLessThan(1e-12);
          expect(Math.abs(p[i] - shifted[i])).toBeLessThan(1e-10);
        }
      }),
    );
  });

  it("has the limits of zero and infinite temperature", () => {
    expect([...softmin([2, 1, 1, Infinity], { temperature: 0 })]).toEqual([0, 0.5, 0.5, 0]);
    expect([...softmin([2, 1, Infinity], { inverseTemperature: 0 })]).toEqual([0.5, 0.5, 0]);
  });

  it("refuses what is no energy", () => {
    expect(() => softmin([0, NaN])).toThrow(/energy 1 is NaN/);
    expect(() => softmin([0, -Infinity])).toThrow(/energy 1 is -Infinity/);
    expect(() => softmin([Infinity, Infinity])).toThrow(/all 2 energies are \+Infinity/);
    expect(() => softmin([])).toThrow("energies are an array of length 0, expected one at least");
    expect(() => softmin([1], { temperature: 1, inverseTemperature: 1 })).toThrow(/both given/);
  });
});

describe("freeEnergy", () => {
  it("is −log Σ exp(−βE) / β", () => {
    fc.assert(
      fc.property(energies, fc.double({ min: 0.01, max: 3, noNaN: true }), (values, inverseTemperature) => {
        const truth = -oracle(values.map((value) => -inverseTemperature * value)) / inverseTemperature;
        expect(Math.abs(freeEnergy(values, { inverseTemperature }) - truth)).toBeLessThan(1e-10);
      }),
    );
  });

  it("is the minimum at zero temperature and +∞ outside the support", () => {
    expect(freeEnergy([3, 1, 2], { temperature: 0 })).toBe(1);
    expect(freeEnergy([Infinity, Infinity])).toBe(Infinity);
    expect(freeEnergy([Infinity, 1])).toBe(1);
    expect(() => freeEnergy([1], { inverseTemperature: 0 })).toThrow(/inverseTemperature is 0/);
  });
});
