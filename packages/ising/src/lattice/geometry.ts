/** A regular lattice: where the bonds of a site lead. */
export interface Geometry {
  /** Names of the axes, slowest first. */
  readonly axes: readonly string[];
  /** Steps to the neighbors that a site's own bonds lead to, each bond listed from one of its ends only. */
  readonly steps: readonly (readonly number[])[];
  /** Whether a site has the bond of a step; every site has every bond where this is absent. */
  readonly has?: (site: readonly number[], step: number) => boolean;
  /** Axes that must be even for the lattice to close on itself. */
  readonly evenAxes?: readonly number[];
  /** Whether neighbors always differ in the parity of their coordinates' sum, so that an antiferromagnet can order. */
  readonly bipartite: boolean;
  /** T_c of the uniform ferromagnet with J = 1; absent where it does not order. */
  readonly criticalTemperature?: number;
}

const grid = ["rows", "columns"];

/** The lattices that have a name. */
export const geometries = {
  chain: { axes: ["length"], steps: [[1]], bipartite: true },
  square: {
    axes: grid,
    steps: [
      [0, 1],
      [1, 0],
    ],
    bipartite: true,
    criticalTemperature: 2 / Math.log1p(Math.SQRT2), // Kramers & Wannier 1941
  },
  triangular: {
    axes: grid,
    steps: [
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    bipartite: false,
    criticalTemperature: 4 / Math.log(3), // Houtappel 1950
  },
  // A brick wall: rows of bricks are joined at every other site, three neighbors each.
  honeycomb: {
    axes: grid,
    steps: [
      [0, 1],
      [1, 0],
    ],
    has: ([y, x], step) => step === 0 || ((x + y) & 1) === 0,
    evenAxes: [0, 1],
    bipartite: true,
    criticalTemperature: 2 / Math.log(2 + Math.sqrt(3)), // Houtappel 1950
  },
  cubic: {
    axes: ["layers", "rows", "columns"],
    steps: [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ],
    bipartite: true,
    criticalTemperature: 4.511523, // numerical: no exact value is known (Ferrenberg, Xu & Landau 2018)
  },
} as const satisfies Record<string, Geometry>;

/** The names of the lattices. */
export type LatticeName = keyof typeof geometries;

/** Every value of {@link LatticeName}. */
export const latticeNames = Object.keys(geometries) as readonly LatticeName[];
