import {
  attractors,
  couplings,
  descend,
  type Edge,
  landscape,
  landscapePlane,
  plainEnergy,
  restrict,
  sparseQuadratic,
  spinsFromIndex,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { banana, doubleWell, gaussian, gaussianMixture } from "@basin/energy-core/targets";
import { zThreshold } from "@basin/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function glass(seed: number, n: number) {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) edges.push([i, j, rng.normal()]);
  return sparseQuadratic(
    couplings(n, edges),
    Float64Array.from({ length: n }, () => 0.3 * rng.normal()),
  );
}

describe("attractors of spins", () => {
  it("are the ends of all descents, with the shares of the states", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8 }), (seed, n) => {
        const energy = glass(seed, n);
        const ends = new Map<string, number>();
        for (let index = 0; index < 2 ** n; index++) {
          const key = descend(energy, spinsFromIndex(index, n)).state.join();
          ends.set(key, (ends.get(key) ?? 0) + 1);
        }
        const found = attractors(energy);
        expect(found).toMatchObject({ exhaustive: true, starts: 2 ** n });
        expect(found.attractors.length).toBe(ends.size);
        for (const { state, basin, energy: value } of found.attractors) {
          expect(basin).toBe((ends.get(state.join()) ?? 0) / 2 ** n);
          expect(value).toBe(energy.energy(state));
        }
        const energies = found.attractors.map(({ energy: value }) => value);
        expect(energies).toEqual([...energies].sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });

  it("are estimated by a census beyond, within its error bars", () => {
    const energy = glass(5, 10);
    const truth = attractors(energy).attractors;
    const census = attractors(energy, { maximumSpins: 0, starts: 4000, seed: 3 });
    expect(census).toMatchObject({ exhaustive: false, starts: 4000, seed: 3 });
    for (const { state, basin } of truth) {
      const found = census.attractors.find((a) => a.state.join() === state.join());
      const error = Math.sqrt((basin * (1 - basin)) / 4000);
      expect(Math.abs((found?.basin ?? 0) - basin)).toBeLessThan(zThreshold(truth.length) * error);
    }
  });
});

describe("attractors of reals", () => {
  it("are the wells, with basins that meet at the top between them", () => {
    const well = doubleWell({ barrier: 3, tilt: 0.5 });
    const found = attractors(well, { box: [[-2, 2]], grid: 400 });
    expect(found.attractors.length).toBe(2);
    expect(found.attractors[0].state[0]).toBeLessThan(-0.9);
    expect(found.attractors[0].basin + found.attractors[1].basin).toBe(1);
    const four = gaussianMixture({
      means: [
        [-3, -3],
        [3, 3],
        [-3, 3],
        [3, -3],
      ],
    });
    const census = attractors(four, {
      box: [
        [-5, 5],
        [-5, 5],
      ],
      starts: 400,
      seed: 9,
    });
    expect(census.attractors.length).toBe(4);
    for (const { basin, standardError } of census.attractors) {
      expect(Math.abs(basin - 0.25)).toBeLessThan(5.1 * standardError);
    }
    const inside = attractors(restrict(well, { low: 0, high: 2 }), { box: [[-2, 2]], grid: 10 });
    expect(inside.starts).toBe(5);
  });

  it("need a box", () => {
    expect(() => attractors(doubleWell(), {})).toThrow(/box has 0 intervals, expected one for each of 1/);
    expect(() => attractors(doubleWell(), { box: [[1, -1]] })).toThrow(/interval 0 of the box is \[1, -1\]/);
  });
});

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
    const spins = plainEnergy({ kind: "spins", dimension: 1 }, () => 0);
    expect(() => landscape(spins as never, x, [])).toThrow(
      /needs an energy over reals, this one is over spins/,
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
