import { labeled, landscape, plainEnergy, quadrature, reals, restrict, spins } from "@basin/energy-core";
import { realDimension } from "@basin/energy-core/internal";
import { expect, it } from "vitest";

const length = plainEnergy(reals(3), (x) => Math.hypot(...x));
const pair = plainEnergy(labeled(reals(1), 2), ({ x, y }) => (x[0] - y) ** 2);

it("returns the dimension of reals", () => {
  expect(realDimension(length, "a test")).toBe(3);
});

it("refuses spins, and reals with a label, in the name of who asks", () => {
  const refusal = (rest: string) => new RegExp(`^${rest}$`);
  expect(() => realDimension(plainEnergy(spins(2), () => 0) as never, "a test")).toThrow(
    refusal("a test needs an energy over reals, this one is over 2 spins"),
  );
  const other = pair as never;
  const over = "needs an energy over reals, this one is over 1 reals with one of 2 labels";
  expect(() => restrict(other, { low: 0, high: 1 })).toThrow(refusal(`restrict ${over}`));
  expect(() => quadrature(other, { box: [[0, 1]] })).toThrow(refusal(`quadrature ${over}`));
  expect(() => landscape(other, Float64Array.of(0), [])).toThrow(refusal(`landscape ${over}`));
});
