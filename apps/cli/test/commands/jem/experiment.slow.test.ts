import { expect, it } from "vitest";
import { basin } from "../../basin.ts";

it("basin jem experiment q1 prints a row a method and k", async () => {
  const options = ["--problems", "two moons", "--updates", "2", "--seed", "3", "--seeds", "1"];
  const { code, stdout: text } = await basin("jem", "experiment", "q1", ...options);
  expect(code).toBe(0);
  for (const name of ["CD", "PCD", "CD, time-reversal weights", "PGD + cross-entropy", "PGD + BCE"]) {
    for (const k of [1, 5, 20]) expect(text).toContain(`\n${name}, k = ${k} `);
  }
});
