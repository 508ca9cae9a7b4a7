import { createRng } from "@basin/energy-core/random";
import { createLattice, createModel, onsager, type SpinProblem, simulate, spinProblem } from "@basin/ising";
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
import { type ClusterArrays, swendsenWangSweep, wolffStep } from "../src/graph/cluster-twin.ts";
import { greedyColoring, renumber } from "../src/graph/coloring.ts";
import { type GraphArrays, sweepSpins } from "../src/graph/graph-twin.ts";
import { graph } from "../src/graph/graph-walkers.ts";
import { flipProbability, flipProbabilityAt, type SweepRule } from "../src/sweep/rules.ts";

const RULES: readonly SweepRule[] = ["metropolis", "heat-bath"];

/** The arrays of a model in a state, as the twins of the kernels take them. */
function arrays(model: SpinProblem, x: Int8Array): GraphArrays {
  const { starts, neighbors, values } = model.adjacency;
  const fields = model.fields.map((h, i) => {
    let sum = h;
    for (let k = starts[i]; k < starts[i + 1]; k++) sum += values[k] * x[neighbors[k]];
    return sum;
  });
  // Every spin a class of its own: the order of the sites.
  const classes = Int32Array.from({ length: x.length + 1 }, (_, i) => i);
  return { starts, neighbors, values, fields, spins: x.slice(), classes };
}

describe("sweepSpins", () => {
  const torus = createModel("square", [2, 3], { field: 0.3, coupling: 0.7 });
  const states = spinStates(6);
  const law = boltzmann(
    states.map((x) => torus.energy(x)),
    0.6,
  );
  const matrix = (rule: SweepRule, beta: number) =>
    transitionMatrix(states, (x, rng) => {
      const graph = arrays(torus, x);
      sweepSpins(graph, 2 * beta, (change) => rng.bernoulli(flipProbabilityAt(rule, change)));
      return graph.spins;
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
    const bare = createModel("square", 2);
    const plain = transitionMatrix(spinStates(4), (x, rng) => {
      const cursor = bare.can.moves(x);
      for (let i = 0; i < 4; i++) if (rng.bernoulli(Math.exp(-0.5 * cursor.delta(i)))) cursor.apply(i);
      return cursor.state;
    });
    expect(() => assertIrreducible(plain)).toThrow(/not irreducible: state \d+ cannot be reached/);
  });
});

describe("visits to all 512 states of the 3 × 3 torus at T = 4", () => {
  const torus = createModel("square", 3);
  const states = spinStates(9);
  const energies = states.map((x) => torus.energy(x));
  const DRAWS = 60_000;

  async function visits(rule: SweepRule, beta: number, skip = false): Promise<Float64Array> {
    const counts = new Float64Array(512);
    // Broken on purpose: one bond is forgotten.
    const bonds = Array.from(
      { length: 18 },
      (_, e) => [e >> 1, e & 1 ? (3 + (e >> 1)) % 9 : right(e >> 1), 1] as const,
    );
    const model = skip ? spinProblem({ variables: 9, couplings: bonds.slice(1) }) : torus;
    const walkers = await graph({ rule, kernel: "wasm" }).walkers(model, { streams: () => createRng(17) });
    walkers.step(1000, beta);
    const spins = new Int8Array(9);
    for (let draw = 0; draw < DRAWS; draw++) {
      // Ten sweeps apart the draws are independent: τ is about two sweeps at this temperature.
      walkers.step(10, beta);
      walkers.read(0, spins);
      let code = 0;
      for (let i = 0; i < 9; i++) if (spins[i] > 0) code |= 1 << i;
      counts[code]++;
    }
    return counts;
  }

  it.each(RULES)(
    "%s passes the G-test, and the same counts fail it against a temperature 5 %% off",
    async (rule) => {
      const counts = await visits(rule, 0.25);
      expect(gTest(counts, boltzmann(energies, 0.25)).pValue).toBeGreaterThan(1e-6);
      expect(gTest(counts, boltzmann(energies, 0.25 / 1.05)).pValue).toBeLessThan(1e-6);
    },
  );

  it("a forgotten bond fails it", async () => {
    expect(gTest(await visits("heat-bath", 0.25, true), boltzmann(energies, 0.25)).pValue).toBeLessThan(1e-6);
  });
});

