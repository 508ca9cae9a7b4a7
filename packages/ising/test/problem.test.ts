import { clamp, denseQuadratic, mixture, plainEnergy, scale, shift, spins, sum } from "@basin/energy-core";
import { createRng, permutation, shuffle } from "@basin/energy-core/random";
import { cutWeight, maxCut, qubo, spinProblem, toBinary, toBits, weightedGraph } from "@basin/ising";
import { describe, expect, it } from "vitest";
import { exactSum } from "../src/problem/exact-sum.ts";
import { toSpinProblem } from "../src/problem/spin-problem.ts";
import { defaultInverseTemperatures } from "../src/solve/schedule.ts";
import { hamiltonian, randomProblem, stateOf } from "./reference.ts";

describe("exactSum", () => {
  it("rounds once, whatever the order", () => {
    expect(exactSum([1e308, 1, -1e308, 2 ** -60])).toBe(1 + 2 ** -60);
    expect(exactSum([1e16, 1, 1e-16, -1e16])).toBe(1 + 1e-16);
    expect(exactSum([])).toBe(0);
    const rng = createRng(3);
    const values = Array.from({ length: 500 }, () => rng.normal() * 10 ** (20 * rng.uniform() - 10));
    const sum = exactSum(values);
    for (let round = 0; round < 20; round++) {
      shuffle(rng, values);
      expect(exactSum(values)).toBe(sum);
    }
  });
});

