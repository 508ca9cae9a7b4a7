import type { Geometry, Packing } from "./geometry.ts";
import { kagome } from "./kagome.ts";

export type { Geometry, Packing } from "./geometry.ts";

const grid = ["rows", "columns"];

/** Every site has the bonds of all steps, there and back. */
const complete = (tiles: Packing["tiles"], steps: number): Packing => ({
  tiles,
  neighbors: 2 * steps,
  slot: (step, back) => (back ? steps + step : step),
});

/** The lattices that have a name. */
export const geometries = {
  chain: { axes: ["length"], steps: [[1]], bipartite: true },
  square: {
    axes: grid,
    steps: [
      [0, 1],
      [1, 0],
    ],
    packed: complete("plane", 2),
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
    packed: complete("plane", 3),
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
    // A brick has one bond across its row: up or down.
    packed: { tiles: "plane", neighbors: 3, slot: (step, back) => (step === 1 ? 2 : back ? 1 : 0) },
    bipartite: true,
    criticalTemperature: 2 / Math.log(2 + Math.sqrt(3)), // Houtappel 1950
  },
  kagome,
  cubic: {
    axes: ["layers", "rows", "columns"],
    steps: [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ],
    packed: complete("solid", 3),
    bipartite: true,
    criticalTemperature: 4.511523, // numerical: no exact value is known (Ferrenberg, Xu & Landau 2018)
  },
} as const satisfies Record<string, Geometry>;

/** The names of the lattices. */
export type LatticeName = keyof typeof geometries;

/** Every value of {@link LatticeName}. */
export const latticeNames = Object.keys(geometries) as readonly LatticeName[];
