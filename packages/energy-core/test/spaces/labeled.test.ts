import { correct, descend, labeled, plainEnergy, reals, spins } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { gTest } from "@basin/testing";
import { describe, expect, it } from "vitest";

const space = labeled(reals(2), 3);
const at = (y: number, ...x: number[]) => ({ x: Float64Array.from(x), y });

describe("labeled", () => {
  it("has the coordinates of the input and then the label", () => {
    expect(space).toMatchObject({ name: "2 reals with one of 3 labels", dimension: 3, count: Infinity });
    expect(labeled(spins(3), 5).count).toBe(40);
    expect(labeled(spins(3), 5).logCount).toBeCloseTo(Math.log(40), 12);
    for (const labels of [0, 1.5]) expect(() => labeled(reals(1), labels)).toThrow(/^labels is/);
  });

  it("names what is no input and what is no label", () => {
    space.check(at(2, 0, 1));
    for (const y of [3, -1, 0.5, NaN]) {
      expect(() => space.check(at(y, 0, 1))).toThrow(
        new RegExp(`^state has label ${y}, expected an integer from 0 to 2$`),
      );
    }
    expect(() => space.check(at(0, 1))).toThrow(/state has length 1, expected 2/);
    expect(() => space.check(at(0, 1, NaN), "datum 4")).toThrow(/^datum 4 has NaN at 1/);
  });

  it("draws labels uniformly, whatever the input", () => {
    const rng = createRng(6);
    const small = labeled(spins(1), 3);
    const counts = new Float64Array(6);
    for (let draw = 0; draw < 3000; draw++) {
      const { x, y } = draw % 2 === 0 ? small.random(rng) : small.restart(rng, small.random(rng), 1);
      counts[2 * y + (x[0] > 0 ? 1 : 0)]++;
    }
    expect(
      gTest(
        counts,
        counts.map(() => 1 / 6),
      ).pValue,
    ).toBeGreaterThan(1e-6);
    const again = space.restart(rng, at(0, 5, 5), 1e-9);
    expect(again.x[0]).toBeCloseTo(5, 6);
    const starts = [
      ...space.starts(rng, {
        box: [
          [0, 1],
          [4, 5],
        ],
        starts: 20,
      }),
    ];
    expect(starts.length).toBe(20);
    for (const start of starts) {
      space.check(start);
      expect(start.x[1]).toBeGreaterThanOrEqual(4);
    }
  });

  it("fills in an input and a label that are none", () => {
    const rng = createRng(1);
    const labels = new Set<number>();
    for (let draw = 0; draw < 60; draw++) {
      const filled = space.fill(rng, at(NaN, 1, NaN), [1, 0, 0], 1);
      space.check(filled);
      expect(filled.x[0]).toBe(1);
      labels.add(filled.y);
    }
    expect([...labels].sort()).toEqual([0, 1, 2]);
    expect(space.fill(rng, at(2, 1, 4), [0, 0, 0], 1)).toEqual(at(2, 1, 4));
    expect(() => space.fill(rng, at(3, 1, 4), [0, 0, 1], 1)).toThrow(/state has label 3/);
    expect(() => space.fill(rng, at(0, NaN, 4), [1, 0, 1], 1)).toThrow(/known coordinate 0 is NaN/);
    for (const known of [
      [1, 1],
      [1, 1, 1, 1],
    ])
      expect(() => space.fill(rng, at(NaN, 1, 4), known, 1)).toThrow(
        new RegExp(`known has length ${known.length}, expected 3`),
      );
  });

  it("counts another label as one step of distance", () => {
    expect(space.distance(at(0, 0, 0), at(0, 3, 4))).toBe(5);
    expect(space.distance(at(0, 0, 0), at(2, 3, 4))).toBe(6);
  });

  it("copies and assigns without sharing", () => {
    const a = at(1, 5, 6);
    const copy = space.copy(a);
    expect(copy).toEqual(a);
    space.assign(copy, at(2, 7, 8));
    expect([copy, a]).toEqual([at(2, 7, 8), at(1, 5, 6)]);
  });

  it("gives every function the energies of all labels", () => {
    const energy = plainEnergy(space, ({ x, y }) => x[0] + 10 * x[1] + 100 * y);
    const { input, count, energies } = energy.can.labels;
    expect([input.name, count]).toEqual(["2 reals", 3]);
    expect([...energies(Float64Array.of(1, 2), new Float64Array(3))]).toEqual([21, 121, 221]);
    expect(() => energy.energy(at(3, 1, 2))).toThrow(/state has label 3/);
  });

  it("has no walk of its own, and says what to do instead", () => {
    const energy = plainEnergy(space, ({ x, y }) => x[0] * y);
    const advice = "has no walk over 2 reals with one of 3 labels; hold the label, or marginalize it";
    expect(() => descend(energy, at(0, 1, 2))).toThrow(`descend ${advice}`);
    expect(() => correct(energy, at(0, 1, 2), { radius: 1 })).toThrow(`correct ${advice}`);
    expect(() => space.part(at(0, 1, 2), [1, 0, 0])).toThrow(`a mask ${advice}`);
  });
});