describe("spinProblem", () => {
  it("has the energy its definition gives, and cursors that agree with it", () => {
    const couplings = [
      [0, 1, 1.5],
      [2, 1, -0.25],
      [1, 0, 0.5],
      [3, 3, 7],
      [0, 3, 2],
    ] as const;
    const fields = [0.5, -1, 0, 3];
    const problem = spinProblem({ variables: 4, couplings, fields, offset: 10 });
    for (let index = 0; index < 16; index++) {
      const spins = stateOf(index, 4);
      const energy = hamiltonian(couplings, fields, 10, spins);
      expect(problem.energy(spins)).toBe(energy);
      const cursor = problem.can.moves(spins);
      for (let i = 0; i < 4; i++) {
        const flipped = stateOf(index ^ (1 << i), 4);
        expect(cursor.delta(i)).toBe(hamiltonian(couplings, fields, 10, flipped) - energy);
        cursor.apply(i);
        expect(cursor.energy).toBe(problem.energy(flipped));
        cursor.apply(i);
      }
    }
  });

  it("does not depend on the order or the direction of the couplings", () => {
    const rng = createRng(5);
    const couplings = Array.from(
      { length: 300 },
      () => [rng.index(20), rng.index(20), rng.normal()] as [number, number, number],
    );
    const problem = spinProblem({ variables: 20, couplings });
    for (let round = 0; round < 10; round++) {
      const order = Array.from(permutation(rng, couplings.length), (e) => couplings[e]);
      const turned = order.map(
        ([i, j, J]) => (rng.bernoulli(0.5) ? [i, j, J] : [j, i, J]) as [number, number, number],
      );
      const again = spinProblem({ variables: 20, couplings: turned });
      expect(again.couplings).toEqual(problem.couplings);
      expect(again.offset).toBe(problem.offset);
    }
  });

  it("rounds energies once, in the quick sum and where that leaves the rounding open", () => {
    const rng = createRng(12);
    for (let round = 0; round < 300; round++) {
      const spread = round % 3 === 0 ? 0 : 40;
      const weight = () => rng.normal() * 2 ** (spread * rng.uniform());
      const couplings = Array.from({ length: 40 }, (_, e) => [e % 7, 7 + (e % 9), weight()] as const);
      // A sum that cancels to half a unit in the last place is a tie that only the exact sum decides.
      const tie = [
        [0, 1, 2 ** 53],
        [1, 2, 1],
        [2, 3, 2 ** -60],
      ] as const;
      const problem = spinProblem({
        variables: 16,
        couplings: round % 2 === 0 ? couplings : [...tie, [3, 4, weight()]],
      });
      const spins = Int8Array.from({ length: 16 }, () => (rng.bernoulli(0.5) ? 1 : -1));
      const { sources, targets, values } = problem.couplings;
      const terms = Array.from(values, (J, e) => -J * spins[sources[e]] * spins[targets[e]]);
      expect(problem.energy(spins)).toBe(exactSum(terms));
    }
  });

  it("keeps β range and energies under a relabeling", () => {
    const problem = randomProblem(30, 8, { weight: (rng) => rng.normal(), fields: true });
    const rng = createRng(9);
    const names = Array.from({ length: 30 }, (_, i) => i);
    shuffle(rng, names);
    const { sources, targets, values } = problem.couplings;
    const fields = new Float64Array(30);
    for (const [i, name] of names.entries()) fields[name] = problem.fields[i];
    const renamed = spinProblem({
      variables: 30,
      couplings: Array.from(values, (J, e) => [names[sources[e]], names[targets[e]], J] as const),
      fields,
    });
    expect(defaultInverseTemperatures(renamed)).toEqual(defaultInverseTemperatures(problem));
    for (let round = 0; round < 50; round++) {
      const spins = Int8Array.from({ length: 30 }, () => (rng.bernoulli(0.5) ? 1 : -1));
      const moved = new Int8Array(30);
      for (const [i, name] of names.entries()) moved[name] = spins[i];
      expect(renamed.energy(moved)).toBe(problem.energy(spins));
    }
  });

  it("finds the common unit of its weights", () => {
    const unitOf = (...weights: number[]) =>
      spinProblem({ variables: weights.length + 1, couplings: weights.map((w, i) => [i, i + 1, w] as const) })
        .unit;
    expect(unitOf(0.5, -1.5, 4)).toBe(0.5);
    expect(unitOf(6, -9, 15)).toBe(3);
    expect(unitOf(0.1, 0.3)).toBeUndefined();
    expect(unitOf(1, 2 ** 53)).toBeUndefined();
    expect(unitOf(3 * 2 ** 51, 1.5)).toBe(unitOf(1.5, 3 * 2 ** 51));
    expect(unitOf()).toBe(1);
  });

  it("refuses what has no meaning", () => {
    expect(() => spinProblem({ variables: 2, couplings: [[0, 2, 1]] })).toThrow(/coupling 0 joins 0 and 2/);
    expect(() => spinProblem({ variables: 2, couplings: [[0, 1, Number.NaN]] })).toThrow(/is NaN/);
    expect(() => spinProblem({ variables: 2, fields: [1] })).toThrow(/fields has length 1, expected 2/);
    expect(() => spinProblem({ variables: -1 })).toThrow(/variables is -1/);
    expect(() =>
      spinProblem({
        variables: 2,
        couplings: [
          [0, 1, 1e308],
          [0, 1, 1e308],
        ],
      }),
    ).toThrow(/add up to Infinity/);
    expect(() => spinProblem({ variables: 2, couplings: [[0, 1, 1e308]], fields: [1e308, 0] })).toThrow(
      /scale/,
    );
    expect(spinProblem({ variables: 0 }).energy(new Int8Array(0))).toBe(0);
  });
});

