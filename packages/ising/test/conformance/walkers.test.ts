import { denseQuadratic, enumerate, shift } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import {
  bits,
  cluster,
  createModel,
  graph,
  kawasaki,
  type Lattice,
  lanes,
  packed,
  type SpinProblem,
  square,
} from "@basin/ising";
import type { WalkerKernel } from "@basin/samplers";
import { annealedImportance, linearSchedule, simulatedAnnealing, temper } from "@basin/samplers/temper";
import { spinStates } from "@basin/testing";
import { type WalkerCase, walkerChecks } from "@basin/testing/walkers";
import { describe, expect, it, test } from "vitest";
import { randomProblem } from "../reference.ts";

const signs = (rng: Rng) => (rng.bernoulli(0.5) ? 1 : -1);
const glass = randomProblem(4, 5, { weight: signs, density: 0.9, fields: true });
const cut = randomProblem(4, 3, { weight: () => -0.5, density: 0.9 });
const real = randomProblem(4, 4, { weight: (rng) => rng.normal(), density: 0.9, fields: true });
const fieldless = randomProblem(4, 6, { weight: (rng) => rng.normal(), density: 0.9 });

type Law = Omit<NonNullable<WalkerCase<Int8Array>["law"]>, "states">;

function caseOf<M extends SpinProblem>(
  name: string,
  kernel: WalkerKernel<M, Int8Array>,
  model: M,
  law?: Law,
): WalkerCase<Int8Array> {
  return {
    name,
    make: async (groups, seed) => {
      const rng = createRng(seed);
      const streams = (group: number) => rng.split(group);
      return {
        walkers: (await kernel.walkers(model, { groups, streams })) as never,
        streams: streams as never,
      };
    },
    energy: (state) => model.energy(state),
    state: (number) => {
      const rng = createRng(number);
      return Int8Array.from({ length: model.variables }, () => signs(rng));
    },
    inverseTemperatures: [0.35, 0.7],
    law: law && { ...law, states: spinStates(model.variables) },
  };
}

const law: Law = { steps: 30, draws: 4000 };
const cases = [
  caseOf("bits on a glass", bits(), glass, law),
  caseOf("bits on a cut", bits({ clusters: true }), cut, law),
  caseOf("bits with shared thresholds", bits({ thresholds: "shared" }), glass, { ...law, independent: 1 }),
  caseOf("bits in TypeScript", bits({ kernel: "typescript" }), glass),
  caseOf("lanes", lanes(), real, law),
  caseOf("lanes in TypeScript", lanes({ kernel: "typescript" }), real),
  caseOf("a graph, by Metropolis", graph(), real, law),
  caseOf("a graph, by heat bath", graph({ rule: "heat-bath" }), glass, law),
  // Its sweeps favor some states until their length is settled.
  caseOf("Wolff's clusters", cluster("wolff"), fieldless),
  caseOf("Swendsen and Wang's clusters", cluster("swendsen-wang"), fieldless, law),
  // It keeps the magnetization of the start.
  caseOf("Kawasaki's exchanges", kawasaki(), real),
  caseOf("a square lattice", square(), createModel("square", 32)),
  caseOf(
    "a staggered square lattice",
    square({ start: "ordered" }),
    createModel("square", 32, { coupling: -1 }),
  ),
  caseOf<Lattice>("a packed lattice", packed(), createModel("triangular", 32, { field: 0.2 })),
  caseOf<Lattice>("a packed glass", packed(), createModel("cubic", 16, { disorder: "plus-minus" })),
];

describe.each(cases)("walkers of $name", (kernel) => {
  test.each(Object.keys(walkerChecks))("%s", (name) => walkerChecks[name](kernel as WalkerCase<unknown>));
});

describe("the loops of samplers on engines", () => {
  it("temper 128 ladders at once, and give the cold level its law's energy", async () => {
    const beta = 0.7;
    const weights = spinStates(4).map((state) => Math.exp(-beta * glass.energy(state)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const energies = spinStates(4).map((state) => glass.energy(state));
    const exact = energies.reduce((sum, energy, k) => sum + (energy * weights[k]) / total, 0);
    const variance = energies.reduce(
      (sum, energy, k) => sum + ((energy - exact) ** 2 * weights[k]) / total,
      0,
    );
    const options = { seed: 3, inverseTemperatures: [0.1, 0.3, beta], warmup: 100, draws: 1, chains: 20 };
    const { chains, rejections } = await temper(glass, bits(), options);
    expect([chains.length, rejections.length]).toEqual([2560, 2560]);
    // One draw a chain: 2560 of them owe nothing to each other.
    const mean = chains.reduce((sum, { stats }) => sum + stats.energy[0] / chains.length, 0);
    expect(Math.abs(mean - exact)).toBeLessThan(4.89 * Math.sqrt(variance / chains.length));
    for (const { positions, stats } of chains.slice(0, 10))
      expect(glass.energy(positions)).toBe(stats.energy[0]);
  });

  it("anneal whole groups, and refuse energies that an engine does not take", async () => {
    const inverseTemperatures = Float64Array.from({ length: 60 }, (_, k) => 0.1 + k / 10);
    const found = await simulatedAnnealing(glass, bits(), { seed: 1, inverseTemperatures, reads: 100 });
    expect(found.length).toBe(128);
    expect(found[0].energy).toBe(Math.min(...spinStates(4).map((state) => glass.energy(state))));
    await expect(simulatedAnnealing(real, bits(), { seed: 1, inverseTemperatures })).rejects.toThrow(
      "multiples of one unit",
    );
    await expect(
      simulatedAnnealing(createModel("square", 9), square(), { seed: 1, inverseTemperatures }),
    ).rejects.toThrow("graph takes any");
  });

  it("bracket log Z of a quadratic energy that is no Ising model", async () => {
    const rows = [
      [0, 1, 2],
      [1, 0, -1],
      [2, -1, 0],
    ];
    const energy = shift(denseQuadratic(rows), 0.5);
    const { forward } = await annealedImportance(energy, bits(), {
      seed: 2,
      inverseTemperatures: linearSchedule(0, 1, 41),
      logPartitionAtStart: 3 * Math.LN2,
      chains: 1280,
    });
    expect(forward.standardError).toBeLessThan(0.02);
    expect(Math.abs(forward.mean - enumerate(energy).logPartition)).toBeLessThan(
      4.89 * forward.standardError,
    );
  });
});
