import { expect, test } from "vitest";
import { optionMethods, optionParameters } from "../../src/option-parameters.ts";
import { readOwnSurface } from "../../src/surface.ts";

using surface = readOwnSurface();
const calls = [...optionParameters(surface), ...optionMethods(surface)].filter(
  ({ seed }) => seed !== undefined,
);

// docs/decisions/0020-words-and-surface.md
test.each(calls)("$name draws a seed exactly if its result can report it", ({ seed, reportsSeed }) => {
  expect(seed).toBe(reportsSeed ? "optional" : "required");
});
