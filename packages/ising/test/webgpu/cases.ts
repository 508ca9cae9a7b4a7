import { createRng } from "@basin/energy-core/random";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { createModel, type Lattice, type LatticeName } from "@basin/ising";
import { gpu } from "@basin/ising/webgpu";
import { counted } from "@basin/testing/gpu";
import type { LatticeOptions } from "../../src/lattice/lattice.ts";
import type { SweepRule } from "../../src/sweep/rules.ts";
import type { DeviceEngine } from "../../src/webgpu/engine.ts";
import { spinProgramOf } from "../../src/webgpu/gpu.ts";
import { gpuEngine } from "../../src/webgpu/gpu-engine.ts";
import { classesOf, type Plan, planOf } from "../../src/webgpu/plan.ts";
import { deviceTwin } from "../../src/webgpu/twin.ts";

/** A lattice, and how many rows a generator moves outside of the memory of a workgroup; 0: as its plan says. */
export type Case = readonly [LatticeName, readonly number[], LatticeOptions, rowsEach: number];

/** What two engines hold after the same work: totals after each part, then spins and generators. */
export interface Trace {
  readonly totals: readonly number[];
  readonly slots: readonly { states: Uint32Array; generators: Uint32Array }[];
}

const SLOTS = 3;

export function planFor(lattice: Lattice, rowsEach: number): Plan {
  const plan = planOf(lattice);
  return rowsEach === 0 ? plan : { ...plan, held: false, rowsEach, bands: plan.size / rowsEach };
}

/** Resolves to the engine of a device, or without one to its twin. */
export async function engineFor(
  [name, shape, options, rowsEach]: Case,
  rule: SweepRule,
  device?: GpuDevice,
): Promise<{ engine: DeviceEngine; plan: Plan; each: number }> {
  const lattice = createModel(name, shape, options);
  const plan = planFor(lattice, rowsEach);
  const classes = classesOf(plan.z, rule, lattice.field ?? 0);
  const engine =
    device === undefined
      ? deviceTwin(lattice, plan, SLOTS, classes)
      : await gpuEngine(device, spinProgramOf(lattice, plan, rule), SLOTS);
  return { engine, plan, each: classes.counts * classes.signs };
}

/** Runs an engine through sweeps of all slots and of one, at probabilities and from states drawn by one seed. */
export async function traceOf(
  { engine, plan, each }: { engine: DeviceEngine; plan: Plan; each: number },
  scale = 1,
): Promise<Trace> {
  const rng = createRng(8);
  const words = (count: number) => Uint32Array.from({ length: count }, () => rng.uint32());
  const used = plan.bits === 32 ? 0xffffffff : 2 ** plan.bits - 1;
  for (let slot = 0; slot < SLOTS; slot++) {
    engine.write(
      slot,
      words(plan.neighbors.length * plan.size).map((word) => word & used),
    );
    engine.seed(slot, words(4 * plan.bands));
  }
  // Some classes need more than 32 rounds now and then: their high words are those that a generator draws next.
  const thresholds = () => words(2 * each * SLOTS).map((word) => Math.floor(word * scale));
  const totals: number[] = [];
  for (const [first, slots, sweeps] of [
    [0, SLOTS, 3],
    [1, 1, 2],
    [0, SLOTS, 1],
  ]) {
    engine.thresholds(thresholds());
    engine.sweep(first, slots, sweeps);
    engine.measure();
    engine.measure();
    totals.push(...(await engine.totals()));
  }
  const slots = await engine.read([0, 2, 1]);
  engine.dispose();
  return { totals, slots };
}

/** Runs a small lattice so many times, and returns how many buffers are left and the different states of the ends. */
export async function manyRuns(device: GpuDevice, runs: number) {
  const model = createModel("square", 8);
  const streams = (group: number) => createRng(group);
  const buffers = counted(device);
  const ends = new Set<string>();
  for (let k = 0; k < runs; k++) {
    const walkers = await gpu({ device }).walkers(model, { streams });
    walkers.step(5, 0.4);
    await walkers.can.fetch("all");
    ends.add(String(walkers.read(0)));
    walkers.dispose();
  }
  return { live: buffers.live(), made: buffers.made(), ends: ends.size };
}
