import {
  type Energy,
  labeled,
  mixture,
  numericGradient,
  plainEnergy,
  reals,
  requireCapability,
  restrict,
  scale,
  shift,
  spins,
  sum,
} from "@basin/energy-core";
import { gaussian, gaussianMixture } from "@basin/energy-core/targets";
import { describe, expect, it } from "vitest";
import { glass, realWave, waveEnergy } from "./fixtures.ts";

const rough = plainEnergy(reals(1), (x) => Math.abs(x[0]));
const bowl = gaussian({ dimension: 1 });

describe("capabilities of a combination", () => {
  it("are lost only when a part lacks them, and then the part is named", () => {
    const mixed: Energy<Float64Array> = sum<Float64Array, object>([bowl, rough]);
    expect("gradient" in mixed.can).toBe(false);
    expect(() => requireCapability(scale(mixed, 2), "gradient", "descend")).toThrow(
      /^descend needs an energy with a gradient; part 1 of a sum has no gradient$/,
    );
    const walled: Energy<Float64Array> = restrict(shift(mixed, 1), { low: -1, high: 1 });
    expect(() => requireCapability(walled, "gradient", "descent")).toThrow(/part 1 of a sum has no gradient/);
    const held = mixture<Float64Array, object>([sum<Float64Array, object>([rough, bowl]), bowl]);
    expect(() => requireCapability(held as Energy<Float64Array>, "gradient", "descent")).toThrow(
      /part 0 of a sum has no gradient/,
    );
    expect(() => requireCapability(bowl as Energy<Float64Array>, "moves", "enumerate")).toThrow(
      /^enumerate needs an energy with moves; this one, over 1 reals, has none$/,
    );
    expect(() =>
      requireCapability(scale(rough, 2) as Energy<Float64Array>, "parameters", "training"),
    ).toThrow(/training needs an energy with parameters; no part of a scaled energy has parameters/);
    expect(() => requireCapability(rough as Energy<never>, "labels", "predict")).toThrow(
      /predict needs an energy over inputs and labels; this one/,
    );
    expect("gradient" in sum([bowl, numericGradient(rough)]).can).toBe(true);
  });

  it("take arrays of the right length alone", () => {
    expect(() => sum([bowl, bowl]).can.gradient(Float64Array.of(1), new Float64Array(2))).toThrow(
      /out has length 2, expected 1/,
    );
  });
});

describe("parts", () => {
  it("over different spaces are refused, and options that mean nothing", () => {
    expect(() => sum([bowl, gaussian({ dimension: 2 })])).toThrow(
      /part 1 of a sum is over 2 reals, part 0 over 1 reals/,
    );
    const joint = (labels: number) => plainEnergy(labeled(spins(1), labels), () => 0);
    expect(() => mixture([joint(2), joint(3)])).toThrow(
      /part 1 of a mixture is over 1 spins with one of 3 labels, part 0 over 1 spins with one of 2 labels/,
    );
    expect(() => sum([])).toThrow(/a sum needs at least one part/);
    expect(() => sum([bowl], [0])).toThrow(/a sum needs at least one part/);
    expect(() => sum([bowl], [-1])).toThrow(/weight 0 is -1/);
    expect(() => sum([bowl], [1, 2])).toThrow(/weights has length 2, expected 1/);
    expect(() => scale(bowl, 0)).toThrow(/factor is 0/);
    expect(() => shift(bowl, Infinity)).toThrow(/constant is Infinity/);
    expect(() => mixture([])).toThrow(/a mixture needs at least one part/);
    expect(() => mixture([bowl], { weights: [0] })).toThrow(/weight 0 is 0/);
    expect(() => mixture([bowl], { weights: [1, 2] })).toThrow(/weights has length 2, expected 1/);
    expect(() => mixture([bowl], { logPartitions: [NaN] })).toThrow(/logPartitions\[0\] is NaN/);
  });

  it("of weight zero are left out, walls included", () => {
    const wall = restrict(bowl, { low: 0, high: 1 });
    const out = new Float64Array(1);
    const x = Float64Array.of(-2);
    expect(sum([bowl, wall], [1, 0]).energy(x)).toBe(2);
    expect(sum([bowl, wall]).energy(x)).toBe(Infinity);
    expect(sum([bowl, wall]).can.gradient(x, out)).toBe(Infinity);
    expect(wall.can.gradient(Float64Array.of(2), out)).toBe(Infinity);
    const both = mixture([bowl, wall]);
    expect(both.energy(x)).toBeCloseTo(2 + Math.LN2, 12);
    // The part outside its support has no share in the gradient.
    expect(both.can.gradient(x, out)).toBeCloseTo(2 + Math.LN2, 12);
    expect(out[0]).toBe(-2);
  });
});

