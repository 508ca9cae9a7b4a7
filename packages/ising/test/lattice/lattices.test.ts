import { createModel, simulate } from "@basin/ising";
import { assertMean, spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { latticeNames } from "../../src/lattice/geometries.ts";

const degrees = (model: { adjacency: { starts: Int32Array } }) =>
  [
    ...new Set(Array.from(model.adjacency.starts.slice(1), (end, i) => end - model.adjacency.starts[i])),
  ].sort();

describe("lattices", () => {
  it.each([
    [createModel("chain", 5), 2],
    [createModel("square", [3, 4]), 4],
    [createModel("triangular", [3, 4]), 6],
    [createModel("honeycomb", [4, 6]), 3],
    [createModel("cubic", [3, 4, 5]), 6],
  ] as const)("give every site of a torus its neighbors (%#)", (model, neighbors) => {
    expect(degrees(model)).toEqual([neighbors]);
    expect(model.energy(new Int8Array(model.variables).fill(1))).toBe((-model.variables * neighbors) / 2);
  });

  it.each([
    [createModel("chain", 5, { boundary: "open" }), 4],
    [createModel("square", [3, 4], { boundary: "open" }), 3 * 3 + 2 * 4],
    [createModel("triangular", [3, 4], { boundary: "open" }), 3 * 3 + 2 * 4 + 2 * 3],
    [createModel("cubic", [2, 3, 4], { boundary: "open" }), 2 * 3 * 3 + 2 * 2 * 4 + 1 * 3 * 4],
  ] as const)("end at an open border (%#)", (model, bonds) => {
    expect(model.couplings.values.length).toBe(bonds);
  });

  it("have the triangles of a triangular lattice and none on the others", () => {
    const frustrated = createModel("triangular", 3, { boundary: "open", coupling: -1 });
    const ground = Math.min(...spinStates(9).map((x) => frustrated.energy(x)));
    expect(ground).toBeGreaterThan(-frustrated.couplings.values.length);
    for (const name of ["square", "honeycomb"]) {
      const model = createModel(name, [4, 2], { boundary: "open", coupling: -1 });
      const best = Math.min(...spinStates(8).map((x) => model.energy(x)));
      expect(best).toBe(-model.couplings.values.length);
    }
  });

  it("take a coupling for each direction and fields for each site", () => {
    const model = createModel("square", 2, { coupling: [1, 0.5], field: [0, 0, 0, 3], boundary: "open" });
    expect([...model.couplings.values]).toEqual([1, 0.5, 0.5, 1]);
    expect(model.energy(Int8Array.of(1, 1, 1, -1))).toBe(-1.5 + 1.5 + 3);
    expect(model.coupling).toBeUndefined();
  });

  it("draw their disorder from its seed alone", () => {
    const glass = (disorderSeed: number) =>
      createModel("square", 8, { disorder: "plus-minus", disorderSeed }).couplings.values;
    expect(glass(1)).toEqual(glass(1));
    expect(glass(1)).not.toEqual(glass(2));
    expect(new Set(glass(1))).toEqual(new Set([1, -1]));
    const gaussian = createModel("cubic", 12, { disorder: "gaussian", coupling: 2 }).couplings.values;
    const square = gaussian.reduce((sum, J) => sum + J * J, 0) / gaussian.length;
    // Var of the mean of J²: 2 · 2⁴ / n.
    expect(Math.abs(square - 4)).toBeLessThan((4.89 * Math.sqrt(32)) / Math.sqrt(gaussian.length));
  });

  it("refuse what they cannot be", () => {
    expect(() => createModel("honeycomb", 5)).toThrow("5 rows, expected an even number");
    expect(() => createModel("hexagonal", 4)).toThrow(latticeNames.join(", "));
    expect(() => createModel("cubic", [4, 4])).toThrow("layers, rows, columns");
    expect(() => createModel("square", 4, { disorder: "random" as "gaussian" })).toThrow(
      "none, plus-minus, gaussian",
    );
    expect(() => createModel("square", 4, { coupling: [1] })).toThrow("coupling has length 1, expected 2");
    expect(() => createModel("square", 20_001).energy(new Int8Array(0))).toThrow("list of");
  });
});

describe("every lattice obeys Boltzmann's law", () => {
  const models = {
    chain: createModel("chain", 6, { field: 0.2 }),
    triangular: createModel("triangular", [3, 4]),
    honeycomb: createModel("honeycomb", [4, 4]),
    cubic: createModel("cubic", [2, 2, 3], { boundary: "open" }),
    glass: createModel("square", [3, 4], { disorder: "gaussian", disorderSeed: 5 }),
  };
  it.each(Object.entries(models))("%s: its energy by enumeration", async (_, model) => {
    const beta = 0.35;
    const energies = spinStates(model.variables).map((x) => model.energy(x));
    const weights = energies.map((energy) => Math.exp(-beta * energy));
    const z = weights.reduce((a, b) => a + b, 0);
    const mean = energies.reduce((sum, energy, k) => sum + energy * weights[k], 0) / z / model.variables;
    const algorithms =
      model.field === 0
        ? (["metropolis", "heat-bath", "wolff", "swendsen-wang"] as const)
        : (["metropolis"] as const);
    for (const algorithm of algorithms) {
      const run = await simulate(model, { inverseTemperature: beta, algorithm, sweeps: 6000, seed: 8 });
      assertMean(run.energyPerSite, mean, { comparisons: 20, what: algorithm });
    }
  });
});
