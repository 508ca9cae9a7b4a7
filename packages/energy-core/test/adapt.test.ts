import { checkGradient, differentiable, numericGradient, plainEnergy } from "@basin/energy-core";
import { describe, expect, it } from "vitest";

/** E = Σ_i exp(x_i) x_{i+1}² with indices taken around. */
const wavy = (x: ArrayLike<number>) => {
  let energy = 0;
  for (let i = 0; i < x.length; i++) energy += Math.exp(x[i]) * x[(i + 1) % x.length] ** 2;
  return energy;
};

const wavyGradient = (x: Float64Array, gradient: Float64Array) => {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    const before = x[(i + n - 1) % n];
    gradient[i] = Math.exp(x[i]) * x[(i + 1) % n] ** 2 + 2 * Math.exp(before) * x[i];
  }
  return wavy(x);
};

const at = Float64Array.of(0.3, -1.2, 2.5);

describe("differentiable, numericGradient and checkGradient", () => {
  it("agree on a right gradient", () => {
    const analytic = differentiable(3, wavyGradient);
    const numeric = numericGradient(
      plainEnergy({ kind: "reals", dimension: 3 }, (x: Float64Array) => wavy(x)),
    );
    const [a, n] = [new Float64Array(3), new Float64Array(3)];
    expect(analytic.energyAndGradient(at, a)).toBe(numeric.energyAndGradient(at, n));
    for (let i = 0; i < 3; i++) expect(Math.abs(a[i] - n[i])).toBeLessThan(1e-7);
    expect(analytic.energy(at)).toBe(wavy(at));
    expect(checkGradient(analytic, at)).toMatchObject({ passed: true });
    expect(checkGradient(analytic, at).error).toBeLessThan(1e-9);
  });

  it("name the coordinate of a wrong one, even when it is small or NaN", () => {
    for (const spoil of [(g: number) => g * (1 + 1e-5), (g: number) => -g, () => NaN]) {
      const wrong = differentiable(3, (x, gradient) => {
        const energy = wavyGradient(x, gradient);
        gradient[1] = spoil(gradient[1]);
        return energy;
      });
      expect(checkGradient(wrong, at)).toMatchObject({ passed: false, coordinate: 1 });
    }
  });

  it("refuse what does not fit", () => {
    const energy = differentiable(3, wavyGradient);
    expect(() => energy.energy(new Float64Array(2))).toThrow(/state has length 2, expected 3/);
    expect(() => energy.energyAndGradient(at, new Float64Array(4))).toThrow(/out has length 4/);
    expect(() => differentiable(0, wavyGradient)).toThrow(/dimension is 0/);
    expect(() =>
      checkGradient(
        differentiable(1, (x, g) => {
          g[0] = 1;
          return Math.log(x[0]);
        }),
        Float64Array.of(0),
      ),
    ).toThrow(/beside coordinate 0/);
    expect(() => numericGradient(plainEnergy({ kind: "tensors", shape: [1] }, () => 0))).toThrow(
      /over tensors/,
    );
  });
});

describe("plainEnergy on spins", () => {
  it("has a cursor that follows the function, across infinite walls too", () => {
    const wall = (s: Int8Array) => (s[0] + s[1] + s[2] > 1 ? Infinity : s[0] * s[1] * 0.5 + s[2]);
    const energy = plainEnergy({ kind: "spins", dimension: 3 }, wall);
    const cursor = energy.attach(Int8Array.of(1, 1, -1));
    expect(cursor.delta(2)).toBe(Infinity);
    expect([...cursor.deltas(new Float64Array(3))]).toEqual([-1, -1, Infinity]);
    cursor.flip(2);
    expect(cursor.energy).toBe(Infinity);
    expect(cursor.delta(0)).toBe(0.5 * -1 + 1 - Infinity);
    cursor.flip(0);
    expect(cursor.energy).toBe(0.5);
    expect(() => energy.energy(Int8Array.of(1, 0, 1))).toThrow(/state has 0 at 1/);
  });
});
