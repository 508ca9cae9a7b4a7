import type { Geometry } from "./geometry.ts";

/**
 * Triangles that share corners (Syozi 1951). A cell of three sites a, b, c is a triangle. Another one consists of b of
 * a cell, a of the next cell in its row, and c of the cell before that in the row above. Each site has four neighbors.
 */
export const kagome = {
  axes: ["rows", "columns"],
  cell: 3,
  steps: [
    [0, 0, 1], // a to b, b to c
    [0, 0, 2], // a to c
    [0, 1, -1], // b to the next a of the row
    [1, 0, -2], // c to the a of the next row
    [1, -1, -1], // c to the b of the next row, a cell before
  ],
  has: ([, , site], step) => [site < 2, site === 0, site === 1, site === 2, site === 2][step],
  bipartite: false,
  criticalTemperature: 4 / Math.log(3 + 2 * Math.sqrt(3)), // Syozi 1951
} as const satisfies Geometry;
