import {
  checkCursor,
  complete,
  correct,
  denseQuadratic,
  EnergyValueError,
  enumerate,
  plainEnergy,
  recall,
  type SpinEnergy,
  spins,
} from "@basin/energy-core";
import { describe, expect, it } from "vitest";

const N = 8;
const ring = (s: Int8Array) => -s.reduce((sum, spin, i) => sum + spin * s[(i + 1) % N], 0);

/** A ring of spins whose cursor multiplies every difference by `factor`. */
function ringWith(factor: number): SpinEnergy {
  const moves = (x: Int8Array) => {
    const state = x.slice();
    const cursor = {
      state,
      energy: ring(state),
      delta: (i: number) => factor * 2 * state[i] * (state[(i + 1) % N] + state[(i + N - 1) % N]),
      deltas(out: Float64Array) {
        for (let i = 0; i < N; i++) out[i] = cursor.delta(i);
        return out;
      },
      apply(i: number) {
        cursor.energy += cursor.delta(i);
        state[i] = -state[i];
      },
    };
    return cursor;
  };
  return { space: spins(N), energy: ring, can: { moves } };
}

const start = new Int8Array(N).fill(1);

describe("checkCursor", () => {
  it("passes a right cursor and names the worst move of a wrong one", () => {
    expect(checkCursor(ringWith(1), start)).toMatchObject({ passed: true, error: 0, actual: 4 });
    const wrong = checkCursor(ringWith(0.5), start);
    expect(wrong).toMatchObject({ passed: false, move: 0, claimed: 2, actual: 4 });
    expect(wrong.error).toBeCloseTo(0.5, 6);
    expect(checkCursor(ringWith(Number.NaN), start).error).toBe(Number.POSITIVE_INFINITY);
  });

  it("finds a cursor whose apply alone is wrong", () => {
    const right = ringWith(1);
    const moves = (x: Int8Array) => {
      const cursor = right.can.moves(x);
      const apply = (i: number) => {
        cursor.apply(i);
        Object.assign(cursor, { energy: cursor.energy + 1 });
      };
      return Object.assign(Object.create(cursor), { apply, delta: cursor.delta, deltas: cursor.deltas });
    };
    expect(checkCursor({ ...right, can: { moves } }, start)).toMatchObject({ passed: false, actual: 4 });
  });

  it("passes over walls, and forgives the rounding of large totals", () => {
    const walled = plainEnergy(spins(3), (s) => (s[0] < 0 ? Number.POSITIVE_INFINITY : s[1] + s[2]));
    expect(checkCursor(walled, Int8Array.of(1, 1, 1)).passed).toBe(true);
    const large = plainEnergy(spins(2), (s) => 1e12 + 1e-3 * s[0] * s[1]);
    expect(checkCursor(large, Int8Array.of(1, 1)).passed).toBe(true);
  });
});

describe("a cursor that contradicts its energy", () => {
  const message =
    "the cursor does not belong to the energy: move 0 changes the energy by 4, 2 times as much, but the cursor says 2";

  it.each([
    ["recall", (energy: SpinEnergy) => recall(energy, start)],
    ["correct", (energy: SpinEnergy) => correct(energy, start, { radius: 2 })],
    ["enumerate", (energy: SpinEnergy) => enumerate(energy)],
    [
      "complete",
      (energy: SpinEnergy) => complete(energy, start, { known: [1, 0, 0, 0, 0, 0, 0, 0], seed: 1 }),
    ],
  ])("is refused by %s before the first step", (_, task) => {
    expect(() => task(ringWith(0.5))).toThrow(EnergyValueError);
    expect(() => task(ringWith(0.5))).toThrow(/changes the energy by -?\d, 2 times as much/);
    expect(() => task(ringWith(1))).not.toThrow();
  });

  it("is looked at again where no move changed the energy the first time", () => {
    const energy = ringWith(0.5);
    const flat = Int8Array.of(1, 1, -1, -1, 1, 1, -1, -1);
    expect(() => recall(energy, flat)).not.toThrow();
    expect(() => recall(energy, start)).toThrow(message);
  });

  it("is found at a start whose first moves change nothing", () => {
    // The four moves that are tried first, 0, 4, 8 and 12, are between unequal neighbors; move 2 is not.
    const ring = (s: Int8Array) => -s.reduce((sum, spin, i) => sum + spin * s[(i + 1) % 16], 0);
    const energy = plainEnergy(spins(16), ring);
    const moves = (x: Int8Array) => {
      const cursor = energy.can.moves(x);
      const delta = (i: number) => cursor.delta(i) / 2;
      return Object.assign(Object.create(cursor), { delta, apply: (i: number) => cursor.apply(i) });
    };
    const state = Int8Array.of(1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1);
    expect([0, 4, 8, 12].map((i) => state[(i + 15) % 16] + state[i + 1])).toEqual([0, 0, 0, 0]);
    expect(() => recall({ ...energy, can: { moves } }, state)).toThrow("2 times as much");
  });

  it("costs a memory no more than a few energies", () => {
    const memory = denseQuadratic([
      [0, 1],
      [1, 0],
    ]);
    expect(recall(memory, Int8Array.of(1, -1)).energy).toBe(-1);
  });
});
