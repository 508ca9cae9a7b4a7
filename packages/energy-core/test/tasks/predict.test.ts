import { type JointEnergy, labeled, plainEnergy, predict, reals } from "@basin/energy-core";
import { gaussian } from "@basin/energy-core/targets";
import { expect, it } from "vitest";

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

it("names the best label and its margin, with or without the joint capability", () => {
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
