import { seedTape } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { gTest } from "@basin/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { createModel } from "../../src/lattice/lattices.ts";
import type { SquareExports } from "../../src/sweep/exports.ts";
import { flipProbability, type SweepRule, threshold } from "../../src/sweep/rules.ts";
import { squareKernel } from "../../src/sweep/square-kernel.ts";
import { packSpins, replicaLayout, type TileLayout, tileLayout, unpackSpins } from "../../src/sweep/tiles.ts";
import { Cells } from "../cells.ts";

const RULES: readonly SweepRule[] = ["metropolis", "heat-bath"];

interface Machine {
  readonly exports: SquareExports;
  readonly words: Uint32Array;
}

async function machine(kernel: "wasm" | "typescript", layout: TileLayout, seed: number): Promise<Machine> {
  const { exports, memory } = await squareKernel(layout.bytes)[kernel]();
  const words = new Uint32Array(memory.buffer, 0, layout.bytes >> 2);
  const rng = createRng(seed);
  seedTape(words, rng.split(0));
  const start = rng.split(1);
  for (let at = layout.first >> 2; at < words.length; at++) words[at] = start.uint32();
  return { exports, words };
}

function run(
  { exports }: Machine,
  layout: TileLayout,
  rule: SweepRule,
  beta: number,
  sweeps: number,
  joined = 1,
  excess = 1,
) {
  const { first, second, width, height } = layout;
  const sweep = rule === "metropolis" ? exports.metropolis : exports.heatBath;
  const a = threshold(flipProbability(rule, 4, beta));
  const b = threshold(excess * flipProbability(rule, 8, beta));
  sweep(first, second, width, height, joined, a[0], a[1], b[0], b[1], 0, sweeps);
}

function same(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

describe("the two forms of the kernel", () => {
  const shapes = [
    [32, 32],
    [64, 32],
    [32, 96],
    [256, 256],
  ] as const;
  it.each(shapes)("give the same memory, bit for bit, on %i × %i", async (rows, columns) => {
    const layout = tileLayout(rows, columns);
    for (const rule of RULES) {
      const [wasm, twin] = [await machine("wasm", layout, 7), await machine("typescript", layout, 7)];
      for (const beta of [0.44, 0, 0.7, Number.POSITIVE_INFINITY, 0.2]) {
        for (const { exports, words } of [wasm, twin]) run({ exports, words }, layout, rule, beta, 3);
        expect(same(wasm.words, twin.words)).toBe(true);
        const { first, second, width, height } = layout;
        const counts = [wasm, twin].map(({ exports }) => [
          exports.unlikeBonds(first, second, width, height, 1),
          exports.setBits(first, width, height),
        ]);
        expect(counts[0]).toEqual(counts[1]);
      }
    }
  });

  it("give the same memory for separate replicas", async () => {
    const layout = replicaLayout(8, 6);
    const [wasm, twin] = [await machine("wasm", layout, 3), await machine("typescript", layout, 3)];
    for (const { exports, words } of [wasm, twin]) run({ exports, words }, layout, "metropolis", 0.4, 5, 0);
    expect(same(wasm.words, twin.words)).toBe(true);
  });
});

describe("what the kernel measures", () => {
  it.each([
    [32, 32],
    [64, 96],
  ] as const)("is the energy and magnetization of the unpacked spins on %i × %i", async (rows, columns) => {
    const layout = tileLayout(rows, columns);
    const lattice = createModel("square", [rows, columns]);
    const { exports, words } = await machine("wasm", layout, 11);
    const { first, second, width, height } = layout;
    const spins = unpackSpins(words, layout, false, new Int8Array(rows * columns));
    const up = exports.setBits(first, width, height) + exports.setBits(second, width, height);
    expect(2 * up - rows * columns).toBe(spins.reduce((a, b) => a + b, 0));
    expect(2 * exports.unlikeBonds(first, second, width, height, 1) - 2 * rows * columns).toBe(
      lattice.energy(spins),
    );
    packSpins(words, layout, spins, false);
    expect(unpackSpins(words, layout, false, new Int8Array(rows * columns))).toEqual(spins);
  });
});

describe("the law of the kernel: 128 replicas of a 4 × 4 torus", () => {
  const layout = replicaLayout(4, 4);
  const SWEEPS_APART = 12;
  const DRAWS = 800;
  let cells: Cells;
  beforeAll(() => {
    cells = new Cells();
  });

  async function visits(rule: SweepRule, beta: number, excess = 1): Promise<Float64Array> {
    const replicas = await machine("wasm", layout, 5);
    const counts = new Float64Array(cells.index.size);
    const { words } = replicas;
    run(replicas, layout, rule, beta, 200, 0);
    const codes = new Uint32Array(128);
    for (let draw = 0; draw < DRAWS; draw++) {
      run(replicas, layout, rule, beta, SWEEPS_APART, 0, excess);
      codes.fill(0);
      for (let site = 0; site < 16; site++) {
        const y = site >> 2;
        const x = site & 3;
        const vector =
          (((x + y) & 1 ? layout.second : layout.first) >> 2) + 4 * (y * layout.width + (x >> 1));
        for (let replica = 0; replica < 128; replica++) {
          codes[replica] |= ((words[vector + (replica >> 5)] >>> (replica & 31)) & 1) << site;
        }
      }
      for (const code of codes) counts[cells.cell[code]]++;
    }
    return counts;
  }

  for (const rule of RULES) {
    it.each([0.25, 0.44])(`${rule} visits (E, M) as Boltzmann's law says at β = %d`, async (beta) => {
      const counts = await visits(rule, beta);
      expect(gTest(counts, cells.law(beta)).pValue).toBeGreaterThan(1e-6);
      // The same counts against a temperature 5 % off: the test can see it.
      expect(gTest(counts, cells.law(beta * 1.05)).pValue).toBeLessThan(1e-6);
    });
  }

  it.each(RULES)("notices %s that flips aligned spins a fifth too often", async (rule) => {
    expect(gTest(await visits(rule, 0.44, 1.2), cells.law(0.44)).pValue).toBeLessThan(1e-6);
  });
});

describe("stripes", () => {
  it.each(RULES)("are left by %s, which plain Metropolis never does", async (rule) => {
    const layout = tileLayout(32, 32);
    const { exports, words } = await machine("wasm", layout, 1);
    packSpins(
      words,
      layout,
      Int8Array.from({ length: 1024 }, (_, i) => ((i & 1) === 0 ? 1 : -1)),
      false,
    );
    run({ exports, words }, layout, rule, 1, 200);
    const { first, second, width, height } = layout;
    expect(2 * exports.unlikeBonds(first, second, width, height, 1) - 2048).toBeLessThan(-1000);
  });
});
