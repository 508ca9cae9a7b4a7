import { expect, test } from "vitest";
import { GROWTH } from "../../src/run/looks.ts";
import { stopRule } from "./stop-rule.ts";

test.each([
  [1, 0.8],
  [10, 0.5],
])(
  "%d parameters of AR(1) chains with ρ = %d: the bars of the stop rule over 1000 seeds",
  async (parameters, rho) => {
    const { covered, short, overshoot } = await stopRule(parameters, rho, 1000);
    expect(covered).toBeGreaterThanOrEqual(0.93);
    expect(covered).toBeLessThanOrEqual(0.97);
    expect(short).toBeLessThanOrEqual(0.05);
    expect(overshoot).toBeLessThanOrEqual(GROWTH);
  },
);
