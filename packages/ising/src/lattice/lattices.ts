import { checkName, checkOptions } from "@basin/energy-core/internal";
import { type LatticeName, latticeNames } from "./geometries.ts";
import { Lattice, type LatticeOptions } from "./lattice.ts";

/**
 * Returns the Ising model on a square lattice: H(σ) = −Σ_⟨ij⟩ J_ij σ_i σ_j − Σ_i h_i σ_i, with a bond from each site to
 * its right and lower neighbor. The default boundary is periodic, a torus. On a torus of side 2 every pair has two
 * bonds, on one of side 1 a site is its own neighbor; both are counted, as Kaufman's formula counts them. Directions of
 * `coupling`: [horizontal, vertical].
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
  checkOptions("squareLattice", options, "coupling disorder disorderSeed field boundary");
  return new Lattice("square", size, options);
}

/**
 * Returns the Ising model on a chain, a ring by default, of `length` spins: H(σ) = −Σ_i J_i σ_i σ_(i+1) − Σ_i h_i σ_i.
 * It does not order above T = 0 (Ising 1925).
 *
 * @example
 * ```ts
 * import { chain, groundState } from "@basin/ising";
 *
 * console.log(groundState(chain(3, { coupling: -1 })).degeneracy); // 6: one bond of three is broken, in two states each
 * ```
 *
 * @throws {ArgumentError} as {@link squareLattice} does.
 */
export function chain(length: number, options: LatticeOptions = {}): Lattice {
  checkOptions("chain", options, "coupling disorder disorderSeed field boundary");
  return new Lattice("chain", length, options);
}

/**
 * Returns the Ising model on a kagome lattice of `size` × `size` cells of three sites: triangles that share corners
 * (Syozi 1951), four neighbors for each site. Directions of `coupling`: a to b and b to c of a cell, a to c, b to the
 * next a, c to the a below, c to the b below. Its ferromagnet orders at T_c = 4/ln(3 + 2√3); its antiferromagnet never
 * does. Kernels on lists of bonds move it; the packed kernels cannot hold it.
 *
 * @param size cells per side, or [rows, columns].
 *
 * @example
 * ```ts
 * import { groundState, kagomeLattice } from "@basin/ising";
 *
 * console.log(groundState(kagomeLattice(2, { coupling: -1 })).energy); // −8: each triangle has a broken bond
 * ```
 *
 * @throws {ArgumentError} for sides and options out of range.
 */
export function kagomeLattice(size: number | readonly number[], options: LatticeOptions = {}): Lattice {
  checkOptions("kagomeLattice", options, "coupling disorder disorderSeed field boundary");
  return new Lattice("kagome", size, options);
}

/**
 * Returns the Ising model on a triangular lattice: a square grid with one diagonal, six neighbors for each site.
 * Directions of `coupling`: [horizontal, vertical, diagonal]. T_c = 4/ln 3 (Houtappel 1950); antiferromagnetic, it
 * stays disordered (Wannier 1950).
 *
 * @param size the side L, or [rows, columns].
 *
 * @example
 * ```ts
 * import { groundState, triangularLattice } from "@basin/ising";
 *
 * console.log(groundState(triangularLattice(3, { coupling: -1 })).energy); // −9: each triangle has a broken bond
 * ```
 *
 * @throws {ArgumentError} as {@link squareLattice} does.
 */
export function triangularLattice(size: number | readonly number[], options: LatticeOptions = {}): Lattice {
  checkOptions("triangularLattice", options, "coupling disorder disorderSeed field boundary");
  return new Lattice("triangular", size, options);
}

/**
 * Returns the Ising model on a honeycomb lattice drawn as a brick wall, three neighbors for each site. Site (y, x) has
 * a bond to its right neighbor, and to the lower one if x + y is even. Directions of `coupling`: [along rows, between
 * rows]. T_c = 2/ln(2 + √3) (Houtappel 1950).
 *
 * @param size the side L, or [rows, columns]; even on a torus.
 *
 * @example
 * ```ts
 * import { honeycombLattice } from "@basin/ising";
 *
 * console.log(honeycombLattice(4).energy(new Int8Array(16).fill(1))); // −24: three bonds for every two sites
 * ```
 *
 * @throws {ArgumentError} as {@link squareLattice} does, and for odd sides of a torus.
 */
export function honeycombLattice(size: number | readonly number[], options: LatticeOptions = {}): Lattice {
  checkOptions("honeycombLattice", options, "coupling disorder disorderSeed field boundary");
  return new Lattice("honeycomb", size, options);
}

/**
 * Returns the Ising model on a simple cubic lattice, six neighbors for each site. Directions of `coupling`: along
 * columns, rows, layers. T_c ≈ 4.5115 (by simulation: Ferrenberg, Xu & Landau 2018).
 *
 * @param size the side L, or [layers, rows, columns].
 *
 * @example
 * ```ts
 * import { cubicLattice } from "@basin/ising";
 *
 * console.log(cubicLattice(3).energy(new Int8Array(27).fill(1))); // −81: three bonds a site
 * ```
 *
 * @throws {ArgumentError} as {@link squareLattice} does.
 */
export function cubicLattice(size: number | readonly number[], options: LatticeOptions = {}): Lattice {
  checkOptions("cubicLattice", options, "coupling disorder disorderSeed field boundary");
  return new Lattice("cubic", size, options);
}

/**
 * Returns the lattice with this name, for callers such as a command line or a menu.
 *
 * @example
 * ```ts
 * import { createModel } from "@basin/ising";
 *
 * const { lattice, shape, variables } = createModel("triangular", [4, 6]);
 * console.log(lattice, shape, variables); // triangular [4, 6] 24
 * ```
 *
 * @throws {ArgumentError} for an unknown name, listing the known ones, and for what that lattice refuses.
 */
export function createModel(
  name: LatticeName | (string & {}),
  size: number | readonly number[],
  options: LatticeOptions = {},
): Lattice {
  checkOptions("createModel", options, "coupling disorder disorderSeed field boundary");
  return new Lattice(checkName("lattice", name, latticeNames), size, options);
}
