import { jemNames } from "@basin/jem/names";
import { expect, it } from "vitest";
import { experimentNames } from "../src/experiments/cells.ts";
import { headNames } from "../src/model/head.ts";
import { scoreNames } from "../src/score/scores.ts";

it("the names without the package are those of its tables", () => {
  expect(jemNames).toEqual({ head: headNames, score: scoreNames, experiment: experimentNames });
});