function right(site: number): number {
  return site - (site % 3) + ((site + 1) % 3);
}

describe("cluster steps", () => {
  const models = {
    ferromagnet: createModel("square", [2, 3], { boundary: "open" }),
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
        const { starts, neighbors, values } = model.adjacency;
        return transitionMatrix(states, (x, rng) => {
          const graph: ClusterArrays = {
            starts,
            codes: neighbors.map((j, k) => 2 * j + (values[k] < 0 ? 1 : 0)),
            spins: Uint8Array.from(x, (spin) => (spin > 0 ? 1 : 0)),
            stack: new Int32Array(x.length + 1),
          };
          step(graph, {
            index: (n) => rng.index(n),
            bond: (k, open) => open && rng.bernoulli(1 - Math.exp(-2 * beta * Math.abs(values[k]))),
            coin: () => rng.bernoulli(0.5),
          });
          return Int8Array.from(graph.spins, (bit) => 2 * bit - 1);
        });
      };
      assertStationary(matrix(0.5), law);
      assertReversible(matrix(0.5), law);
      assertIrreducible(matrix(0.5));
      expect(() => assertStationary(matrix(0.525), law)).toThrow("not stationary");
    });
  }

  it("refuse a field, which clusters do not see", async () => {
    const run = simulate(createModel("square", 4, { field: 0.1 }), {
      temperature: 1,
      algorithm: "wolff",
      seed: 0,
    });
    await expect(run).rejects.toThrow("spin 0 has field 0.1");
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

describe("greedyColoring", () => {
  it.each([
    [createModel("square", [4, 6]), 2],
    [createModel("square", [5, 5]), 4],
    [createModel("cubic", 3, { boundary: "open" }), 2],
    [
      spinProblem({
        variables: 3,
        couplings: [
          [0, 1, 1],
          [1, 2, 1],
          [0, 2, 1],
        ],
      }),
      3,
    ],
  ] as const)("makes classes without neighbors, few of them (%#)", (model, most) => {
    const { order, classes } = greedyColoring(model.variables, model.adjacency);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: model.variables }, (_, i) => i));
    expect(classes.length - 1).toBeLessThanOrEqual(most);
    const { starts, neighbors } = renumber(model.adjacency, order);
    for (let group = 0; group + 1 < classes.length; group++) {
      for (let p = classes[group]; p < classes[group + 1]; p++) {
        const own = neighbors.slice(starts[p], starts[p + 1]);
        expect(own.filter((q) => q >= classes[group] && q < classes[group + 1])).toHaveLength(0);
      }
    }
  });
});

describe("the two forms of the graph kernel", () => {
  const models = {
    torus: createModel("square", [12, 10]),
    glass: createModel("cubic", 5, { disorder: "gaussian", disorderSeed: 2 }),
    "lone spins": spinProblem({ variables: 5 }),
  };
  const algorithms = ["metropolis", "heat-bath", "wolff", "swendsen-wang"] as const;
  for (const [name, model] of Object.entries(models)) {
    it.each(algorithms)(`give the same bits by %s on a ${name}`, async (algorithm) => {
      const kernels = ["wasm", "typescript"] as const;
      const lives = await Promise.all(
        kernels.map((kernel) => createLattice(model, { algorithm, kernel, seed: 6 })),
      );
      for (const temperature of [2, 0.7, 0, 5, Infinity]) {
        for (const live of lives) live.sweep(150, { temperature });
        expect(lives[1].spins()).toEqual(lives[0].spins());
        expect(lives[1].energy).toBe(lives[0].energy);
        expect(lives[0].energy).toBeCloseTo(model.energy(lives[0].spins()), 9);
      }
    });
  }

  it("take fields", async () => {
    const model = createModel("square", 6, {
      disorder: "gaussian",
      field: Array.from({ length: 36 }, (_, i) => i / 20 - 0.9),
    });
    const [wasm, twin] = await Promise.all(
      (["wasm", "typescript"] as const).map((kernel) => createLattice(model, { kernel, seed: 6 })),
    );
    for (const live of [wasm, twin]) live.sweep(500, { temperature: 1 });
    expect(twin.spins()).toEqual(wasm.spins());
  });
});
