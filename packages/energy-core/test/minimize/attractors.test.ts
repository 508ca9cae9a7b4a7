import { attractors, descend, labeled, plainEnergy, reals, restrict, spins } from "@basin/energy-core";
import { doubleWell, gaussianMixture } from "@basin/energy-core/targets";
import { zThreshold } from "@basin/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, glass, levels, type Sites, tableEnergy, trits } from "../fixtures.ts";

describe("attractors of spins", () => {
  it("are the ends of all descents, with the shares of the states", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8 }), (seed, n) => {
        const { energy } = glass(seed, n, 1);
        const ends = new Map<string, number>();
        for (const state of allStates([-1, 1], n, new Int8Array(n))) {
          const key = descend(energy, state).state.join();
          ends.set(key, (ends.get(key) ?? 0) + 1);
        }
        const found = attractors(energy, { seed: 1 });
        expect(found).toMatchObject({ exhaustive: true, starts: 2 ** n });
        expect(found.attractors.length).toBe(ends.size);
        for (const { state, basin, energy: value } of found.attractors) {
          expect(basin).toBe((ends.get(state.join()) ?? 0) / 2 ** n);
          expect(value).toBe(energy.energy(state));
        }
        const energies = found.attractors.map(({ energy: value }) => value);
        expect(energies).toEqual([...energies].sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });

  it("are estimated by a census beyond, within its error bars", () => {
    const { energy } = glass(5, 10, 1);
    const truth = attractors(energy, { seed: 1 }).attractors;
    const census = attractors(energy, { maxStates: 0, starts: 4000, seed: 3 });
    expect(census).toMatchObject({ exhaustive: false, starts: 4000, seed: 3 });
    for (const { state, basin } of truth) {
      const found = census.attractors.find((a) => a.state.join() === state.join());
      const error = Math.sqrt((basin * (1 - basin)) / 4000);
      expect(Math.abs((found?.basin ?? 0) - basin)).toBeLessThan(zThreshold(truth.length) * error);
    }
  });
});

describe.each([
  ["trits", trits, [0, 1, 2], new Uint8Array(5)],
  ["levels", levels, [-2, 1, 4, 7], new Int8Array(5)],
] as const)("attractors of %s", (_, make, values, like) => {
  const setting = (seed: number, n: number, walls: number) => {
    const states = allStates<Sites>(values, n, like);
    const { at, energy } = tableEnergy<Sites, object>(make(n) as never, states, seed, walls);
    const near = (x: Sites) => states.filter((y) => y.filter((v, i) => v !== x[i]).length === 1);
    const isMinimum = (x: Sites) => near(x).every((y) => at(y) >= at(x));
    return { states, at, energy, near, isMinimum };
  };

  it("are the states that no single change lowers, with the shares that steepest descent gives", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 3 }), (seed, n) => {
        const { states, at, energy, near, isMinimum } = setting(seed, n, 0);
        const walk = (x: Sites): Sites =>
          isMinimum(x) ? x : walk(near(x).reduce((a, b) => (at(b) < at(a) ? b : a)));
        const ends = new Map<string, number>();
        for (const x of states) ends.set(String(walk(x)), (ends.get(String(walk(x))) ?? 0) + 1);
        const found = attractors(energy, { seed: 1 });
        expect(found).toMatchObject({ exhaustive: true, starts: states.length });
        const minima = states.filter(isMinimum).sort((a, b) => at(a) - at(b));
        expect(found.attractors.map(({ state }) => String(state))).toEqual(minima.map(String));
        for (const { state, energy: value, basin, standardError } of found.attractors) {
          expect([value, standardError]).toEqual([at(state), 0]);
          expect(basin).toBeCloseTo((ends.get(String(state)) as number) / states.length, 12);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("are the same with walls, where equal ways out are told apart by the number of the move", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 3 }), (seed, n) => {
        const { states, at, energy, isMinimum } = setting(seed, n, 0.5);
        const ends = new Map<string, number>();
        for (const x of states) {
          const key = String(descend(energy, x).state);
          ends.set(key, (ends.get(key) ?? 0) + 1);
        }
        const found = attractors(energy, { seed: 1 }).attractors;
        expect(found.map(({ state }) => String(state)).sort()).toEqual(
          states.filter(isMinimum).map(String).sort(),
        );
        for (const { state, basin } of found) {
          expect(basin).toBeCloseTo((ends.get(String(state)) as number) / states.length, 12);
          expect(at(state)).toBe(energy.energy(state));
        }
      }),
      { numRuns: 25 },
    );
  });

  it("are estimated by a census beyond, within its error bars", () => {
    const { energy } = setting(5, 4, 0);
    const truth = attractors(energy, { seed: 1 }).attractors;
    const census = attractors(energy, { maxStates: 10, starts: 4000, seed: 3 });
    expect(census).toMatchObject({ exhaustive: false, starts: 4000, seed: 3 });
    for (const { state, basin } of truth) {
      const found = census.attractors.find((a) => String(a.state) === String(state));
      const error = Math.sqrt((basin * (1 - basin)) / 4000);
      expect(Math.abs((found?.basin ?? 0) - basin)).toBeLessThan(zThreshold(truth.length) * error);
    }
  });
});

describe("attractors of reals", () => {
  it("are the wells, with basins that meet at the top between them", () => {
    const well = doubleWell({ barrier: 3, tilt: 0.5 });
    const found = attractors(well, { box: [[-2, 2]], grid: 400, seed: 1 });
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
    const inside = attractors(restrict(well, { low: 0, high: 2 }), { box: [[-2, 2]], grid: 10, seed: 1 });
    expect(inside.starts).toBe(5);
  });

  it("need a box", () => {
    expect(() => attractors(doubleWell(), {})).toThrow(/box has 0 intervals, expected one for each of 1/);
    expect(() => attractors(doubleWell(), { box: [[1, -1]] })).toThrow(/interval 0 of the box is \[1, -1\]/);
  });

  it("need a gradient, or moves", () => {
    const rough = plainEnergy(reals(1), (x) => Math.abs(x[0]));
    expect(() => attractors(rough, { box: [[0, 1]], grid: 2 })).toThrow(
      /^attractors needs an energy with a gradient; this one, over 1 reals, has none$/,
    );
    const joint = plainEnergy(labeled(spins(1), 2), () => 0);
    expect(() => attractors(joint)).toThrow(
      /attractors needs discrete states with moves; 1 spins with one of 2/,
    );
    expect(() =>
      attractors(
        plainEnergy(spins(1), () => 0),
        { maxStates: 2 ** 23 },
      ),
    ).toThrow(/maxStates is 8388608/);
  });
});
