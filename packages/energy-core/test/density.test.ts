import { logDensity, restrict } from "@basin/energy-core";
import { gaussian } from "@basin/energy-core/targets";
import { describe, expect, it } from "vitest";

describe("logDensity", () => {
  it("agrees with the normal density", () => {
    const normal = gaussian({ dimension: 1 });
    const { logPartition } = normal;
    expect(logDensity(normal, Float64Array.of(2), { logPartition })).toBeCloseTo(
      -2 - 0.5 * Math.log(2 * Math.PI),
      12,
    );
    expect(logDensity(normal, Float64Array.of(2), { temperature: 2 })).toBe(-1);
    const wall = restrict(normal, { low: 0, high: 1 });
    expect(logDensity(wall, Float64Array.of(2), { inverseTemperature: 0 })).toBe(-Infinity);
  });
});
