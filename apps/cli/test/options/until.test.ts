import { expect, test } from "vitest";
import { until } from "../../src/options/until.ts";

test("goals are read by their names, and the time as milliseconds", async () => {
  expect(await until("ess-bulk=400, r-hat=1.01,time=2s")).toEqual({
    essBulk: 400,
    rHat: 1.01,
    timeLimit: 2000,
  });
});

test.each([
  ["ess=400", '"ess" is no goal; known: ess-bulk'],
  ["r-hat=1", "above 1"],
  ["time=", "duration"],
  ["ess-bulk=4,ess-bulk=5", "twice"],
])("%s is refused", async (text, message) => {
  await expect(until(text)).rejects.toThrow(message);
});
