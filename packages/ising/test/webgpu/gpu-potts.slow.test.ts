import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, test } from "vitest";
import { expectPottsLaw } from "./law.ts";
import { type PottsCase, pottsOf, pottsTrace } from "./potts-cases.ts";

const open = await softwareGpu();
const device = await open?.();

/**
 * Every lattice by kind of bonds and of fields; parts of a word, several words a generator, held and not, 2 to 200
 * labels.
 */
const CASES: readonly PottsCase[] = [
  ["square", [2, 2], {}, 2],
  ["square", [16, 18], { coupling: -1 }, 3, [0.2, 0, 0]],
  ["square", [96, 96], {}, 4],
  ["triangular", [6, 4], { coupling: -0.5 }, 200],
  ["triangular", [72, 64], { disorder: "plus-minus" }, 3],
  ["honeycomb", [6, 10], { disorder: "plus-minus" }, 5],
  ["honeycomb", [4, 4], {}, 3, [0, 0.5, -0.5]],
  ["cubic", [4, 6, 2], {}, 8],
  ["cubic", [4, 2, 6], { disorder: "plus-minus" }, 3, [0.1, 0.2, 0.3]],
];

describe.skipIf(device === undefined)("labels on a software GPU, lattice by lattice", () => {
  describe.each(["metropolis", "heat-bath"] as const)("%s", (rule) => {
    test.each(CASES.map((one): [PottsCase] => [one]))("have their twin's bits and sums: %o", async (each) => {
      const model = pottsOf(each);
      const expected = await pottsTrace(model, { rule, kernel: "typescript" });
      expect(await pottsTrace(model, { rule, device })).toEqual(expected);
    });
  });
});

describe.skipIf(device === undefined)("replicas of labels on a software GPU", () => {
  test.each<["metropolis" | "heat-bath", PottsCase, number]>([
    ["heat-bath", ["square", [2, 4], {}, 3], 0.5],
    ["metropolis", ["square", [2, 4], { disorder: "plus-minus" }, 3, [0.3, 0, -0.2]], 0.7],
    ["heat-bath", ["triangular", [2, 4], { coupling: -1 }, 3, [0, 0.4, 0]], 0.7],
  ])(
    "%s visits as Boltzmann's law says: %o at β = %d",
    async (rule, model, beta) => {
      await expectPottsLaw(device as never, rule, model, beta);
    },
    300_000,
  );
});
