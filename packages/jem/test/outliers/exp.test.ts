import { exp } from "@basin/energy-core/random";
import { expect, it } from "vitest";
import { expOfSteps, STEPS } from "../../src/outliers/exp.ts";

const expBelow0 = (x: number) => expOfSteps(x * STEPS);

it("e^x of x ≤ 0 is the exponential within (5 + |x|) · 2 · 10⁻¹⁶, down to where it is 0", () => {
  for (let k = 0; k <= 100_000; k++) {
    const x = (-708 * k) / 100_000;
    expect(Math.abs(expBelow0(x) / exp(x) - 1)).toBeLessThan((5 - x) * 2e-16);
  }
  expect(expBelow0(0)).toBe(1);
  expect(expBelow0(-744)).toBe(2 ** -1074 * Math.round(exp(-744) / 2 ** -1074));
  for (const x of [-745, -746, -1e300, Number.NEGATIVE_INFINITY]) expect(expBelow0(x)).toBe(0);
});
