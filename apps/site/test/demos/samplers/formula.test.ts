import { describe, expect, test } from "vitest";
import { formulaEnergy } from "../../../src/demos/samplers/formula.ts";

const at = (text: string, x: number, y: number) => formulaEnergy(text).energy(Float64Array.of(x, y));

describe("a typed formula", () => {
  test("is the energy that it says, with the precedence of mathematics", () => {
    expect(at("-x^2 + 2x*y + 3x^4 + y^2", 2, 3)).toBeCloseTo(-4 + 12 + 48 + 9, 12);
    expect(at("exp(x) + exp(-x) + max(x, y) + y^2 + pi", 0, 1)).toBeCloseTo(4 + Math.PI, 12);
    expect(at("x^2 + (y - 1)^2 / 2", 1, 3)).toBe(3);
  });

  test.each([
    ["alert(1)", 'unknown function "alert"'],
    ["x.constructor", "nothing that a formula may hold"],
    ['x["constructor"]("return 1")()', "formula"],
    ["constructor + x^2 + y^2", 'unknown name "constructor"'],
    ["f(x) = x^2", "nothing that a formula may hold"],
    ["x = 3; x", "nothing that a formula may hold"],
    ["x^2 + y^2 + z", 'unknown name "z"'],
    ["min(x)", "min has 1 arguments, expected 2"],
    ["x^2 +", "cannot be read"],
    ["", "empty"],
    [`${"(".repeat(100)}x${")".repeat(100)}`, "more than 64 deep"],
    [`${"-".repeat(1500)}x`, "deep|cannot be read"],
    [`${"x^".repeat(900)}2`, "deep|cannot be read"],
    ["x^2", "y"],
  ])("of %s is refused", (text, reason) => {
    expect(() => formulaEnergy(text)).toThrow(new RegExp(reason));
  });
});
