import { clamp, complete, correct, enumerate } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { orderGlass } from "../fixtures/energies.ts";
import { permutations } from "../fixtures/permutations.ts";
import { statesOf } from "../kernels/stationarity.ts";

const space = permutations(4);
const { moves } = space;
const states = statesOf(space);
const energy = orderGlass(4, 6);
const lowest = (all: readonly Uint8Array[]) =>
  all.reduce((best, x) => (energy.energy(x) < energy.energy(best) ? x : best));

describe("the space of orders, written by a user", () => {
  test("numbers its 24 states, and a tour meets each once", () => {
    expect(space.count).toBe(24);
    expect(space.logCount).toBeCloseTo(Math.log(24), 12);
    expect(new Set(states.map(String)).size).toBe(24);
    expect(states.map(moves.index)).toEqual(Array.from(states.keys()));
    const x = moves.first();
    const met = new Set([String(x)]);
    moves.tour((move) => {
      moves.apply(x, move);
      met.add(String(x));
    });
    expect(met).toEqual(new Set(states.map(String)));
  });

  test("has six moves from every state, to different ones, with ways back", () => {
    for (const state of states) {
      const reached = Array.from({ length: moves.count }, (_, move) => {
        const x = state.slice();
        moves.apply(x, move);
        space.check(x);
        expect(space.distance(x, state)).toBe(2);
        const there = String(x);
        moves.apply(x, moves.inverse(move));
        expect(x).toEqual(state);
        return there;
      });
      expect(new Set(reached).size).toBe(6);
    }
  });

  test("fills what is unknown with the values that are left, and keeps those that are legal", () => {
    const rng = createRng(1);
    for (let k = 0; k < 20; k++) {
      const filled = space.fill(rng, Uint8Array.of(9, 3, 0, 9), [false, true, false, false], 1);
      space.check(filled);
      expect([filled[1], filled[2]]).toEqual([3, 0]);
    }
    // What a known coordinate has, a free one gives up.
    expect(space.fill(rng, Uint8Array.of(2, 1, 0, 2), [false, false, false, true], 1)).toEqual(
      Uint8Array.of(3, 1, 0, 2),
    );
    expect(() => space.fill(rng, Uint8Array.of(2, 2, 0, 9), [true, true, true, false], 1)).toThrow(
      "known coordinate 1 is 2, expected a value that no other has",
    );
  });

  test("refuses what is no order, naming the entry", () => {
    expect(() => space.check(Uint8Array.of(0, 1, 2))).toThrow("state has length 3, expected 4");
    expect(() => space.check(Uint8Array.of(0, 1, 2, 4))).toThrow(
      "state has 4 at 3, expected one of 0, 1, 2, 3",
    );
    expect(() => space.check(Uint8Array.of(0, 1, 2, 0))).toThrow(
      "state has 0 at 0 and at 3, expected every value once",
    );
  });
});

describe("tasks on orders agree with brute force", () => {
  const start = Uint8Array.of(3, 1, 0, 2);
  test("enumerate", () => {
    const { logPartition, minimum } = enumerate(energy);
    const Z = states.reduce((sum, x) => sum + Math.exp(-energy.energy(x)), 0);
    expect(logPartition).toBeCloseTo(Math.log(Z), 10);
    expect(minimum).toBeCloseTo(energy.energy(lowest(states)), 10);
  });
  test("clamp, whose moves exchange free places alone", () => {
    const part = clamp(energy, start, [false, true, false, false]);
    expect(part.space.count).toBe(6);
    for (const state of statesOf(part.space)) {
      const cursor = part.can.moves(state);
      for (let move = 0; move < 3; move++) {
        const there = state.slice();
        part.space.moves?.apply(there, move);
        expect(cursor.delta(move)).toBeCloseTo(part.energy(there) - part.energy(state), 10);
        expect(part.embed(there)[1]).toBe(1);
      }
    }
  });
  test("complete, by comparing all and by descent", () => {
    const known = [false, true, false, false];
    const best = lowest(states.filter((x) => x[1] === 1));
    expect(complete(energy, start, { known, seed: 1 })).toMatchObject({ state: best, certificate: "exact" });
    expect(complete(energy, start, { known, maxStates: 0, restarts: 20, seed: 1 })).toMatchObject({
      state: best,
      certificate: "local",
    });
  });
  test("correct, by comparing the ball and by descent in it", () => {
    for (const radius of [0, 2, 3, 4]) {
      const ball = states.filter((x) => space.distance(x, start) <= radius);
      const exact = correct(energy, start, { radius });
      expect(exact).toMatchObject({ state: lowest(ball), certificate: "exact" });
      const local = correct(energy, start, { radius, maxStates: 1 });
      expect(local.certificate).toBe("local");
      expect(local.distance).toBeLessThanOrEqual(radius);
      expect(local.energy).toBeLessThanOrEqual(energy.energy(start));
      expect(local.energy).toBeGreaterThanOrEqual(exact.energy - 1e-12);
    }
  });
});
