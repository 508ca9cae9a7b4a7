import { expect, test } from "vitest";
import { stopOf } from "../../src/solve/until.ts";

const search = (own: object) => ({
  ...{ reached: false, isStopped: false, secondsLeft: Number.POSITIVE_INFINITY },
  limits: { target: Number.NEGATIVE_INFINITY, states: 1 },
  ...own,
});
const timed = { target: Number.NEGATIVE_INFINITY, states: 1, timeLimit: 1000 };

test.each([
  [
    "a target that was reached before the time",
    { reached: true, secondsLeft: 0.5, limits: timed },
    "reached",
  ],
  ["a signal", { isStopped: true, limits: timed }, "signal"],
  ["the reads of a search without a limit", {}, "reads"],
  ["the end of the time", { secondsLeft: -0.01, limits: timed }, "timeLimit"],
  ["too little time left for another round", { secondsLeft: 0.1, limits: timed }, "timeLimit"],
  [
    "the sweeps asked for, long before the time",
    { secondsLeft: 0.5, limits: { ...timed, sweeps: 10 } },
    "reads",
  ],
  [
    "the time, also where sweeps were asked for",
    { secondsLeft: 0.05, limits: { ...timed, sweeps: 10 } },
    "timeLimit",
  ],
])("a search ends by %s", (_, own, expected) => {
  expect(stopOf(search(own))).toBe(expected);
});
