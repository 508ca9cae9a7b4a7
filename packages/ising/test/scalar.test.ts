import { createRng } from "@basin/energy-core/random";
import { onsager, spinProblem, squareLattice } from "@basin/ising";
import {
  assertIrreducible,
  assertReversible,
  assertStationary,
  boltzmann,
  gTest,
  spinStates,
  transitionMatrix,
} from "@basin/testing";
import { describe, expect, it } from "vitest";
import { ClusterScratch, clusterGraph, swendsenWangSweep, wolffStep } from "../src/cluster/clusters.ts";
import { flipProbability, type SweepRule } from "../src/sweep/rules.ts";
import { sweepSpins } from "../src/sweep/scalar.ts";

const RULES: readonly SweepRule[] = ["metropolis", "heat-bath"];

describe("sweepSpins", () => {
  const torus = squareLattice([2, 3], { field: 0.3, coupling: 0.7 });
  const states = spinStates(6);
  const law = boltzmann(
    states.map((x) => torus.energy(x)),
    0.6,
  );
  const matrix = (rule: SweepRule, beta: number) =>
    transitionMatrix(states, (x, rng) => {
      const cursor = torus.attach(x);
      sweepSpins(cursor, rule, rng, beta);
      return cursor.state;
    });

  it.each(RULES)("%s keeps Boltzmann's law exactly and reaches every state in one sweep", (rule) => {
    const exact = matrix(rule, 0.6);
    assertStationary(exact, law);
    for (const row of exact) expect(Math.min(...row)).toBeGreaterThan(0);
  });

  it.each(RULES)("%s at a temperature 5 %% off fails that test", (rule) => {
    expect(() => assertStationary(matrix(rule, 0.63), law)).toThrow("not stationary");
  });

  it("plain Metropolis in a fixed order would not reach every state", () => {
    const bare = squareLattice(2);
    const plain = transitionMatrix(spinStates(4), (x, rng) => {
      const cursor = bare.attach(x);
      for (let i = 0; i < 4; i++) if (rng.bernoulli(Math.exp(-0.5 * cursor.delta(i)))) cursor.flip(i);
      return cursor.state;
    });
    expect(() => assertIrreducible(plain)).toThrow();
  });
});

describe("visits to all 512 states of the 3 × 3 torus at T = 4", () => {
  const torus = squareLattice(3);
  const states = spinStates(9);
  const energies = states.map((x) => torus.energy(x));
  const DRAWS = 60_000;

  function visits(rule: SweepRule, beta: number, skip = false): Float64Array {
    const counts = new Float64Array(512);
    const rng = createRng(17);
    // Broken on purpose: one bond is forgotten.
    const bonds = Array.from(
      { length: 18 },
      (_, e) => [e >> 1, e & 1 ? (3 + (e >> 1)) % 9 : right(e >> 1), 1] as const,
    );
    const model = skip ? spinProblem({ variables: 9, couplings: bonds.slice(1) }) : torus;
    const cursor = model.attach(states[511]);
    for (let draw = -100; draw < DRAWS; draw++) {
      // Ten sweeps apart the draws are independent: τ is about two sweeps at this temperature.
      for (let sweep = 0; sweep < 10; sweep++) sweepSpins(cursor, rule, rng, beta);
      if (draw < 0) continue;
      let code = 0;
      for (let i = 0; i < 9; i++) if (cursor.state[i] > 0) code |= 1 << i;
      counts[code]++;
    }
    return counts;
  }

  it.each(RULES)(
    "%s passes the G-test, and the same counts fail it against a temperature 5 %% off",
    (rule) => {
      const counts = visits(rule, 0.25);
      expect(gTest(counts, boltzmann(energies, 0.25)).pValue).toBeGreaterThan(1e-6);
      expect(gTest(counts, boltzmann(energies, 0.25 / 1.05)).pValue).toBeLessThan(1e-6);
    },
  );

  it("a forgotten bond fails it", () => {
    expect(gTest(visits("heat-bath", 0.25, true), boltzmann(energies, 0.25)).pValue).toBeLessThan(1e-6);
  });
});

function right(site: number): number {
  return site - (site % 3) + ((site + 1) % 3);
}

describe("cluster steps", () => {
  const models = {
    ferromagnet: squareLattice([2, 3], { boundary: "open" }),
    "frustrated triangle and tail": spinProblem({
      variables: 4,
      couplings: [
        [0, 1, 1],
        [1, 2, -0.8],
        [0, 2, 0.5],
        [2, 3, 0.4],
      ],
    }),
  };
  for (const [name, model] of Object.entries(models)) {
    it.each([
      ["wolff", wolffStep],
      ["swendsen-wang", swendsenWangSweep],
    ] as const)(`of %s are reversible and irreducible on a ${name}`, (_, step) => {
      const states = spinStates(model.variables);
      const law = boltzmann(
        states.map((x) => model.energy(x)),
        0.5,
      );
      const matrix = (beta: number) => {
        const graph = clusterGraph(model, beta);
        return transitionMatrix(states, (x, rng) => {
          const spins = x.slice();
          step(spins, graph, rng, new ClusterScratch(spins.length));
          return spins;
        });
      };
      assertStationary(matrix(0.5), law);
      assertReversible(matrix(0.5), law);
      assertIrreducible(matrix(0.5));
      expect(() => assertStationary(matrix(0.525), law)).toThrow("not stationary");
    });
  }

  it("refuses a field, which its clusters do not see", () => {
    expect(() => clusterGraph(squareLattice(4, { field: 0.1 }), 1)).toThrow("spin 0 has field 0.1");
  });
});

describe("flipProbability", () => {
  it("obeys detailed balance at every temperature, and its limits", () => {
    for (const rule of RULES) {
      for (const beta of [0, 0.1, 1, 3]) {
        for (const delta of [0.5, 4, 8]) {
          const ratio = flipProbability(rule, delta, beta) / flipProbability(rule, -delta, beta);
          expect(ratio / Math.exp(-beta * delta)).toBeCloseTo(1, 12);
        }
      }
      expect(flipProbability(rule, 4, Infinity)).toBe(0);
      expect(flipProbability(rule, 0, Infinity)).toBe(rule === "heat-bath" ? 0.5 : 63 / 64);
    }
    expect(onsager.criticalTemperature).toBeGreaterThan(2);
  });
});
