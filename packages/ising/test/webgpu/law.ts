import { createRng } from "@basin/energy-core/random";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { createModel, type LatticeName, type LatticeOptions } from "@basin/ising";
import { gpu } from "@basin/ising/webgpu";
import { gTest } from "@basin/testing";
import { expect } from "vitest";
import type { SweepRule } from "../../src/sweep/rules.ts";
import { Cells } from "../cells.ts";

type Model = readonly [LatticeName, readonly number[], LatticeOptions];

/** Compares the visits of a small lattice's replicas to each cell of (E, M) with Boltzmann's law at β, and at 1.05 β. */
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
