import { deviceNames } from "@basin/energy-core/internal";
import { isingNames } from "@basin/ising/names";
import { expect, it } from "vitest";
import { problemKindNames } from "../src/formats/format.ts";
import { problemFormatNames } from "../src/formats/table.ts";
import { disorderNames } from "../src/lattice/bonds.ts";
import { latticeNames } from "../src/lattice/geometries.ts";
import { boundaryNames } from "../src/lattice/lattice.ts";
import { quantityNames } from "../src/observables/estimates.ts";
import { pottsAlgorithmNames } from "../src/potts/simulate.ts";
import { algorithmNames } from "../src/simulate/options.ts";
import { scheduleNames } from "../src/solve/schedule.ts";
import { solveMethodNames } from "../src/solve/solution.ts";
import { startNames } from "../src/sweep/start.ts";

it("the names without the package are those of its tables", () => {
  const tables = {
    lattice: latticeNames,
    boundary: boundaryNames,
    disorder: disorderNames,
    device: deviceNames,
    algorithm: algorithmNames,
    pottsAlgorithm: pottsAlgorithmNames,
    start: startNames,
    quantity: quantityNames,
    method: solveMethodNames,
    schedule: scheduleNames,
    format: problemFormatNames,
    kind: problemKindNames,
  };
  const sorted = (names: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(names).map(([table, known]) => [table, [...known].sort()]);
  expect(sorted(isingNames)).toEqual(sorted(tables));
});
