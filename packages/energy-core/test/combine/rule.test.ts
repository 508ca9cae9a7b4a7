/** What the types of combinations promise, checked by tsc, beside what their records hold, checked by running. */

import {
  type Can,
  type Capabilities,
  clamp,
  denseQuadratic,
  differentiable,
  type Energy,
  type Labeled,
  labeled,
  marginalize,
  mixture,
  type Partials,
  plainEnergy,
  reals,
  requireCapability,
  restrict,
  scale,
  shift,
  spins,
  sum,
} from "@basin/energy-core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { realWave, trits, waveEnergy } from "../fixtures.ts";

/** `names` must list the keys of the type, all of them and no others; the record must have the same. */
function expectExactly<C extends object>({ can }: { readonly can: C }, names: { [K in keyof C]-?: true }) {
  expect(Object.keys(can).sort()).toEqual(Object.keys(names).sort());
}

const memory = denseQuadratic([
  [0, 1],
  [1, 0],
]);
const rough = plainEnergy(reals(1), (x) => Math.abs(x[0]));
const bowl = differentiable(1, (x, gradient) => {
  gradient[0] = x[0];
  return 0.5 * x[0] * x[0];
});
const smooth = realWave(Float64Array.of(1, 2, 3));
const parity = plainEnergy(spins(2), (s) => s[0] * s[1]);
const classes = plainEnergy(labeled(reals(1), 2), ({ x, y }) => x[0] * y);
const turned = plainEnergy(labeled(spins(2), 2), ({ x, y }) => x[0] * x[1] * y);
const learned = waveEnergy(labeled(reals(1), 2), Float64Array.of(1, 2, 3), ({ x, y }) => [...x, y]);
const rows = waveEnergy(trits(2), Float64Array.of(1, 2, 3), (x) => x);

