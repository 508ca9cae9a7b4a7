import {
  algorithmNames,
  boundaryNames,
  disorderNames,
  latticeNames,
  pottsAlgorithmNames,
  problemFormatNames,
  problemKindNames,
  scheduleNames,
  solveMethodNames,
  startNames,
} from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import { expect, it } from "vitest";

it("the names without the package are those of its tables", () => {
  const tables = {
    lattice: latticeNames,
    boundary: boundaryNames,
    disorder: disorderNames,
    algorithm: algorithmNames,
    pottsAlgorithm: pottsAlgorithmNames,
    start: startNames,
    method: solveMethodNames,
    schedule: scheduleNames,
    format: problemFormatNames,
    kind: problemKindNames,
  };
  const sorted = (names: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(names).map(([table, known]) => [table, [...known].sort()]);
  expect(sorted(isingNames)).toEqual(sorted(tables));
});
