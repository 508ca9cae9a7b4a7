import { expect, it, vi } from "vitest";
import { buildProgram } from "../src/program.ts";
import { run } from "../src/run.ts";

it("basin jem experiment q1 prints a row a method and k", async () => {
  let text = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += part;
    return true;
  });
  const options = ["--problems", "two moons", "--updates", "2", "--seed", "3", "--seeds", "1"];
  try {
    expect(await run(buildProgram(), ["node", "basin", "jem", "experiment", "q1", ...options])).toBe(0);
  } finally {
    spy.mockRestore();
  }
  for (const name of ["CD", "PCD", "CD, time-reversal weights", "PGD + cross-entropy", "PGD + BCE"]) {
    for (const k of [1, 5, 20]) expect(text).toContain(`\n${name}, k = ${k} `);
  }
});
