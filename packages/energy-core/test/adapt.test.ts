import {
  checkGradient,
  differentiable,
  numericGradient,
  plainEnergy,
  reals,
  spins,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, difference, tableEnergy, trits } from "./fixtures.ts";

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
    const numeric = numericGradient(plainEnergy(reals(3), wavy));
    const [a, n] = [new Float64Array(3), new Float64Array(3)];
    expect(analytic.can.gradient(at, a)).toBe(numeric.can.gradient(at, n));
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
    expect(() => energy.can.gradient(at, new Float64Array(4))).toThrow(/out has length 4/);
    for (const dimension of [0, -1, 1.5]) {
      expect(() => differentiable(dimension, wavyGradient)).toThrow(/^dimension is/);
    }
    expect(() =>
      checkGradient(
        differentiable(1, (x, g) => {
          g[0] = 1;
          return Math.log(x[0]);
        }),
        Float64Array.of(0),
      ),
    ).toThrow(/beside coordinate 0/);
    const bits = numericGradient(plainEnergy(spins(1), () => 0) as never);
    expect(() => bits.can.gradient(Float64Array.of(1), new Float64Array(1))).toThrow(/state has 1.0\d+ at 0/);
    expect(() =>
      numericGradient(
        plainEnergy(reals(1), () => 0),
        { step: 0 },
      ),
    ).toThrow(/step is 0/);
    expect(() =>
      checkGradient(
        plainEnergy(reals(1), () => 0),
        Float64Array.of(0),
      ),
    ).toThrow(/^checkGradient needs an energy with a gradient; this one, over 1 reals, has none$/);
  });
});

describe("plainEnergy on spins", () => {
  it("has a cursor that follows the function, across infinite walls too", () => {
    const wall = (s: Int8Array) => (s[0] + s[1] + s[2] > 1 ? Infinity : s[0] * s[1] * 0.5 + s[2]);
    const energy = plainEnergy(spins(3), wall);
    const cursor = energy.can.moves(Int8Array.of(1, 1, -1));
    expect(cursor.delta(2)).toBe(Infinity);
    expect([...cursor.deltas(new Float64Array(3))]).toEqual([-1, -1, Infinity]);
    cursor.apply(2);
    expect(cursor.energy).toBe(Infinity);
    expect(cursor.delta(0)).toBe(0.5 * -1 + 1 - Infinity);
    cursor.apply(0);
    expect(cursor.energy).toBe(0.5);
    expect(() => energy.energy(Int8Array.of(1, 0, 1))).toThrow(/state has 0 at 1/);
  });
});

describe("plainEnergy on sites of any number of values", () => {
  it("has a cursor that follows the function along every move, on a copy of its own", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0.4), (seed, n, walls) => {
        const states = allStates([0, 1, 2], n, new Uint8Array(n));
        const { at, energy } = tableEnergy(trits(n), states, seed, walls);
        const { moves } = energy.space as ReturnType<typeof trits>;
        const rng = createRng(seed);
        const x = states[rng.index(states.length)].slice();
        const kept = x.slice();
        const cursor = energy.can.moves(x);
        const after = new Uint8Array(n);
        for (let step = 0; step < 6; step++) {
          const deltas = cursor.deltas(new Float64Array(moves.count));
          for (const [move, delta] of deltas.entries()) {
            after.set(cursor.state);
            moves.apply(after, move);
            expect(delta).toBe(difference(at(cursor.state), at(after)));
            expect(cursor.delta(move)).toBe(delta);
          }
          const move = rng.index(moves.count);
          after.set(cursor.state);
          moves.apply(after, move);
          cursor.apply(move);
          expect(cursor.state).toEqual(after);
          expect(cursor.energy).toBe(at(after));
        }
        expect(x).toEqual(kept);
        expect(() => energy.can.moves(x.fill(3))).toThrow(
          /state has 3 at 0, expected an integer from 0 to 2/,
        );
      }),
    );
  });
});
