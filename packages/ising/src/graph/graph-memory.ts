import { CostError } from "@basin/energy-core";
import { layOut, type Regions } from "@basin/energy-core/internal";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";

/** Byte addresses of the arrays of a graph in a kernel's memory. */
export interface GraphLayout {
  readonly n: number;
  readonly starts: number;
  readonly neighbors: number;
  readonly spins: number;
  readonly bytes: number;
  /** Further arrays by name. */
  readonly at: (name: string) => number;
}

/**
 * Lays out n + 1 row starts, the neighbors, a byte a spin, and further arrays of given sizes in bytes, after the tape.
 */
export function graphLayout(problem: SpinProblem, further: Readonly<Record<string, number>>): GraphLayout {
  const n = problem.variables;
  const { neighbors } = problem.adjacency;
  const sizes = { starts: 4 * (n + 1), neighbors: 4 * neighbors.length, spins: n, ...further };
  const regions: Regions<string> = layOut(sizes, { start: TAPE_BLOCK });
  const { bytes } = regions;
  if (bytes > 2 ** 31) {
    throw new CostError(
      `a graph of ${n} spins and ${neighbors.length / 2} bonds needs ${bytes} bytes, above the 2 GiB planned for`,
    );
  }
  const { starts, neighbors: rows, spins } = regions;
  return { n, starts, neighbors: rows, spins, bytes, at: (name) => regions[name] };
}
