import { enumerate } from "@basin/energy-core";
import {
  correlationObserver,
  createModel,
  crossing,
  exactValues,
  simulate,
  transferMatrix,
} from "@basin/ising";
import { describe, expect, it } from "vitest";

/** The other sites of the triangles of each site, from the positions of sites in the plane: those at distance ½. */
function neighborsByPlace(L: number): number[][] {
  const places: [number, number][] = [];
  for (let y = 0; y < L; y++) {
    for (let x = 0; x < L; x++)
      for (const [a, b] of [
        [0, 0],
        [0.5, 0],
        [0, 0.5],
      ])
        places.push([x + a, y + b]);
  }
  // Along the axes of the cell, 60° apart: |u|² = u_x² + u_x u_y + u_y², to the nearest image.
  const wrap = (d: number) => d - L * Math.round(d / L);
  return places.map(([x, y]) =>
    places.flatMap(([u, v], j) => {
      const [p, q] = [wrap(u - x), wrap(v - y)];
      return Math.abs(p * p + p * q + q * q - 0.25) < 1e-9 ? [j] : [];
    }),
  );
}

describe("the kagome lattice", () => {
  it("has the neighbors that sites at half a cell's side have, four each", () => {
    const L = 4;
    const { adjacency, variables, shape } = createModel("kagome", L);
    expect(shape).toEqual([L, L, 3]);
    const { starts, neighbors } = adjacency;
    const found = Array.from({ length: variables }, (_, i) => [...neighbors.slice(starts[i], starts[i + 1])]);
    expect(found).toEqual(neighborsByPlace(L));
    expect(new Set(found.map(({ length }) => length))).toEqual(new Set([4]));
  });

  it("breaks one bond of each triangle as an antiferromagnet, in very many ways", () => {
    const { minimum, degeneracy } = enumerate(createModel("kagome", 2, { coupling: -1 }));
    // 24 bonds in 8 triangles.
    expect(minimum).toBe(-8);
    expect(degeneracy).toBeGreaterThan(100);
  });

  it("loses the bonds across an open border", () => {
    // One cell alone is a triangle.
    expect(createModel("kagome", 1, { boundary: "open" }).couplings.values).toHaveLength(3);
    expect(createModel("kagome", [1, 2], { boundary: "open" }).couplings.values).toHaveLength(7);
  });

  it("is simulated to its exact energy and orders at Syozi's temperature", async () => {
    const small = createModel("kagome", 2);
    const run = await simulate(small, { temperature: 3, algorithm: "heat-bath", sweeps: 20_000, seed: 1 });
    const { mean, standardError } = run.energyPerSite;
    expect(Math.abs(mean - enumerate(small, { temperature: 3 }).meanEnergy / 12)).toBeLessThan(
      4.89 * standardError,
    );
    const T_c = 4 / Math.log(3 + 2 * Math.sqrt(3));
    expect(exactValues(small, 1).criticalTemperature).toBe(T_c);
    const temperatures = [-0.03, 0, 0.03].map((d) => T_c + d);
    const curve = async (L: number) => {
      const runs = [];
      for (const [k, temperature] of temperatures.entries()) {
        const options = { temperature, algorithm: "swendsen-wang", sweeps: 6000, seed: 10 * L + k } as const;
        runs.push((await simulate(createModel("kagome", L), options)).binder);
      }
      return {
        temperatures,
        values: runs.map((b) => b.mean),
        standardError: runs.map((b) => b.standardError),
      };
    };
    const found = crossing(await curve(8), await curve(24));
    expect(Math.abs(Number(found?.temperature) - T_c)).toBeLessThan(
      4.89 * Number(found?.standardError) + 0.003,
    );
    expect(found?.standardError).toBeLessThan(0.005);
  });

  it("is refused where a site a cell is needed, by name", () => {
    expect(() => transferMatrix(createModel("kagome", 2), { temperature: 1 })).toThrow(
      "not for a kagome one",
    );
    expect(() => correlationObserver(createModel("kagome", 2))).toThrow(
      "a kagome lattice has cells of 3 sites",
    );
    expect(() => createModel("kagome", [2, 2, 2])).toThrow("size has 3 sides, expected 2: [rows, columns]");
    expect(createModel("kagome", createModel("kagome", [2, 3]).shape).shape).toEqual([2, 3, 3]);
  });
});
