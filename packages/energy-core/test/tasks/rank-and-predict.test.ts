import { type JointEnergy, labeled, plainEnergy, predict, rank, reals } from "@basin/energy-core";
import { gaussian } from "@basin/energy-core/targets";
import { describe, expect, it } from "vitest";
import { allStates, tableEnergy, trits } from "../fixtures.ts";

describe("rank and predict", () => {
  const table = (row: number[]): JointEnergy<Float64Array> => ({
    space: labeled(reals(1), row.length),
    energy: ({ y }) => row[y],
    can: {
      labels: {
        input: reals(1),
        count: row.length,
        energies(_, out) {
          out.set(row);
          return out;
        },
      },
    },
  });
  const x = Float64Array.of(0);

  it("order by energy, stably, infinities last", () => {
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

  it("name the best label and its margin, with or without the joint capability", () => {
    const row = [3, -1, Infinity, 0.5];
    const found = predict(table(row), x);
    expect(found).toMatchObject({ label: 1, energy: -1, margin: 1.5, certificate: "exact" });
    const plain = plainEnergy(labeled(reals(1), 4), ({ y }) => row[y]);
    expect(predict(plain, x)).toEqual(found);
    expect(predict(table([2]), x).margin).toBe(Infinity);
    expect(predict(table([2, 2]), x)).toMatchObject({ label: 0, margin: 0 });
    expect(() => predict(table([Infinity, Infinity]), x)).toThrow(/all 2 labels have energy \+Infinity/);
    expect(() => predict(table([0, NaN]), x)).toThrow(/energy of label 1 is NaN/);
    expect(() => predict(gaussian({ dimension: 1 }) as never, x)).toThrow(/over inputs and labels/);
  });

  it("rank sites of any number of values", () => {
    const states = allStates([0, 1, 2], 3, new Uint8Array(3));
    const { at, energy } = tableEnergy(trits(3), states, 12);
    const { order } = rank(energy, states);
    const sorted = [...states.keys()].sort((a, b) => at(states[a]) - at(states[b]));
    expect([...order]).toEqual(sorted);
  });
});
