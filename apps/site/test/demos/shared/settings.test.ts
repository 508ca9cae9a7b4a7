import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  choice,
  fragmentOf,
  initialSettings,
  range,
  seed,
  settingsOfFragment,
  text,
} from "../../../src/demos/shared/settings.ts";

const schema = {
  temperature: range("Temperature", 2, [1, 4, 0.01]),
  speed: range("Speed", 3, [0, 8, 1]),
  size: choice("Size", "64", { 64: "64²", 128: "128²" }),
  formula: text("Formula", "x*x", 2),
  seed: seed(),
};
const initial = initialSettings(schema);
const read = (fragment: string) => settingsOfFragment(schema, fragment, initial);

describe("settings in the fragment of an address", () => {
  test("are read back as they were written, whatever they are", () => {
    const values = fc.record({
      temperature: fc.double({ min: 1, max: 4, noNaN: true }),
      speed: fc.integer({ min: 0, max: 8 }),
      size: fc.constantFrom("64" as const, "128" as const),
      formula: fc.string({ maxLength: 2000, unit: "grapheme-ascii" }).filter((s) => s.length <= 2000),
      seed: fc.nat(2 ** 32 - 1),
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(read(fragmentOf(schema, value))).toEqual(value);
      }),
      { seed: 1 },
    );
  });

  test("fall back to the defaults, part by part, where they are wrong", () => {
    expect(read("")).toEqual(initial);
    expect(read("#temperature=99&size=3&speed=1.5&seed=-1&other=1")).toEqual(initial);
    expect(read("#temperature=3&size=65&seed=&speed= ")).toEqual({ ...initial, temperature: 3 });
    expect(read("#constructor=1&__proto__=2&toString=3")).toEqual(initial);
    expect(read(`#formula=${"x".repeat(2001)}`)).toEqual(initial);
  });

  test("leave out what nobody changed", () => {
    expect(fragmentOf(schema, initial)).toBe("#");
    expect(fragmentOf(schema, { ...initial, size: "128" })).toBe("#size=128");
  });
});
