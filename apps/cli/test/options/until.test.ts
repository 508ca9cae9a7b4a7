import { expect, test } from "vitest";
import { sampleUntil, simulateUntil, solveUntil } from "../../src/options/until.ts";

test("goals are read by their names, and the time as milliseconds", async () => {
  expect(await sampleUntil("").read("ess-bulk=400, r-hat=1.01,time=2s")).toEqual({
    essBulk: 400,
    rHat: 1.01,
    timeLimit: 2000,
  });
  expect(await solveUntil("").read("target=-20,time=1m")).toEqual({ target: -20, timeLimit: 60_000 });
  expect(await simulateUntil("").read("energy-per-site=1e-3,binder=0.1,max-sweeps=500")).toEqual({
    standardError: { energyPerSite: 1e-3, binder: 0.1 },
    maxSweeps: 500,
  });
});

test.each([
  ["ess=400", '"ess" is no goal; known: ess-bulk'],
  ["r-hat=1", "above 1"],
  ["time=", "duration"],
  ["ess-bulk=4,ess-bulk=5", "twice"],
])("%s is refused", async (text, message) => {
  await expect(sampleUntil("").read(text)).rejects.toThrow(message);
});
