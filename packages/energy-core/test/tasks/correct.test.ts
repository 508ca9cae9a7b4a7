import { correct, type Energy, plainEnergy, reals, scale, shift, sum } from "@basin/energy-core";
import { banana, gaussian } from "@basin/energy-core/targets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, glass, levels, type Sites, tableEnergy, trits } from "../fixtures.ts";

const flipped = (x: Int8Array, ...sites: number[]) => x.map((s, i) => (sites.includes(i) ? -s : s));

describe("correct", () => {
  it("is exact in a Hamming ball that can be searched", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 7 }), fc.nat({ max: 7 }), (seed, n, r) => {
        const { energy, state } = glass(seed, n);
        const radius = Math.min(r, n);
        const found = correct(energy, state, { radius });
        let lowest = Infinity;
        for (let mask = 0; mask < 2 ** n; mask++) {
          const sites = state.map((_, i) => (mask >> i) & 1);
          if (sites.reduce((sum, bit) => sum + bit, 0) > radius) continue;
          lowest = Math.min(lowest, energy.energy(state.map((s, i) => (sites[i] ? -s : s))));
        }
        expect(found).toMatchObject({ certificate: "exact", converged: true });
        expect(found.energy).toBeCloseTo(lowest, 9);
        expect(found.distance).toBe(found.state.filter((s, i) => s !== state[i]).length);
        expect(found.distance).toBeLessThanOrEqual(radius);
      }),
    );
  });

  it("beyond, no flip and no exchange inside the ball does better", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { energy, state } = glass(seed, 14);
      const found = correct(energy, state, { radius: 4, maxStates: 10 });
      expect(found.certificate).toBe("local");
      const inside = (s: Int8Array) => s.filter((v, i) => v !== state[i]).length <= 4;
      for (let i = 0; i < 14; i++) {
        for (let j = 0; j <= i; j++) {
          const near = i === j ? flipped(found.state, i) : flipped(found.state, i, j);
          const exchanged = i === j || (found.state[i] === state[i]) !== (found.state[j] === state[j]);
          if (inside(near) && exchanged && (i === j || found.distance === 4)) {
            expect(energy.energy(near)).toBeGreaterThanOrEqual(found.energy - 1e-9);
          }
        }
      }
    }
  });

  describe.each([
    ["trits", trits, [0, 1, 2], new Uint8Array(6)],
    ["levels", levels, [-2, 1, 4, 7], new Int8Array(6)],
  ] as const)("of %s", (_, make, values, like) => {
    const distance = (a: Sites, b: Sites) => a.filter((v, i) => v !== b[i]).length;
    const setting = (seed: number, n: number, walls: number) => {
      const states = allStates<Sites>(values, n, like);
      const table = tableEnergy<Sites, object>(make(n) as never, states, seed, walls);
      return { states, ...table, x: states[seed % states.length] };
    };

    it("is exact in a Hamming ball that can be searched, walls included", () => {
      fc.assert(
        fc.property(
          fc.nat(),
          fc.integer({ min: 1, max: 4 }),
          fc.nat({ max: 4 }),
          fc.constantFrom(0, 0.5),
          (seed, n, r, walls) => {
            const { states, at, energy, x } = setting(seed, n, walls);
            const radius = Math.min(r, n);
            const found = correct(energy, x, { radius });
            const ball = states.filter((y) => distance(x, y) <= radius).map(at);
            expect(found).toMatchObject({ certificate: "exact", converged: true });
            expect(found.energy).toBe(Math.min(...ball));
            expect(at(found.state)).toBe(found.energy);
            expect(found.distance).toBe(distance(found.state, x));
            expect(found.distance).toBeLessThanOrEqual(radius);
          },
        ),
      );
    });

    it("beyond, no move and no exchange inside the ball does better, walls included", () => {
      fc.assert(
        fc.property(fc.nat(), fc.constantFrom(0, 0.3), (seed, walls) => {
          const { states, at, energy, x } = setting(seed, 4, walls);
          const found = correct(energy, x, { radius: 2, maxStates: 10 });
          expect(found.certificate).toBe("local");
          expect(found.distance).toBeLessThanOrEqual(2);
          expect(found.energy).toBe(at(found.state));
          expect(found.energy).toBeLessThanOrEqual(at(x));
          for (const y of states.filter((other) => distance(x, other) <= 2)) {
            // An exchange takes a changed site home and changes another one.
            const exchanged =
              found.distance === 2 &&
              distance(x, y) === 2 &&
              distance(found.state, y) === 2 &&
              y.filter((v, i) => v !== found.state[i] && v === x[i]).length === 1;
            if (distance(found.state, y) === 1 || exchanged) {
              expect(at(y)).toBeGreaterThanOrEqual(found.energy);
            }
          }
        }),
      );
    });

    it("counts the states of the ball as they are", () => {
      const { energy, x } = setting(1, 4, 0);
      const q = values.length;
      // Σ_{k ≤ 2} C(4, k) (q − 1)^k
      const size = 1 + 4 * (q - 1) + 6 * (q - 1) ** 2;
      expect(correct(energy, x, { radius: 2, maxStates: size }).certificate).toBe("exact");
      expect(correct(energy, x, { radius: 2, maxStates: size - 1 }).certificate).toBe("local");
    });
  });

  it("meets the closed form of a bowl on either ball", () => {
    const bowl = gaussian({ dimension: 2 });
    const x = Float64Array.of(3, 4);
    const near = correct(bowl, x, { radius: 1 });
    expect(near.state[0]).toBeCloseTo(2.4, 7);
    expect(near.state[1]).toBeCloseTo(3.2, 7);
    expect(near.distance).toBeCloseTo(1, 9);
    const box = correct(bowl, x, { radius: 3.5, norm: "linf" });
    expect([...box.state].map((v) => Math.round(v * 1e7) / 1e7)).toEqual([0, 0.5]);
    expect(correct(bowl, x, { radius: 0 }).state).toEqual(x);
    expect(correct(bowl, x, { radius: 9 }).energy).toBeLessThan(1e-12);
  });

  it("agrees with a fine search of the circle on a bent target", () => {
    const target = banana({ curvature: 0.5, standardDeviation: 2 });
    const x = Float64Array.of(2.5, 3);
    let lowest = Infinity;
    for (let a = 0; a < 400; a++) {
      for (let r = 0; r <= 200; r++) {
        const [angle, length] = [(2 * Math.PI * a) / 400, (1.5 * r) / 200];
        lowest = Math.min(
          lowest,
          target.energy(Float64Array.of(x[0] + length * Math.cos(angle), x[1] + length * Math.sin(angle))),
        );
      }
    }
    const found = correct(target, x, { radius: 1.5 });
    expect(found.converged).toBe(true);
    expect(found.energy).toBeLessThanOrEqual(lowest + 1e-9);
    expect(found.energy).toBeGreaterThan(lowest - 1e-2);
  });

  it("refuses radii and norms it does not know", () => {
    const { energy, state } = glass(1, 3);
    expect(() => correct(energy, state, { radius: 1.5 })).toThrow(/radius is 1.5, expected an integer/);
    expect(() => correct(energy, state, { radius: 4 })).toThrow(/radius is 4/);
    expect(() => correct(gaussian({ dimension: 1 }), Float64Array.of(1), { radius: -1 })).toThrow(
      /radius is -1/,
    );
    expect(() =>
      correct(gaussian({ dimension: 1 }), Float64Array.of(1), { radius: 1, norm: "l1" as never }),
    ).toThrow(/unknown norm "l1"; known: l2, linf/);
  });

  it("searches combinations of energies, and names who needs what", () => {
    const { energy, state } = glass(3, 6);
    const shifted = shift(scale(sum([energy, energy]), 2), 5);
    const [found, truth] = [shifted, energy].map((e: Energy<Int8Array>) => correct(e, state, { radius: 2 }));
    expect(found.state).toEqual(truth.state);
    expect(found.energy).toBeCloseTo(4 * truth.energy + 5, 9);
    const rough = plainEnergy(reals(1), (x) => Math.abs(x[0]));
    expect(() => correct(rough, Float64Array.of(1), { radius: 1 })).toThrow(
      /^correct needs an energy with a gradient; this one, over 1 reals, has none$/,
    );
  });
});
