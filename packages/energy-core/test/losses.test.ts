import { type LossName, loss } from "@basin/energy-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossNames } from "../src/losses.ts";
import { learnSquare } from "./implicit-regression.ts";

/** Whether a minimum of the loss makes the correct answer's energy lower by a margin (LeCun et al. 2006, table 1). */
const lossMargins: Readonly<Record<LossName, "none" | "zero" | "positive">> = {
  energy: "none",
  perceptron: "zero",
  hinge: "positive",
  log: "positive",
  lvq2: "zero",
  mce: "positive",
  "square-square": "positive",
  "square-exponential": "positive",
  nll: "positive",
  mee: "positive",
};

/** The table written with Math.* on e = E(correct), w = the lowest other and all energies. */
const table: Record<string, (e: number, w: number, all: number[], m: number, beta: number) => number> = {
  energy: (e) => e,
  perceptron: (e, _w, all) => e - Math.min(...all),
  hinge: (e, w, _all, m) => Math.max(0, m + e - w),
  log: (e, w) => Math.log(1 + Math.exp(e - w)),
  lvq2: (e, w, _all, m) => Math.min(m, Math.max(0, e - w)),
  mce: (e, w) => 1 / (1 + Math.exp(-(e - w))),
  "square-square": (e, w, _all, m) => e ** 2 + Math.max(0, m - w) ** 2,
  "square-exponential": (e, w) => e ** 2 + Math.exp(-w),
  nll: (e, _w, all, _m, beta) => e + Math.log(all.reduce((z, v) => z + Math.exp(-beta * v), 0)) / beta,
  mee: (e, _w, all, _m, beta) => 1 - Math.exp(-beta * e) / all.reduce((z, v) => z + Math.exp(-beta * v), 0),
};

describe.each(lossNames.map((name) => [name] as const))("%s", (name) => {
  const arbitrary = [
    fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 2, maxLength: 6 }),
    fc.nat(5),
    fc.double({ min: 0.1, max: 3, noNaN: true }),
    fc.double({ min: 0.1, max: 3, noNaN: true }),
  ] as const;

  it("is the table's, with its exact derivatives", () => {
    fc.assert(
      fc.property(...arbitrary, (energies, pick, margin, inverseTemperature) => {
        const correct = pick % energies.length;
        const at = (values: number[]) =>
          table[name](
            values[correct],
            Math.min(...values.filter((_, y) => y !== correct)),
            values,
            margin,
            inverseTemperature,
          );
        const found = loss(name, energies, correct, { margin, inverseTemperature });
        expect(found.loss).toBeCloseTo(at(energies), 10);
        for (let y = 0; y < energies.length; y++) {
          const moved = (h: number) => at(energies.map((v, k) => (k === y ? v + h : v)));
          const [right, left] = [(moved(1e-6) - moved(0)) / 1e-6, (moved(0) - moved(-1e-6)) / 1e-6];
          // At a kink any slope between the one-sided ones is a subgradient.
          expect(found.gradient[y]).toBeGreaterThan(Math.min(left, right) - 1e-4);
          expect(found.gradient[y]).toBeLessThan(Math.max(left, right) + 1e-4);
        }
      }),
    );
  });

  it("survives large gaps", () => {
    for (const energies of [
      [1e4, 0, 5],
      [0, 1e4, 5],
    ]) {
      const found = loss(name, energies, 0);
      expect(Number.isFinite(found.loss)).toBe(true);
      expect(found.gradient.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("the lesson of LeCun et al. (2006)", () => {
  it("energy loss collapses: the surface goes flat and answers nothing", () => {
    const { before, after } = learnSquare("energy");
    expect(after.loss).toBeLessThan(1e-3);
    expect(after.spread).toBeLessThan(0.02 * before.spread);
  });

  it("perceptron and LVQ2 are content with a flat surface, losses with a margin are not", () => {
    const flat = [0.7, 0.7, 0.7, 0.7];
    const values: Partial<Record<LossName, number>> = {
      hinge: 1,
      log: Math.LN2,
      mce: 0.5,
      "square-square": 0.7 ** 2 + 0.3 ** 2,
      "square-exponential": 0.7 ** 2 + Math.exp(-0.7),
      nll: Math.log(4),
      mee: 0.75,
    };
    for (const name of lossNames) {
      const { loss: value, gradient } = loss(name, flat, 1);
      if (lossMargins[name] === "zero") {
        expect(value).toBe(0);
        expect(gradient.every((g) => g === 0)).toBe(true);
      } else if (lossMargins[name] === "positive") {
        expect(value, name).toBeCloseTo(values[name] as number, 14);
        expect(gradient[1] > 0 && gradient.some((g, y) => y !== 1 && g < 0)).toBe(true);
      }
    }
  });

  it.each(["hinge", "log", "mce", "square-square", "square-exponential", "nll", "mee"] as const)(
    "%s shapes a surface that answers, without collapse",
    (name) => {
      // The squares of energies that are squares themselves need a gentler step.
      const { before, after } = name.startsWith("square") ? learnSquare(name, 1500, 0.01) : learnSquare(name);
      expect(after.loss).toBeLessThan(before.loss);
      expect(after.accuracy).toBeGreaterThanOrEqual(8 / 9);
      expect(after.spread).toBeGreaterThan(0.5);
    },
  );
});

describe("loss refuses", () => {
  it("what is no loss, no answer, no energy", () => {
    expect(() => loss("0-1" as never, [0, 1], 0)).toThrow(
      /unknown loss "0-1"; known: energy, perceptron, hinge/,
    );
    expect(() => loss("nll", [0], 0)).toThrow(/1 energies were given, expected at least two/);
    expect(() => loss("nll", [0, 1], 2)).toThrow(/correct is 2/);
    expect(() => loss("nll", [0, NaN], 0)).toThrow(/energy 1 is NaN/);
    expect(() => loss("nll", [0, Infinity], 0)).toThrow(/energy 1 is Infinity/);
    expect(() => loss("hinge", [0, 1], 0, { margin: 0 })).toThrow(/margin is 0/);
  });
});