describe("the type of a combination", () => {
  it("has the capabilities of its parts", () => {
    expectExactly(shift(memory, 1), { moves: true, parameters: true, quadratic: true });
    expectExactly(scale(memory, 2), { moves: true, parameters: true, quadratic: true });
    expectExactly(sum([memory, memory]), { moves: true, parameters: true, quadratic: true });
    expectExactly(sum([parity, parity]), { moves: true });
    expectExactly(shift(bowl, 1), { gradient: true });
    expectExactly(sum([smooth, smooth]), { gradient: true, parameters: true });
    expectExactly(mixture([rows, rows]), { moves: true, parameters: true });
    expectExactly(scale(classes, 2), { labels: true });
    expectExactly(mixture([learned, learned]), { labels: true, parameters: true });
    expectExactly(shift(rough, 1), {});
    expect(shift(memory, 1).can.moves(Int8Array.of(1, 1)).energy).toBe(0);
    expect(shift(smooth, 1).can.gradient(new Float64Array(2), new Float64Array(2))).toBe(4);
  });

  it("has the parameters of either part, and the moves of inputs whose label is summed over", () => {
    expectExactly(sum([parity, memory]), { moves: true, parameters: true });
    expectExactly(mixture([memory, parity]), { moves: true, parameters: true });
    expectExactly(marginalize(turned), { moves: true });
    const before = marginalize(turned).can.moves(Int8Array.of(1, 1));
    expect(before.delta(0)).toBeCloseTo(-Math.log(Math.E + 1) + Math.log(1 / Math.E + 1), 12);
    // @ts-expect-error of a list with weights it is not known which parts count
    expect(sum([parity, memory], [1, 0]).can.parameters).toBeUndefined();
  });

  it("loses what no rule carries over", () => {
    expectExactly(mixture([memory, memory]), { moves: true, parameters: true });
    expectExactly(clamp(memory, Int8Array.of(1, 1), [1, 0]), {
      moves: true,
      parameters: true,
      quadratic: true,
    });
    expectExactly(clamp(smooth, Float64Array.of(1, 1), [1, 0]), { gradient: true, parameters: true });
    expectExactly(restrict(smooth, { low: 0, high: 1 }), { gradient: true, parameters: true });
    expectExactly(restrict(rough, { low: 0, high: 1 }), {});
    expectExactly(marginalize(classes), {});
    expectExactly(marginalize(learned), { parameters: true });
    type Joint = Can<Labeled<Float64Array>, "labels" | "parameters">;
    const held = (energy: Energy<Labeled<Float64Array>, Joint>, x: Labeled<Float64Array>) =>
      clamp(energy, x, [1, 0]);
    expectTypeOf<keyof ReturnType<typeof held>["can"]>().toEqualTypeOf<"parameters">();
    const walled = (energy: Energy<Float64Array, Can<Float64Array, "gradient" | "moves">>) =>
      restrict(energy, { low: 0, high: 1 });
    expectTypeOf<keyof ReturnType<typeof walled>["can"]>().toEqualTypeOf<"gradient">();
  });

  it("has no gradient where no part had one", () => {
    // @ts-expect-error a plain function on reals has no gradient, and neither has its shift
    expect(shift(rough, 1).can.gradient).toBeUndefined();
    // @ts-expect-error nor a sum of it with one that has
    expect(sum([bowl, rough]).can.gradient).toBeUndefined();
    // @ts-expect-error nor a mixture
    expect(mixture([rough, bowl]).can.gradient).toBeUndefined();
    // @ts-expect-error nor does summing labels out give one
    expect(marginalize(learned).can.gradient).toBeUndefined();
    // @ts-expect-error labels are gone once they are summed out
    expect(marginalize(learned).can.labels).toBeUndefined();
    // @ts-expect-error a mixture of quadratic energies is not quadratic
    expect(mixture([memory, memory]).can.quadratic).toBeUndefined();
  });

  it("is that of an energy, not of what came in", () => {
    const named = Object.assign(denseQuadratic([[0]]), { extra: () => "a method of its own" });
    expect(named.extra()).toBe("a method of its own");
    // @ts-expect-error a shifted memory is an energy, and no memory
    expect(shift(named, 1).extra).toBeUndefined();
    // @ts-expect-error
    expect(sum([named]).thresholds).toBeUndefined();
    // @ts-expect-error
    expect(clamp(memory, Int8Array.of(1, 1), [1, 0]).weights).toBeUndefined();
    const able = { ...bowl, can: { ...bowl.can, fly: () => 1 } };
    // @ts-expect-error a capability that Basin does not know has no rule
    expect(scale(able, 2).can.fly).toBeUndefined();
    expectExactly(scale(able, 2), { gradient: true });
  });

  it("does not know what an energy in general can do, until it is asked", () => {
    const some: Energy<Float64Array> = bowl;
    expectTypeOf(some.can).toEqualTypeOf<Partials<Float64Array>>();
    // @ts-expect-error the gradient may be absent
    expect(shift(some, 1).can.gradient(Float64Array.of(2), new Float64Array(1))).toBe(3);
    const gradient = requireCapability(shift(some, 1), "gradient", "the test");
    expectTypeOf(gradient).toEqualTypeOf<Capabilities<Float64Array>["gradient"]>();
    expect(gradient(Float64Array.of(2), new Float64Array(1))).toBe(3);
  });

  it("takes energies alone", () => {
    expect(() => sum("ab" as never)).toThrow(
      'what a sum is given is the string "ab", expected an array of energies',
    );
    expect(() => sum([bowl, 2 as never])).toThrow("what a sum is given is 2, expected an energy");
  });

  it("keeps apart states of different kinds", () => {
    // @ts-expect-error spins are no reals
    expect(() => sum([bowl, parity])).toThrow(/part 1 of a sum is over 2 spins, part 0 over 1 reals/);
    // @ts-expect-error bytes are no spins
    expect(() => shift(rows, 1).energy(Int8Array.of(-1, 0))).toThrow(/state has -1 at 0/);
    // @ts-expect-error restriction is for reals
    expect(() => restrict(parity, { low: 0, high: 1 })).toThrow(/restrict needs an energy over reals/);
    expectTypeOf(marginalize(classes).energy).parameter(0).toEqualTypeOf<Float64Array>();
  });
});
