import { expect, it } from "vitest";
import { withFlags } from "../../src/options/resolve.ts";
import { text, word } from "../../src/options/settings.ts";

const settings = {
  file: word("<file>", "a file"),
  of: text("<name>", "logits"),
  stepSize: text("<n>", "a step"),
};

it.each([
  ["stepSize is 0, expected more", "--step-size is 0, expected more"],
  ['say of: "logits" or "probabilities"', 'say --of logits or "probabilities"'],
  ['a quantity (chainColumn: "none", --chain-column none)', "a quantity (--chain-column none)"],
  ['file is missing, or depth: "3"', 'file is missing, or depth: "3"'],
])("a message of the packages, %j, names the flags that there are: %j", (message, told) => {
  expect(withFlags(message, settings)).toBe(told);
});
