import { enumerate } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { createModel, maxCut, potts, spinProblem, weightedGraph } from "@basin/ising";
import { describe, expect, it } from "vitest";
import { latticeNames } from "../../src/lattice/geometries.ts";
import { allStates, energyOf, enumerated, randomModel } from "./models.ts";

const models = [randomModel(3, 4, 1), randomModel(5, 3, 2), randomModel(4, 2, 3), randomModel(6, 3, 4)];

describe.each(models)("the Potts model of $n sites and $q labels", (model) => {
  const { energy, n, q } = model;

  it("has the energies of its formula", () => {
    for (const s of allStates(n, q)) expect(energy.energy(s)).toBeCloseTo(energyOf(model, s), 12);
  });

  it("has a cursor whose differences, energy and state stay those of the formula after many moves", () => {
    const rng = createRng(7);
    const start = energy.space.random(rng);
    const before = start.slice();
    const cursor = energy.can.moves(start);
    const s = start.slice();
    const { moves } = energy.space;
    for (let t = 0; t < 200; t++) {
      const deltas = cursor.deltas(new Float64Array(moves.count));
      for (let move = 0; move < moves.count; move++) {
        const to = s.slice();
        moves.apply(to, move);
        expect(cursor.delta(move)).toBeCloseTo(energyOf(model, to) - energyOf(model, s), 10);
        expect(deltas[move]).toBe(cursor.delta(move));
      }
      const move = rng.index(moves.count);
      cursor.apply(move);
      moves.apply(s, move);
      expect(cursor.state).toEqual(s);
      expect(cursor.energy).toBeCloseTo(energyOf(model, s), 10);
    }
    expect(start).toEqual(before);
  });

  it("has the gradient in its parameters that differences give, and live parameters", () => {
    const { values, addGradient } = randomModel(n, q, 5).energy.can.parameters;
    const learned = randomModel(n, q, 5).energy;
    const s = learned.space.random(createRng(3));
    const out = new Float64Array(values.length).fill(0.25);
    learned.can.parameters.addGradient(s, 2, out);
    addGradient(s, -2, out);
    for (const value of out) expect(value).toBe(0.25);
    addGradient(s, 1, out);
    const theta = learned.can.parameters.values;
    for (let k = 0; k < theta.length; k++) {
      const at = theta[k];
      const [above, below] = [at + 0.5, at - 0.5].map((value) => {
        theta[k] = value;
        return learned.energy(s);
      });
      theta[k] = at;
      expect(out[k] - 0.25).toBeCloseTo(above - below, 10);
    }
  });

  it("is enumerated", () => {
    const { logZ, lowest, energies, law } = enumerated(model, 1.3);
    const exact = enumerate(energy, { inverseTemperature: 1.3 });
    expect(exact.logPartition).toBeCloseTo(logZ, 10);
    expect(exact.minimum).toBeCloseTo(lowest, 12);
    expect(exact.meanEnergy).toBeCloseTo(
      energies.reduce((sum, E, k) => sum + E * law[k], 0),
      10,
    );
  });
});

describe("potts", () => {
  it("of two labels is the Ising model of couplings J/2, up to a constant, on every lattice", () => {
    for (const name of latticeNames) {
      const size = { chain: 7, square: 3, triangular: 3, honeycomb: 4, cubic: 2, kagome: 2 }[name];
      const options = { disorder: "gaussian", disorderSeed: 5 } as const;
      const two = potts(createModel(name, size, options), { states: 2 });
      const { couplings, offset, variables } = createModel(name, size, options);
      const constant = offset - couplings.values.reduce((sum, J) => sum + J / 2, 0);
      const rng = createRng(2);
      for (let k = 0; k < 20; k++) {
        const s = two.space.random(rng);
        const spin = Int8Array.from(s, (label) => 2 * label - 1);
        const halved = spinProblem({
          variables,
          couplings: { ...couplings, weights: couplings.values.map((J) => J / 2) },
        });
        expect(two.energy(s)).toBeCloseTo(constant + halved.energy(spin), 10);
      }
    }
  });

  it("takes one field for all sites, or one for each site", () => {
    const pair = weightedGraph(2, [[0, 1, 2]]);
    const alike = potts(pair, { states: 3, field: [0, 1, 5] });
    expect(alike.energy(Uint8Array.of(2, 1))).toBe(-6);
    expect(alike.energy(Uint8Array.of(2, 2))).toBe(-12);
    const each = potts(pair, { states: 3, field: [0, 1, 5, 10, 20, 40] });
    expect(each.energy(Uint8Array.of(2, 1))).toBe(-25);
  });

  it("keeps the constant of a problem", () => {
    const shifted = spinProblem({ variables: 2, couplings: [[0, 1, 1]], offset: 4 });
    expect(potts(shifted, { states: 3 }).energy(Uint8Array.of(1, 1))).toBe(3);
    expect(potts(maxCut(weightedGraph(2, [[0, 1, 2]])), { states: 3 }).energy(Uint8Array.of(0, 1))).toBe(-1);
  });

  it("refuses what has no one meaning, by name", () => {
    expect(() => potts(createModel("square", 2, { field: 0.5 }), { states: 3 })).toThrow(
      "spin 0 of the problem is in a field of 0.5, which says nothing about labels",
    );
    expect(() => potts(createModel("square", 2), { states: 1 })).toThrow(
      "states is 1, expected an integer at least 2 and at most 256",
    );
    expect(() => potts(createModel("square", 2), { states: 3, field: [1, 2] })).toThrow(
      "field has length 2, expected 12",
    );
    expect(() => potts(createModel("square", 2), { states: 2, field: [1, Number.NaN] })).toThrow(
      "field[1] is NaN",
    );
    expect(() => potts(createModel("triangular", 3), { states: 3 }).energy(new Uint8Array(8))).toThrow(
      "state has length 8, expected 9",
    );
  });
});
