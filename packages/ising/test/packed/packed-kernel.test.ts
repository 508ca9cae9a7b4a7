import { seedTape } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { createLattice, createModel, type Lattice, type LatticeName } from "@basin/ising";
import { gTest } from "@basin/testing";
import { describe, expect, it } from "vitest";
import type { LatticeOptions } from "../../src/lattice/lattice.ts";
import { packedAddresses, packedLayout, packingOf, writeLayout } from "../../src/packed/layout.ts";
import { packedKernel } from "../../src/packed/packed-kernel.ts";
import { packedMode, writeRounds } from "../../src/packed/packed-walkers.ts";
import { flipProbability, type SweepRule } from "../../src/sweep/rules.ts";
import { Cells } from "../cells.ts";

const RULES: readonly SweepRule[] = ["metropolis", "heat-bath"];

const MODELS: readonly [LatticeName, readonly number[], LatticeOptions][] = [
  ["square", [32, 64], { disorder: "plus-minus", disorderSeed: 2 }],
  ["square", [16, 32], {}],
  ["square", [32, 32], { field: 0.3 }],
  ["square", [32, 32], { coupling: [1.5, -1.5] }],
  ["triangular", [48, 32], {}],
  ["triangular", [32, 32], { coupling: -1, field: 0.7 }],
  ["triangular", [16, 64], { disorder: "plus-minus" }],
  ["honeycomb", [16, 32], {}],
  ["honeycomb", [32, 96], { disorder: "plus-minus", field: -0.2 }],
  ["cubic", [16, 16, 16], {}],
  ["cubic", [8, 16, 32], { coupling: -0.5, field: 0.1 }],
  ["cubic", [16, 8, 16], { disorder: "plus-minus" }],
];

describe("the two forms of the kernel", () => {
  it.each(MODELS)(
    "give the same spins, and the model's energies, on %s %o %o",
    async (name, shape, options) => {
      const model = createModel(name, shape, options);
      for (const algorithm of RULES) {
        const [wasm, twin] = await Promise.all(
          (["wasm", "typescript"] as const).map((kernel) =>
            createLattice(model, { algorithm, seed: 7, start: "random", kernel }),
          ),
        );
        expect([wasm.path, wasm.kernel, twin.kernel]).toEqual(["packed", "wasm", "typescript"]);
        for (const inverseTemperature of [0.3, 0, Number.POSITIVE_INFINITY, 0.6]) {
          for (const live of [wasm, twin]) live.sweep(2, { inverseTemperature });
          const spins = wasm.spins();
          expect(twin.spins()).toEqual(spins);
          expect(wasm.energy).toBeCloseTo(model.energy(spins), 9);
          expect([twin.energy, twin.magnetization]).toEqual([wasm.energy, wasm.magnetization]);
          expect(wasm.magnetization).toBe(spins.reduce((a, b) => a + b, 0));
        }
      }
    },
  );

  it("begins where it is told to", async () => {
    const rng = createRng(3);
    const start = Int8Array.from({ length: 4096 }, () => (rng.bernoulli(0.3) ? 1 : -1));
    const live = await createLattice(createModel("cubic", 16), { start, seed: 0 });
    expect(live.spins()).toEqual(start);
    const ordered = await createLattice(createModel("cubic", 16, { coupling: -1 }), {
      start: "ordered",
      seed: 0,
    });
    expect(ordered.energy).toBe(-3 * 4096);
  });
});

/** Counts how often 128 replicas of a small lattice visit each cell of (E, M), with flip probabilities of one's own. */
async function visits(
  model: Lattice,
  cells: Cells,
  rule: SweepRule,
  probability: (delta: number) => number,
): Promise<Float64Array> {
  const layout = packedLayout(model.lattice, model.shape, false);
  const at = packedAddresses(layout, true);
  const { exports, memory } = await packedKernel(at.bytes).wasm();
  const words = new Uint32Array(memory.buffer, 0, at.bytes >> 2);
  const rng = createRng(5);
  seedTape(words, rng.split(0));
  writeLayout(words, layout, at);
  for (const { edge, step } of model.bonds()) {
    for (const [site, back] of [
      [edge[0], false],
      [edge[1], true],
    ] as const) {
      const bond =
        (at.signs >> 2) + 4 * (layout.z * layout.vectorOf[site] + packingOf(model.lattice).slot(step, back));
      words.fill(edge[2] < 0 ? 0xffffffff : 0, bond, bond + 4);
    }
  }
  const start = rng.split(1);
  for (let k = 0; k < 4 * layout.vectors; k++) words[(at.spins >> 2) + k] = start.uint32();
  const mode = packedMode(rule, model.field ?? 0);
  writeRounds(words, at.rounds, layout.z, mode, probability, {
    strength: Math.abs(model.directions[0]),
    field: model.field ?? 0,
  });
  const run = (sweeps: number) =>
    exports.sweepPacked(layout.z, mode, at.colors, layout.moves.length, 0, at.rounds, 0, sweeps);
  run(200);
  const counts = new Float64Array(cells.index.size);
  const codes = new Uint32Array(128);
  for (let draw = 0; draw < 800; draw++) {
    run(12);
    codes.fill(0);
    for (let site = 0; site < model.variables; site++) {
      const vector = (at.spins >> 2) + 4 * layout.vectorOf[site];
      for (let replica = 0; replica < 128; replica++)
        codes[replica] |= ((words[vector + (replica >> 5)] >>> (replica & 31)) & 1) << site;
    }
    for (const code of codes) counts[cells.cell[code]]++;
  }
  return counts;
}

describe("the law of the kernel: 128 replicas of 16 spins", () => {
  const cases: readonly [LatticeName, readonly number[], LatticeOptions, number][] = [
    ["square", [4, 4], { field: 0.25 }, 0.35],
    ["square", [4, 4], { disorder: "plus-minus", disorderSeed: 3 }, 0.5],
    ["triangular", [4, 4], {}, 0.2],
    ["triangular", [4, 4], { coupling: -1, field: 0.4 }, 0.3],
    ["honeycomb", [4, 4], {}, 0.5],
    ["honeycomb", [4, 4], { disorder: "plus-minus", field: 0.5 }, 0.5],
    ["cubic", [2, 2, 4], {}, 0.15],
    ["cubic", [2, 2, 4], { disorder: "plus-minus", field: -0.3 }, 0.25],
  ];
  for (const rule of RULES) {
    it.each(cases)(
      `${rule} visits (E, M) as Boltzmann's law says: %s %o %o at β = %d`,
      async (...[name, shape, options, beta]) => {
        const model = createModel(name, shape, options);
        const cells = new Cells(model);
        const counts = await visits(model, cells, rule, (delta) => flipProbability(rule, delta, beta));
        expect(gTest(counts, cells.law(beta)).pValue).toBeGreaterThan(1e-6);
        // The same counts against a temperature 5 % off: the test can see it.
        expect(gTest(counts, cells.law(beta * 1.05)).pValue).toBeLessThan(1e-6);
      },
    );
  }

  it("notices costly flips made a fifth too often", async () => {
    const model = createModel("cubic", [2, 2, 4]);
    const cells = new Cells(model);
    const counts = await visits(
      model,
      cells,
      "metropolis",
      (delta) => (delta > 4 ? 1.2 : 1) * flipProbability("metropolis", delta, 0.15),
    );
    expect(gTest(counts, cells.law(0.15)).pValue).toBeLessThan(1e-6);
  });
});
