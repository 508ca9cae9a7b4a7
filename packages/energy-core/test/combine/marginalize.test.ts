import {
  type Labeled,
  labeled,
  marginalize,
  plainEnergy,
  reals,
  requireCapability,
  type Space,
  scale,
  spins,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { gaussian } from "@basin/energy-core/targets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, type Sites, trits, wave, waveEnergy } from "../fixtures.ts";

const LABELS = 3;

/** Declares the tests of summing out a label of inputs of one space. */
function marginalized<X extends Sites | Float64Array>(input: Space<X>, names: readonly string[]) {
  const space = labeled(input, LABELS);
  const size = input.dimension + 1;
  const setting = (seed: number, temperature: number) => {
    const rng = createRng(seed);
    const theta = Float64Array.from({ length: size + 1 }, () => rng.normal());
    const joint = waveEnergy<Labeled<X>, object>(space, theta, ({ x, y }) => [...x, y]);
    const at = (x: X) => {
      let z = 0;
      for (let y = 0; y < LABELS; y++) z += Math.exp(-wave(theta, [...x, y]) / temperature);
      return -temperature * Math.log(z);
    };
    return { rng, theta, energy: marginalize(joint, { temperature }), at, x: input.random(rng) };
  };
  const property = (check: (made: ReturnType<typeof setting>) => void) =>
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.2, max: 5, noNaN: true }), (seed, temperature) =>
        check(setting(seed, temperature)),
      ),
    );

  describe(`marginalize over ${input.name}`, () => {
    it("is the free energy over the labels, with their parameters", () => {
      property(({ theta, energy, at, x }) => {
        expect(energy.space.name).toBe(input.name);
        expect(Object.keys(energy.can).sort()).toEqual(names);
        expect(energy.energy(x)).toBeCloseTo(at(x), 9);
        expect(energy.can.parameters.values).toBe(theta);
        const gradient = new Float64Array(theta.length).fill(1);
        energy.can.parameters.addGradient(x, 3, gradient);
        for (const k of theta.keys()) {
          const kept = theta[k];
          theta[k] = kept + 1e-5;
          const above = at(x);
          theta[k] = kept - 1e-5;
          expect(gradient[k]).toBeCloseTo(1 + (3 * (above - at(x))) / 2e-5, 6);
          theta[k] = kept;
        }
      });
    });

    if (names.includes("moves"))
      it("has cursors that follow it", () => {
        property(({ rng, energy, at, x }) => {
          const cursor = requireCapability(energy, "moves", "the test")(x);
          for (let step = 0; step < 5; step++) {
            const move = rng.index(input.moves?.count ?? 0);
            const before = at(cursor.state);
            const delta = cursor.delta(move);
            cursor.apply(move);
            expect(delta).toBeCloseTo(at(cursor.state) - before, 9);
            expect(cursor.energy).toBeCloseTo(at(cursor.state), 9);
          }
        });
      });
  });
}

marginalized(reals(2), ["parameters"]);
marginalized(spins(3), ["moves", "parameters"]);
marginalized(trits(2), ["moves", "parameters"]);

describe("marginalize", () => {
  const joint = plainEnergy(labeled(reals(1), 3), ({ x, y }) => (x[0] - y) ** 2);
  const x = Float64Array.of(0.4);

  it("tempers before it sums, which scaling does not do", () => {
    for (const beta of [0.3, 1, 4]) {
      const truth = -Math.log([0, 1, 2].reduce((z, y) => z + Math.exp(-beta * (0.4 - y) ** 2), 0)) / beta;
      expect(marginalize(joint, { inverseTemperature: beta }).energy(x)).toBeCloseTo(truth, 12);
      expect(marginalize(scale(joint, beta)).energy(x) / beta).toBeCloseTo(truth, 12);
    }
    expect(marginalize(joint, { temperature: 0 }).energy(x)).toBeCloseTo(0.16, 12);
  });

  it("leaves labels of energy +∞ out, and inputs without any other outside", () => {
    const walls = plainEnergy(labeled(spins(1), 2), ({ x: s, y }) => (s[0] === 1 || y === 0 ? Infinity : 2));
    const free = marginalize(walls);
    expect(free.energy(Int8Array.of(-1))).toBe(2);
    expect(free.energy(Int8Array.of(1))).toBe(Infinity);
    const cursor = requireCapability(free, "moves", "the test")(Int8Array.of(1));
    expect(cursor.delta(0)).toBe(difference(Infinity, 2));
  });

  it("refuses energies without labels, β = 0 and inputs that are no states", () => {
    expect(() => marginalize(gaussian({ dimension: 1 }) as never)).toThrow(
      /marginalize needs an energy over inputs and labels; this one, over 1 reals, has none/,
    );
    expect(() => marginalize(joint, { inverseTemperature: 0 })).toThrow(/inverseTemperature is 0/);
    expect(() => marginalize(joint).energy(Float64Array.of(1, 2))).toThrow(/state has length 2, expected 1/);
  });
});
