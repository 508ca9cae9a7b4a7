import { plainEnergy, rank, reals } from "@basin/energy-core";
import { describe, expect, it } from "vitest";
import { allStates, tableEnergy, trits } from "../fixtures.ts";

describe("rank", () => {
  it("orders by energy, stably, infinities last", () => {
    const values = [2, Infinity, 1, 2, Infinity, -3, NaN];
    const energy = plainEnergy(reals(1), (v) => values[v[0]]);
    const states = values.map((_, k) => Float64Array.of(k));
    const { order, energies } = rank(energy, states.slice(0, 6));
    expect([...order]).toEqual([5, 2, 0, 3, 1, 4]);
    expect(energies[5]).toBe(-3);
    expect(() => rank(energy, [])).toThrow(/no states/);
    expect(() => rank(energy, [states[0], states[6]])).toThrow(/energy of state 1 is NaN/);
    expect(() => rank(energy, [Float64Array.of(NaN)])).toThrow(/state has NaN at 0/);
  });

  it("orders sites of any number of values", () => {
    const states = allStates([0, 1, 2], 3, new Uint8Array(3));
    const { at, energy } = tableEnergy(trits(3), states, 12);
    const { order } = rank(energy, states);
    const sorted = [...states.keys()].sort((a, b) => at(states[a]) - at(states[b]));
    expect([...order]).toEqual(sorted);
  });
});
