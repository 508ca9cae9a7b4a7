import { checkName } from "@basin/energy-core";
import { type Lattice, type LatticeName, type LatticeOptions, latticeNames } from "./lattice.ts";
import { squareLattice } from "./square.ts";

type Build = (size: number | readonly number[], options: LatticeOptions) => Lattice;

const builders: Record<LatticeName, Build> = { square: squareLattice };

/**
 * Returns the lattice of this name, for callers that have the name as data: a command line, a menu.
 *
 * @throws {ArgumentError} for an unknown name, listing the known ones, and for what that lattice refuses.
 */
export function createModel(
  name: string,
  size: number | readonly number[],
  options: LatticeOptions = {},
): Lattice {
  return builders[checkName("lattice", name, latticeNames)](size, options);
}
