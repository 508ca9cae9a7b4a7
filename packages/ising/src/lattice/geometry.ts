/** A regular lattice: where the bonds of a site lead. */
export interface Geometry {
  /** Names of the axes, slowest first. */
  readonly axes: readonly string[];
  /** Steps along the bonds of a site; each bond is listed at only one of its ends. */
  readonly steps: readonly (readonly number[])[];
  /** Whether a site has the bond of a step. If absent, every site has every bond. */
  readonly has?: (site: readonly number[], step: number) => boolean;
  /** Axes that must be even for the lattice to close periodically. */
  readonly evenAxes?: readonly number[];
  /** Sites in a unit cell, numbered along an unnamed last axis. Default 1, without such an axis. */
  readonly cell?: number;
  /** What the packed kernels need to hold the lattice. If absent, other kernels move its spins. */
  readonly packed?: Packing;
  /** Whether neighbors always differ in the parity of their coordinates' sum, so that an antiferromagnet can order. */
  readonly bipartite: boolean;
  /** T_c of the uniform ferromagnet with J = 1; absent if the lattice does not order. */
  readonly criticalTemperature?: number;
}

/** How the packed kernels hold a lattice. */
export interface Packing {
  /** How the lattice is cut into 128 tiles. */
  readonly tiles: "plane" | "solid";
  /** Number of neighbors of every site. */
  readonly neighbors: number;
  /** Returns the place in a site's list of neighbors of the bond along a step; with `back`, seen from its far end. */
  slot(step: number, back: boolean): number;
}
