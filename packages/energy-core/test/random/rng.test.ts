import { philox4x32 } from "@basin/energy-core/internal";
import { createRng, exp, log, restoreRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";

describe("philox4x32", () => {
  it("gives the known answers of Salmon et al. (2011)", () => {
    const hex = (words: readonly number[]) =>
      words.map((word) => word.toString(16).padStart(8, "0")).join(" ");
    expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
    const ones = 0xffffffff;
    expect(hex(philox4x32([ones, ones, ones, ones], [ones, ones]))).toBe(
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    );
  });
});

describe("exp and log", () => {
  const ulps = (value: number, truth: number) => Math.abs(value - truth) / (Math.abs(truth) * 2 ** -52);

  it("stay within 2 ulp of the engine's over their range", () => {
    const rng = createRng(1);
    for (let i = 0; i < 20_000; i++) {
      const x = (rng.uniform() - 0.5) * 1400;
      expect(ulps(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
      const y = Math.exp(x);
      if (y > 1e-300) expect(ulps(log(y), Math.log(y))).toBeLessThanOrEqual(2);
      const near = 1 + (rng.uniform() - 0.5) * 1e-3;
      expect(ulps(log(near), Math.log(near))).toBeLessThanOrEqual(2);
    }
  });

  it("keep the edges", () => {
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(NaN), exp(-746), exp(710)]).toEqual([
      1,
      0,
      Infinity,
      NaN,
      0,
      Infinity,
    ]);
    expect([log(1), log(0), log(-1), log(Infinity), log(NaN)]).toEqual([0, -Infinity, NaN, Infinity, NaN]);
    expect(exp(-745)).toBe(5e-324);
    expect(log(5e-324)).toBeCloseTo(-744.4400719213812, 12);
    // Where the series is longest, its last term moves the last bits.
    expect([log(1.41), log(0.705), log(2.82)]).toEqual([
      0.34358970439007686, -0.34955747616986843, 1.036736884950022,
    ]);
  });
});

describe("createRng", () => {
  it("resumes to the bit and splits independently of what was drawn", () => {
    const rng = createRng(7);
    const child = rng.split(3).uint32();
    for (let i = 0; i < 100; i++) rng.normal();
    expect(rng.split(3).uint32()).toBe(child);
    const copy = restoreRng(rng.save());
    for (let i = 0; i < 100; i++) expect(copy.uint32()).toBe(rng.uint32());
  });

  it("rejects seeds it cannot keep apart", () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53, Infinity]) expect(() => createRng(seed)).toThrow(/seed is/);
  });

  it("draws normals with the moments of the standard normal", () => {
    const rng = createRng(11);
    const n = 400_000;
    const sums = [0, 0, 0, 0];
    let beyond = 0;
    for (let i = 0; i < n; i++) {
      const x = rng.normal();
      for (let k = 0; k < 4; k++) sums[k] += x ** (k + 1);
      if (Math.abs(x) > 3.6541528853610088) beyond++;
    }
    // Variances of x, x², x³, x⁴ are 1, 2, 15, 96; z = 5.2 keeps five comparisons at 1e-6.
    for (const [k, [truth, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries()) {
      expect(Math.abs(sums[k] / n - truth)).toBeLessThan(5.2 * Math.sqrt(variance / n));
    }
    const tail = 2.58e-4;
    expect(Math.abs(beyond / n - tail)).toBeLessThan(5.2 * Math.sqrt(tail / n));
  });
});