describe("qubo", () => {
  it("has the energies of its bits, and comes back from spins to the bit", () => {
    const quadratic = [
      [0, 1, 3],
      [1, 2, -5],
      [2, 2, 4],
      [3, 0, 2],
      [0, 3, 1],
    ] as const;
    const linear = [1, -2, 0, 6];
    const problem = qubo({ variables: 4, quadratic, linear, offset: -1.5 });
    for (let index = 0; index < 16; index++) {
      const spins = stateOf(index, 4);
      const x = toBits(spins);
      expect(Int8Array.from(x, (bit) => 2 * bit - 1)).toEqual(spins);
      let energy = -1.5;
      for (const [i, j, Q] of quadratic) energy += Q * x[i] * x[j];
      for (const [i, a] of linear.entries()) energy += a * x[i];
      expect(problem.energy(spins)).toBe(energy);
    }
    const form = toBinary(problem);
    expect(form.linear).toEqual(Float64Array.from([1, -2, 4, 6]));
    expect(form.offset).toBe(-1.5);
    const { sources, targets, weights } = form.quadratic;
    const again = qubo({ ...form, quadratic: { sources, targets, weights } });
    expect(again.couplings).toEqual(problem.couplings);
    expect(again.fields).toEqual(problem.fields);
    expect(again.offset).toBe(problem.offset);
    expect(defaultInverseTemperatures(again)).toEqual(defaultInverseTemperatures(problem));
  });
});

describe("maxCut", () => {
  it("has minus the cut as its energy", () => {
    const graph = weightedGraph(5, [
      [0, 1],
      [1, 2, 2.5],
      [2, 0, -1],
      [3, 4],
      [4, 3, 2],
      [2, 2, 9],
    ]);
    expect([...graph.weights]).toEqual([1, -1, 2.5, 3]);
    const problem = maxCut(graph);
    for (let index = 0; index < 32; index++) {
      const spins = stateOf(index, 5);
      let cut = 0;
      if (spins[0] !== spins[1]) cut += 1;
      if (spins[1] !== spins[2]) cut += 2.5;
      if (spins[2] !== spins[0]) cut -= 1;
      if (spins[3] !== spins[4]) cut += 3;
      expect(problem.energy(spins)).toBe(0 - cut);
      expect(cutWeight(graph, spins)).toBe(cut);
    }
  });
});

describe("toSpinProblem", () => {
  const memory = denseQuadratic(
    [
      [0, 1, -2, 0.5],
      [1, 0, 0.25, 3],
      [-2, 0.25, 0, -1],
      [0.5, 3, -1, 0],
    ],
    [0.5, -1, 0, 2],
  );
  const problem = spinProblem({ variables: 4, couplings: [[0, 3, 1.5]], fields: [1, 0, -2, 0], offset: 3 });
  const held = Int8Array.of(1, -1, 1, 1);

  it.each([
    ["a quadratic energy", memory],
    ["a scaled and shifted one", shift(scale(memory, 3), -7)],
    ["a sum with a problem", sum([memory, problem], [2, 0.5])],
    ["the free part of a clamped one", clamp(memory, held, [true, false, false, true])],
    ["the free part of a clamped sum", clamp(sum([memory, problem]), held, [false, true, false, false])],
  ])("has the energy of %s at every state", (_, energy) => {
    const same = toSpinProblem(energy);
    const { moves, count } = energy.space as ReturnType<typeof spins>;
    for (let k = 0; k < count; k++) {
      expect(same.energy(moves.state(k))).toBeCloseTo(energy.energy(moves.state(k)), 12);
    }
  });

  it("is the problem itself where it is one, and follows parameters that have changed", () => {
    expect(toSpinProblem(problem)).toBe(problem);
    const pair = denseQuadratic([
      [0, 1],
      [1, 0],
    ]);
    pair.can.parameters.values[1] = pair.can.parameters.values[2] = 5;
    expect(toSpinProblem(pair).energy(Int8Array.of(1, 1))).toBe(-5);
  });

  it("refuses energies that do not give their couplings, naming who asked and why", () => {
    const cubic = plainEnergy(spins(3), (s) => s[0] * s[1] * s[2]);
    // @ts-expect-error a plain energy has no couplings
    expect(() => toSpinProblem(cubic, "anneal")).toThrow(
      "anneal needs an energy of spins that interact in pairs alone; this one, over 3 spins, has none",
    );
    // @ts-expect-error nor has a mixture
    expect(() => toSpinProblem(mixture([memory, memory]))).toThrow("a mixture is not quadratic");
  });
});
