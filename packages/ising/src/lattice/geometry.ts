/** A regular lattice: where the bonds of a site lead. */
export interface Geometry {
  /** Names of the axes, slowest first. */
  readonly axes: readonly string[];
  /** Steps along the bonds of a site; each bond is listed at one of its ends only. */
  readonly steps: readonly (readonly number[])[];
  /** Whether a site has the bond of a step; every site has every bond where this is absent. */
  readonly has?: (site: readonly number[], step: number) => boolean;
  /** Axes that must be even for the lattice to close on itself. */
  readonly evenAxes?: readonly number[];
  /** Sites in a unit cell, numbered along a last axis beside those with a name. Default 1, without such an axis. */
  readonly cell?: number;
  /** What the packed kernels need to hold it. Absent if they cannot; other kernels then move its spins. */
  readonly packed?: Packing;
  /** Whether neighbors always differ in the parity of their coordinates' sum, so that an antiferromagnet can order. */
  readonly bipartite: boolean;
  /** T_c of the uniform ferromagnet with J = 1; absent where it does not order. */
  readonly criticalTemperature?: number;
}

/** How the packed kernels hold a lattice. */
export interface Packing {
  /** How it is cut into 128 tiles. */
  readonly tiles: "plane" | "solid";
  /** Neighbors of every site. */
  readonly neighbors: number;
  /** Returns the place in a site's list of neighbors of the bond along a step, seen from its far end where `back`. */
  slot(step: number, back: boolean): number;
}
