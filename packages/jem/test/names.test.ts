import { headNames, scoreNames } from "@basin/jem";
import { jemNames } from "@basin/jem/names";
import { expect, it } from "vitest";
import { experimentNames } from "../src/experiments/cells.ts";

it("the names without the package are those of its tables", () => {
  expect(jemNames).toEqual({ head: headNames, score: scoreNames, experiment: experimentNames });
});
