import { checkGradient, plainEnergy, reals, restrict, spins } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { gaussian } from "@basin/energy-core/targets";
import { describe, expect, it } from "vitest";
import { realWave, wave, waveEnergy } from "../fixtures.ts";

describe("restrict", () => {
  it("is the energy inside the box, with its gradient and parameters, and +∞ outside", () => {
    const rng = createRng(6);
    const theta = Float64Array.of(0.3, -1.2, 0.7);
    const walled = restrict(realWave(theta), { low: -1, high: [2, Infinity] });
    expect(Object.keys(walled.can).sort()).toEqual(["gradient", "parameters"]);
    expect(walled.can.parameters.values).toBe(theta);
    let inside = 0;
    for (let trial = 0; trial < 100; trial++) {
      const x = Float64Array.of(2 * rng.normal(), 2 * rng.normal());
      const out = new Float64Array(2);
      const truth = x[0] >= -1 && x[0] <= 2 && x[1] >= -1 ? wave(theta, x) : Infinity;
      expect(walled.energy(x)).toBe(truth);
      expect(walled.can.gradient(x, out)).toBe(truth);
      if (truth === Infinity || Math.min(x[0] + 1, 2 - x[0], x[1] + 1) < 0.01) continue;
      expect(checkGradient(walled, x)).toMatchObject({ passed: true });
      inside++;
    }
    expect(inside).toBeGreaterThan(30);
    for (const corner of [Float64Array.of(-1, -1), Float64Array.of(2, 50)]) {
      expect(walled.energy(corner)).toBe(wave(theta, corner));
    }
    expect(
      restrict(
        plainEnergy(reals(1), () => 0),
        { low: 0, high: 1 },
      ).can,
    ).toEqual({});
  });

  it("refuses empty boxes, and states that are no real vectors", () => {
    const bowl = gaussian({ dimension: 1 });
    expect(() => restrict(bowl, { low: 1, high: 0 })).toThrow(/side 0 of the box is from 1 to 0/);
    expect(() => restrict(bowl, { low: [0, 1], high: 2 })).toThrow(/low has length 2, expected 1/);
    const flips = waveEnergy(spins(2), new Float64Array(3), (s) => s);
    expect(() => restrict(flips as never, { low: 0, high: 1 })).toThrow(
      /restrict needs an energy over reals, this one is over 2 spins/,
    );
  });
});
