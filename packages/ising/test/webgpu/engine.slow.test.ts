import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, test } from "vitest";
import { type Case, engineFor, traceOf } from "./cases.ts";
import { expectLaw } from "./law.ts";

const open = await softwareGpu();
const device = await open?.();

/** Every lattice by kind of bonds and of rows: parts of a word, one word, several; held, and not; several rows each. */
const CASES: readonly Case[] = [
  ["square", [4, 4], {}, 0],
  ["square", [64, 64], { coupling: -1 }, 0],
  ["square", [64, 128], { field: -0.2 }, 8],
  ["square", [16, 256], {}, 16],
  ["triangular", [32, 64], {}, 0],
  ["triangular", [16, 128], { disorder: "plus-minus" }, 0],
  ["triangular", [32, 128], { coupling: -1, field: 0.7 }, 4],
  ["honeycomb", [16, 16], { field: 0.3 }, 0],
  ["honeycomb", [4, 128], { disorder: "plus-minus" }, 0],
  ["honeycomb", [32, 192], { disorder: "plus-minus", field: -0.2 }, 2],
  ["cubic", [4, 4, 8], {}, 0],
  ["cubic", [4, 6, 64], { disorder: "plus-minus" }, 0],
  ["cubic", [6, 8, 128], { coupling: -0.5, field: 0.1 }, 4],
  // Too large for a workgroup, and so large in one that a generator has two rows.
  ["square", [512, 64], {}, 0],
  ["square", [512, 512], {}, 0],
];

describe.skipIf(device === undefined)("the engine on a software GPU, lattice by lattice", () => {
  describe.each(["metropolis", "heat-bath"] as const)("%s", (rule) => {
    test.each(CASES)("gives its twin's spins, generators and totals: %s %o %o, rows %i", async (...each) => {
      const expected = await traceOf(await engineFor(each, rule));
      expect(await traceOf(await engineFor(each, rule, device))).toEqual(expected);
    });
  });
});

describe.skipIf(device === undefined)("replicas on a software GPU", () => {
  test.each([
    ["metropolis", ["square", [4, 4], { field: 0.25 }], 0.35],
    ["heat-bath", ["square", [4, 4], { disorder: "plus-minus", disorderSeed: 3 }], 0.5],
    ["metropolis", ["triangular", [4, 4], { coupling: -1, field: 0.4 }], 0.3],
    ["metropolis", ["honeycomb", [4, 4], {}], 0.5],
    ["heat-bath", ["cubic", [2, 2, 4], {}], 0.15],
  ] as const)(
    "%s visits (E, M) as Boltzmann's law says: %o at β = %d",
    async (rule, model, beta) => {
      await expectLaw(device as never, rule, model, beta);
    },
    300_000,
  );
});
