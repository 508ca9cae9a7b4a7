import { hopfieldNames } from "@basin/hopfield/names";
import { expect, it } from "vitest";
import { normalizationNames } from "../src/classical/memory.ts";
import { dynamicsNames, tieNames } from "../src/dynamics.ts";
import { ruleNames } from "../src/rules/index.ts";

it("the names without the package are those of its tables", () => {
  expect(hopfieldNames).toEqual({
    rule: ruleNames,
    normalization: normalizationNames,
    dynamics: dynamicsNames,
    ties: tieNames,
  });
});
