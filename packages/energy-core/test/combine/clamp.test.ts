import {
  type Capabilities,
  checkGradient,
  clamp,
  type Energy,
  labeled,
  plainEnergy,
  reals,
  requireCapability,
  type Space,
  spins,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CapabilityName } from "../../src/energy.ts";
import { glass, realWave, type Sites, trits, wave, waveEnergy } from "../fixtures.ts";

/** Declares the tests of clamping over one space of `n` coordinates. */
function clamped<X extends Sites | Float64Array>(
  space: Space<X>,
  names: readonly CapabilityName[],
  make: (theta: Float64Array) => Energy<X>,
) {
  const n = space.dimension;
  const setting = (seed: number) => {
    const rng = createRng(seed);
    const theta = Float64Array.from({ length: n + 1 }, () => rng.normal());
    const x = space.random(rng);
    const known = Array.from({ length: n }, () => rng.bernoulli(0.5));
    known[rng.index(n)] = false;
    const energy = clamp(make(theta), x, known);
    const free = known.flatMap((held, i) => (held ? [] : [i]));
    /** The whole state with `part` in the free coordinates. */
    const whole = (part: X) => {
      const state = x.slice() as X;
      for (const [k, i] of free.entries()) state[i] = part[k];
      return state;
    };
    const get = <K extends CapabilityName>(name: K): Capabilities<X>[K] =>
      requireCapability(energy, name, "the test");
    return { rng, theta, energy, free, whole, get, part: energy.space.random(rng) };
  };
  const property = (check: (made: ReturnType<typeof setting>) => void) =>
    fc.assert(fc.property(fc.nat(), (seed) => check(setting(seed))));

  describe(`clamp over ${space.name}`, () => {
    it("is the energy with the known coordinates held, over the free ones alone", () => {
      property(({ theta, energy, free, whole, part }) => {
        expect(energy.space.name).toBe(space.name.replace(String(n), String(free.length)));
        expect([...energy.free]).toEqual(free);
        expect(energy.energy(part)).toBeCloseTo(wave(theta, whole(part)), 12);
        expect(energy.embed(part)).toEqual(whole(part));
        expect(energy.embed(part)).not.toBe(energy.embed(part));
        expect(energy.extract(whole(part))).toEqual(part);
        expect(Object.keys(energy.can).sort()).toEqual([...names].sort());
      });
    });

    it("has the live parameters of the whole, with their gradient at the whole state", () => {
      property(({ theta, whole, get, part }) => {
        const { values, addGradient } = get("parameters");
        expect(values).toBe(theta);
        const [found, truth] = [new Float64Array(n + 1), new Float64Array(n + 1)];
        addGradient(part, 2, found);
        requireCapability(make(theta), "parameters", "the test").addGradient(whole(part), 2, truth);
        expect(found).toEqual(truth);
      });
    });

    if (names.includes("gradient"))
      it("has the gradient of the free coordinates", () => {
        property(({ theta, energy, whole, get, part }) => {
          const out = new Float64Array(part.length);
          expect(get("gradient")(part as X & Float64Array, out)).toBeCloseTo(wave(theta, whole(part)), 12);
          expect(checkGradient(energy, part)).toMatchObject({ passed: true });
          expect(() => get("gradient")(part as X & Float64Array, new Float64Array(n + 1))).toThrow(
            /out has length/,
          );
        });
      });

    if (names.includes("moves"))
      it("has cursors that move the free coordinates alone", () => {
        property(({ rng, theta, energy, whole, get, part }) => {
          const cursor = get("moves")(part);
          const count = energy.space.moves?.count ?? 0;
          const expected = part.slice() as X;
          for (let step = 0; step < 8; step++) {
            const move = rng.index(count);
            const before = wave(theta, whole(cursor.state));
            expect(cursor.energy).toBeCloseTo(before, 9);
            const delta = cursor.delta(move);
            expect(cursor.deltas(new Float64Array(count))[move]).toBe(delta);
            cursor.apply(move);
            energy.space.moves?.apply(expected, move);
            expect(cursor.state).toEqual(expected);
            expect(wave(theta, whole(cursor.state)) - before).toBeCloseTo(delta, 9);
          }
        });
      });
  });
}

clamped(reals(3), ["gradient", "parameters"], realWave);
clamped(spins(4), ["moves", "parameters"], (theta) => waveEnergy(spins(4), theta, (x) => x));
clamped(trits(3), ["moves", "parameters"], (theta) => waveEnergy(trits(3), theta, (x) => x));

describe("clamp", () => {
  it("takes placeholders for what is free, and refuses them for what is known", () => {
    const { energy } = glass(2, 3);
    const held = clamp(energy, Int8Array.of(1, 0, 0), [1, 0, 0]);
    expect(held.energy(Int8Array.of(1, -1))).toBe(energy.energy(Int8Array.of(1, 1, -1)));
    expect(() => clamp(energy, Int8Array.of(0, 1, 1), [1, 0, 0])).toThrow(
      /state has 0 at 0, expected -1 or \+1/,
    );
    const bowl = realWave(Float64Array.of(1, 2, 3));
    expect(clamp(bowl, Float64Array.of(1, NaN), [1, 0]).energy(Float64Array.of(2))).toBe(
      bowl.energy(Float64Array.of(1, 2)),
    );
    expect(() => clamp(bowl, Float64Array.of(NaN, 1), [1, 0])).toThrow(/state has NaN at 0/);
  });

  it("refuses masks that fit nothing, and states that no mask has a meaning for", () => {
    const { energy, state } = glass(1, 4);
    expect(() => clamp(energy, state, [1, 1, 1, 1])).toThrow(
      /known marks all 4 coordinates; nothing is free/,
    );
    expect(() => clamp(energy, state, [1])).toThrow(/known has length 1, expected 4/);
    expect(() => clamp(energy, state.slice(1), [1, 0, 0])).toThrow(/state has length 3, expected 4/);
    const held = clamp(energy, state, [1, 0, 0, 1]);
    expect(() => held.energy(state)).toThrow(/state has length 4, expected 2/);
    expect(() => held.extract(state.slice(1))).toThrow(/state has length 3, expected 4/);
    const joint = plainEnergy(labeled(reals(1), 2), ({ x, y }) => x[0] * y);
    expect(() => clamp(joint, { x: Float64Array.of(1), y: 0 }, [1, 0])).toThrow(
      /no walk over 1 reals with one of 2 labels; hold the label, or marginalize it/,
    );
  });
});
