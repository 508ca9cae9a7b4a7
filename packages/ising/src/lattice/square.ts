import { checkName, checkNumber, DimensionError } from "@basin/energy-core";
import type { Edge } from "../problem/edges.ts";
import { type Boundary, boundaries, Lattice, type LatticeOptions } from "./lattice.ts";

/** Longest side of a lattice: 32768² spins are 128 MiB of bits. */
export const LONGEST_SIDE = 32768;

/**
 * Returns the Ising model on a square lattice, H(σ) = −J Σ_⟨ij⟩ σ_i σ_j − h Σ_i σ_i, each site bound to its right and lower
 * neighbour. Periodic by default: a torus. On a torus of side 2 every pair has two bonds, on one of side 1 a site is its
 * own neighbour; both are counted, as Kaufman's formula counts them.
 *
 * @param size the side L, or [rows, columns]; each from 1 to 32768.
 *
 * @example
 * ```ts
 * import { squareLattice } from "@basin/ising";
 *
 * const torus = squareLattice(3);
 * console.log(torus.energy(new Int8Array(9).fill(1))); // −18: two bonds a site
 * ```
 *
 * @throws {ArgumentError} for a side out of range, an unknown boundary, a coupling or field that is not finite.
 */
export function squareLattice(size: number | readonly number[], options: LatticeOptions = {}): Lattice {
  const [rows, columns] = checkShape(size, 2, ["rows", "columns"]);
  const boundary = checkName("boundary", options.boundary ?? "periodic", boundaries);
  const coupling = checkNumber("coupling", options.coupling ?? 1);
  const field = checkNumber("field", options.field ?? 0);
  const edges = () => squareEdges(rows, columns, boundary, coupling);
  return new Lattice({ lattice: "square", shape: [rows, columns], boundary, coupling, field, edges });
}

function* squareEdges(rows: number, columns: number, boundary: Boundary, coupling: number): Generator<Edge> {
  const periodic = boundary === "periodic";
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const site = y * columns + x;
      if (periodic || x + 1 < columns) yield [site, y * columns + ((x + 1) % columns), coupling];
      if (periodic || y + 1 < rows) yield [site, ((y + 1) % rows) * columns + x, coupling];
    }
  }
}

/** Returns `size` as side lengths of `axes` axes, checked. */
export function checkShape(
  size: number | readonly number[],
  axes: number,
  names: readonly string[],
): readonly number[] {
  const limits = { min: 1, max: LONGEST_SIDE, integer: true };
  if (typeof size === "number") return new Array<number>(axes).fill(checkNumber("size", size, limits));
  if (size.length !== axes) {
    throw new DimensionError(`size has ${size.length} sides, expected ${axes}: [${names.join(", ")}]`);
  }
  return size.map((side, axis) => checkNumber(names[axis], side, limits));
}
