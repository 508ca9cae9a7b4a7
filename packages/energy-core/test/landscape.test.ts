import { landscape, landscapePlane, plainEnergy, spins } from "@basin/energy-core";
import { banana, gaussian } from "@basin/energy-core/targets";
import { describe, expect, it } from "vitest";

describe("landscape", () => {
  const target = banana({ dimension: 3, curvature: 0.5, standardDeviation: 2 });

  it("lays energies out row by row, the others held", () => {
    const x = Float64Array.of(1, 2, 3);
    const map = landscape(target, x, [
      { coordinate: 2, low: -1, high: 1, points: 3 },
      { coordinate: 0, low: 0, high: 4, points: 5 },
    ]);
    expect(map.energies.shape).toEqual([5, 3]);
    expect([...map.horizontal]).toEqual([-1, 0, 1]);
    for (const [r, v] of map.vertical.entries()) {
      for (const [c, u] of map.horizontal.entries()) {
        expect(map.energies.data[r * 3 + c]).toBe(target.energy(Float64Array.of(v, 2, u)));
      }
    }
    const line = landscape(target, x, [{ coordinate: 1, low: 0, high: 1 }]);
    expect(line.energies.shape).toEqual([1, 101]);
    expect(line.energies.data[100]).toBe(target.energy(Float64Array.of(1, 1, 3)));
    expect([...x]).toEqual([1, 2, 3]);
    expect(() => landscape(target, x, [])).toThrow(/0 axes were given, expected one or two/);
    expect(() => landscape(target, x, [{ coordinate: 3, low: 0, high: 1 }])).toThrow(/coordinate is 3/);
    expect(() => landscape(plainEnergy(spins(1), () => 0) as never, x, [])).toThrow(
      /needs an energy over reals, this one is over 1 spins/,
    );
  });

  it("spans the plane through three states without stretching it", () => {
    const states = [
      [1, 2, 3],
      [4, 0, 3],
      [-1, 1, 8],
    ].map((x) => Float64Array.from(x));
    const plane = landscapePlane(target, states, { points: 7 });
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.hypot(...Array.from(a, (v, i) => v - b[i]));
    for (let a = 0; a < 3; a++) {
      const back = plane.stateAt(...plane.states[a]);
      expect(distance(back, states[a])).toBeLessThan(1e-12);
      for (let b = 0; b < a; b++) {
        expect(distance(plane.states[a], plane.states[b])).toBeCloseTo(distance(states[a], states[b]), 12);
      }
    }
    expect(plane.energies.data[8]).toBe(target.energy(plane.stateAt(plane.horizontal[1], plane.vertical[1])));
    const line = [0, 1, 2].map((v) => Float64Array.of(v, v, v));
    expect(() => landscapePlane(gaussian({ dimension: 3 }), line)).toThrow(/lie on one line/);
  });
});