describe("a mixture", () => {
  it("is normalized exactly when every log Z is given", () => {
    const parts = [
      gaussian({ mean: [-2], standardDeviations: [0.5] }),
      gaussian({ mean: [2], standardDeviations: [1] }),
    ];
    const weights = [1, 3];
    const exact = mixture(parts, { weights, logPartitions: parts.map(({ logPartition }) => logPartition) });
    const truth = gaussianMixture({ means: [[-2], [2]], standardDeviations: [0.5, 1], weights });
    expect(exact.normalized).toBe(true);
    expect(mixture(parts).normalized).toBe(false);
    for (const v of [-3, 0, 1.7]) {
      expect(exact.energy(Float64Array.of(v))).toBeCloseTo(truth.energy(Float64Array.of(v)), 12);
    }
  });
});

describe("parameters of several parts", () => {
  const x = Int8Array.of(1, -1, -1, 1, 1);
  const parity: Energy<Int8Array> = plainEnergy(
    spins(5),
    (s) => 0.7 * s.reduce((product, v) => product * v, 1),
  );

  it.each(["sum", "mixture"] as const)(
    "are one live vector of a %s, those of a part that comes twice once",
    (kind) => {
      const [a, b] = [glass(4, 5).energy, glass(9, 5).energy];
      const parts: Energy<Int8Array>[] = [a, parity, b, a];
      const energy = kind === "sum" ? sum(parts, [1, 2, 0.5, 3]) : mixture(parts);
      const { values, addGradient } = requireCapability(energy, "parameters", "the test");
      const [first, second] = [a.can.parameters.values, b.can.parameters.values];
      expect([...values]).toEqual([...first, ...second]);
      const gradient = new Float64Array(values.length);
      addGradient(x, 2, gradient);
      for (const k of gradient.keys()) {
        const kept = values[k];
        values[k] = kept + 1e-5;
        const above = requireCapability(energy, "moves", "the test")(x).energy;
        values[k] = kept - 1e-5;
        const below = energy.energy(x);
        values[k] = kept;
        expect(gradient[k]).toBeCloseTo((2 * (above - below)) / 2e-5, 5);
      }
    },
  );

  it("are counted once where a part comes both by itself and in a combination, in any order", () => {
    const orders: readonly (readonly [
      (a: Energy<Int8Array>, b: Energy<Int8Array>) => Energy<Int8Array>,
      string,
    ])[] = [
      [(a, b) => sum([shift(a, 1), sum([a, b])]), "ab"],
      [(a, b) => sum([sum([a, b]), shift(a, 1)]), "ab"],
      [(a, b) => mixture([sum([a, b]), sum([b, a])]), "ab"],
      [(a, b) => sum([b, scale(mixture([a, b]), 2), parity]), "ba"],
      [(a, b) => sum([sum([b, sum([a, b])], [2, 1]), mixture([a, b])]), "ba"],
    ];
    for (const [combine, order] of orders) {
      const [a, b] = [glass(4, 5).energy, glass(9, 5).energy];
      const energy = combine(a, b);
      const { values, addGradient } = requireCapability(energy, "parameters", "the test");
      const parts = { a, b };
      const vectors = [...order].map((name) => parts[name as "a" | "b"].can.parameters.values);
      expect([...values]).toEqual(vectors.flatMap((vector) => [...vector]));
      for (const k of values.keys()) values[k] += 0.1 * Math.sin(k);
      const gradient = new Float64Array(values.length);
      addGradient(x, 2, gradient);
      for (const k of values.keys()) {
        const kept = values[k];
        values[k] = kept + 1e-5;
        const above = energy.energy(x);
        values[k] = kept - 1e-5;
        expect(gradient[k]).toBeCloseTo((2 * (above - energy.energy(x))) / 2e-5, 5);
        values[k] = kept;
      }
      // The parts follow the whole.
      energy.energy(x);
      expect(vectors.flatMap((vector) => [...vector])).toEqual([...values]);
    }
  });

  it("are the part's own vector where one part has some", () => {
    const theta = Float64Array.of(1, 2, 3);
    const smooth = realWave(theta);
    const both = sum<Float64Array, Partial<typeof smooth.can>>([smooth, gaussian({ dimension: 2 })]);
    expect(both.can.parameters?.values).toBe(theta);
    const flips = waveEnergy(spins(2), theta, (s) => s);
    expect(scale(shift(mixture([flips, flips]), 1), 2).can.parameters.values).toBe(theta);
  });
});
