import { checkName, checkOptions } from "@basin/energy-core/internal";
import { type LatticeName, latticeNames } from "./geometries.ts";
import { Lattice, type LatticeOptions } from "./lattice.ts";

/**
 * Returns the Ising model on a lattice: H(σ) = −Σ_⟨ij⟩ J_ij σ_i σ_j − Σ_i h_i σ_i, with every bond once. The default
 * boundary is periodic, a torus. On a torus of side 2 every pair has two bonds, and on one of side 1 a site is its own
 * neighbor. Both are counted, as in Kaufman's formula.
 *
 * | name           | neighbors | directions of `coupling`                                | T_c of the ferromagnet       |
 * | -------------- | --------- | ------------------------------------------------------- | ---------------------------- |
 * | `"chain"`      | 2         | along the chain                                         | none (Ising 1925)            |
 * | `"square"`     | 4         | horizontal, vertical                                    | 2/ln(1 + √2) (Onsager 1944)  |
 * | `"triangular"` | 6         | horizontal, vertical, diagonal                          | 4/ln 3 (Houtappel 1950)      |
 * | `"honeycomb"`  | 3         | along rows, between rows                                | 2/ln(2 + √3) (Houtappel 1950) |
 * | `"kagome"`     | 4         | a to b and b to c of a cell, a to c, b to the next a, c to the a below, c to the b below | 4/ln(3 + 2√3) (Syozi 1951) |
 * | `"cubic"`      | 6         | columns, rows, layers                                   | ≈ 4.5115 (Ferrenberg et al. 2018) |
 *
 * Antiferromagnets on the triangular and the kagome lattice do not order (Wannier 1950; Syozi 1951). The honeycomb
 * lattice is drawn as a brick wall. Site (y, x) has a bond to its right neighbor, and to the lower one if x + y is
 * even. On a torus its sides are even. The size of the kagome lattice counts cells of three sites a, b and c.
 *
 * @param size the side L, or one side for each axis: [rows, columns], [layers, rows, columns]; each from 1 to 32768.
 *
 * @example
 * ```ts
 * import { createModel, groundState } from "@basin/ising";
 *
 * console.log(createModel("square", 3).energy(new Int8Array(9).fill(1))); // −18: two bonds a site
 * console.log(groundState(createModel("triangular", 3, { coupling: -1 })).energy); // −9: each triangle has a broken bond
 * console.log(createModel("cubic", [2, 3, 4]).variables); // 24
 * ```
 *
 * @throws {ArgumentError} for an unknown name, listing the known ones, a side out of range, an unknown boundary, and a
 * coupling or field that is not finite.
 */
export function createModel(
  name: LatticeName | (string & {}),
  size: number | readonly number[],
  options: LatticeOptions = {},
): Lattice {
  checkOptions("createModel", options, "coupling disorder disorderSeed field boundary");
  return new Lattice(checkName("lattice", name, latticeNames), size, options);
}
