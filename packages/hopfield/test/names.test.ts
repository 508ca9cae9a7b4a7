import { dynamicsNames, normalizationNames, ruleNames } from "@basin/hopfield";
import { hopfieldNames } from "@basin/hopfield/names";
import { expect, it } from "vitest";
import { tieNames } from "../src/dynamics.ts";

it("the names without the package are those of its tables", () => {
  expect(hopfieldNames).toEqual({
    rule: ruleNames,
    normalization: normalizationNames,
    dynamics: dynamicsNames,
    ties: tieNames,
  });
});
