import { createRng } from "@basin/energy-core/random";
import { createModel, type LatticeName, type PottsEnergy, potts } from "@basin/ising";
import { gpuPotts } from "@basin/ising/webgpu";
import type { LatticeOptions } from "../../src/lattice/lattice.ts";
import type { GpuOptions } from "../../src/webgpu/gpu.ts";

/** A lattice, the number of labels, and their field. */
export type PottsCase = readonly [
  LatticeName,
  readonly number[],
  LatticeOptions,
  q: number,
  field?: number[],
];

export function pottsOf([name, shape, options, states, field]: PottsCase): PottsEnergy {
  return potts(createModel(name, shape, options), { states, field });
}

/** What walkers of three groups hold after sweeps of all and of one, an exchange, records, and a restored state. */
export async function pottsTrace(model: PottsEnergy, options: GpuOptions, scale = 1) {
  const streams = (group: number) => createRng(5).split(group);
  const betas = [0.4, 0.9, 2.5].map((beta) => beta * scale);
  const walkers = await gpuPotts(options).walkers(model, { groups: 3, streams });
  walkers.step(2, betas);
  await walkers.can.fetch();
  walkers.exchange(0, 2);
  walkers.step(1, 0.7 * scale, 1);
  const [energies, orders] = [new Float64Array(9), new Float64Array(9)];
  await walkers.can.record(1, betas, energies, orders);
  await walkers.can.fetch("all");
  const saved = walkers.save();
  walkers.step(3, Number.POSITIVE_INFINITY);
  walkers.restore(structuredClone(saved));
  walkers.step(1, betas);
  await walkers.can.fetch("all");
  const states = [0, 1, 2].map((g) => walkers.read(g));
  const last = walkers.energies(new Float64Array(3));
  const lastOrders = walkers.can.orderParameters(new Float64Array(3));
  walkers.dispose();
  return { energies, orders, saved, states, last, lastOrders };
}
