import { expect, it } from "vitest";
import { withFlags } from "../../src/options/resolve.ts";
import { text, word } from "../../src/options/settings.ts";

const settings = {
  file: word("<file>", "a file"),
  of: text("<name>", "logits"),
  stepSize: text("<n>", "a step"),
  until: { ...text("<goals>", "goals"), goals: { maxDraws: "max-draws" } },
};

it.each([
  ["stepSize is 0, expected more", "--step-size is 0, expected more"],
  ['say of: "logits" or "probabilities"', 'say --of logits or "probabilities"'],
  ['a quantity (chainColumn: "none", --chain-column none)', "a quantity (--chain-column none)"],
  ["maxDraws is 9, essBulk 1 of 4", "max-draws is 9, essBulk 1 of 4"],
  ["until.maxDraws is 3, expected 4", "max-draws of --until is 3, expected 4"],
  ["0.1 of 0.2; lower stepSize, or stepSizes", "0.1 of 0.2; lower --step-size, or stepSizes"],
  [
    'far apart for stepSize (1.03), near stepSize = 3, in a/stepSize and "at stepSize"',
    'far apart for stepSize (1.03), near stepSize = 3, in a/stepSize and "at stepSize"',
  ],
  ['file is missing, or depth: "3"', 'file is missing, or depth: "3"'],
])("a message of the packages, %j, names the flags that there are: %j", (message, told) => {
  expect(withFlags(message, settings)).toBe(told);
});
