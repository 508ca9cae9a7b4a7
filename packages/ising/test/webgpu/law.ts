import { createRng } from "@basin/energy-core/random";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { createModel, type LatticeName } from "@basin/ising";
import { gpu, gpuPotts } from "@basin/ising/webgpu";
import { gTest } from "@basin/testing";
import { expect } from "vitest";
import type { LatticeOptions } from "../../src/lattice/lattice.ts";
import type { SweepRule } from "../../src/sweep/rules.ts";
import { Cells } from "../cells.ts";
import { allStates } from "../potts/models.ts";
import { type PottsCase, pottsOf } from "./potts-cases.ts";

/**
 * Compares the visits of labels to each cell of energy and number of zeros with Boltzmann's law at β, and at 1.05 β.
 */
export async function expectPottsLaw(
  device: GpuDevice,
  rule: SweepRule,
  model: PottsCase,
  beta: number,
): Promise<void> {
  const energy = pottsOf(model);
  const { variables: n, states: q } = energy;
  const keys = new Map<string, number>();
  const cells = allStates(n, q).map((labels) => {
    const E = energy.energy(labels);
    const key = `${E.toFixed(9)},${labels.filter((s) => s === 0).length}`;
    if (!keys.has(key)) keys.set(key, keys.size);
    return { cell: keys.get(key) as number, energy: E };
  });
  const law = (b: number) => {
    const weights = new Float64Array(keys.size);
    for (const one of cells) weights[one.cell] += Math.exp(-b * one.energy);
    return weights;
  };
  const groups = 1024;
  const streams = (group: number) => createRng(4).split(group);
  const walkers = await gpuPotts({ rule, device }).walkers(energy, { groups, streams });
  walkers.step(60, beta);
  const counts = new Float64Array(keys.size);
  const labels = new Uint8Array(n);
  for (let draw = 0; draw < 40; draw++) {
    walkers.step(8, beta);
    await walkers.can.fetch("all");
    for (let g = 0; g < groups; g++) {
      walkers.read(g, labels);
      let code = 0;
      for (let site = n - 1; site >= 0; site--) code = code * q + labels[site];
      counts[cells[code].cell]++;
    }
  }
  walkers.dispose();
  expect(gTest(counts, law(beta)).pValue).toBeGreaterThan(1e-6);
  expect(gTest(counts, law(beta * 1.05)).pValue).toBeLessThan(1e-6);
}

type Model = readonly [LatticeName, readonly number[], LatticeOptions];

/**
 * Compares the visits of a small lattice's replicas to each cell of (E, M) with Boltzmann's law at β, and at 1.05 β.
 */
export async function expectLaw(
  device: GpuDevice,
  rule: SweepRule,
  model: Model,
  beta: number,
): Promise<void> {
  const cells = new Cells(createModel(...model));
  const counts = await visits(device, rule, model, cells, beta);
  expect(gTest(counts, cells.law(beta)).pValue).toBeGreaterThan(1e-6);
  expect(gTest(counts, cells.law(beta * 1.05)).pValue).toBeLessThan(1e-6);
}

async function visits(
  device: GpuDevice,
  rule: SweepRule,
  [name, shape, options]: Model,
  cells: Cells,
  beta: number,
): Promise<Float64Array> {
  const model = createModel(name, shape, options);
  const streams = (group: number) => createRng(4).split(group);
  const groups = 1024;
  const walkers = await gpu({ rule, device }).walkers(model, { groups, streams });
  walkers.step(100, beta);
  const counts = new Float64Array(cells.index.size);
  const spins = new Int8Array(model.variables);
  for (let draw = 0; draw < 60; draw++) {
    walkers.step(8, beta);
    await walkers.can.fetch("all");
    for (let g = 0; g < groups; g++) {
      walkers.read(g, spins);
      let code = 0;
      for (let site = 0; site < spins.length; site++) if (spins[site] > 0) code += 2 ** site;
      counts[cells.cell[code]]++;
    }
  }
  walkers.dispose();
  return counts;
}
