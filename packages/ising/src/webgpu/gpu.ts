import { checkNumber } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import { type GpuDevice, gpuDevice } from "@basin/energy-core/webgpu";
import type { WalkerKernel } from "@basin/samplers";
import type { Lattice } from "../lattice/lattice.ts";
import { ruleNames, type SweepRule } from "../sweep/rules.ts";
import { type StartName, startNames } from "../sweep/start.ts";
import { DeviceWalkers } from "./device-walkers.ts";
import { type GpuWalkers, gpuKernelNames } from "./engine.ts";
import { gpuEngine } from "./gpu-engine.ts";
import { classesOf, type Plan, planOf } from "./plan.ts";
import type { DeviceProgram } from "./program.ts";
import { spinModel } from "./spin-model.ts";
import { deviceTwin, packSigns } from "./twin.ts";
import { spinProgram } from "./wgsl.ts";

/** Options of {@link gpu}. */
export interface GpuOptions {
  /** Default "metropolis". */
  rule?: SweepRule;
  /** Where walkers start. Default "random". */
  start?: StartName;
  /** The device. Default: that of `gpuDevice()` of @basin/energy-core/webgpu. */
  device?: GpuDevice;
  /** "typescript" runs the twin, which needs no device and gives the same bits, slowly. Default "webgpu". */
  kernel?: (typeof gpuKernelNames)[number];
}

/**
 * Returns single-spin dynamics of lattices on a GPU, by WebGPU: a bit a spin, all spins of a color at once, groups side
 * by side. It takes square, triangular, honeycomb and cubic tori with couplings of one size and any signs and one
 * field; sides are even, and a row has up to 64 columns or a multiple of 64. A step is a sweep. Acceptances are those
 * of {@link simulate}; the random numbers are not, so a seed gives other bits than on the CPU, and the same on every
 * device. Answers come late: `await walkers.can.fetch()` before energies, or `walkers.can.fetch("all")` before states.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel } from "@basin/ising";
 * import { gpu } from "@basin/ising/webgpu";
 *
 * // The twin needs no device; leave `kernel` out where there is one.
 * const streams = (group: number) => createRng(1).split(group);
 * const walkers = await gpu({ kernel: "typescript" }).walkers(createModel("square", 32), { groups: 2, streams });
 * walkers.step(20, [0.2, 0.6]);
 * await walkers.can.fetch();
 * console.log(walkers.energies(new Float64Array(2)));
 * walkers.dispose();
 * ```
 *
 * @throws {CapabilityError} for other models, and where no device is.
 * @throws {CostError} for more than the device holds.
 */
export function gpu(options: GpuOptions = {}): WalkerKernel<Lattice, Int8Array, GpuWalkers> {
  const { rule, start, device, kernel } = resolveGpuOptions("gpu", options);
  return {
    name: rule,
    group: 1,
    async walkers(lattice, places) {
      checkOptions("walkers", places, "groups streams initial");
      const { streams, initial } = places;
      const groups = checkGroups(places.groups);
      const plan = planOf(lattice);
      const engine =
        kernel === "typescript"
          ? deviceTwin(lattice, plan, groups, classesOf(plan.z, rule, lattice.field ?? 0))
          : await gpuEngine(device ?? (await gpuDevice()).device, spinProgramOf(lattice, plan, rule), groups);
      const model = spinModel(lattice, plan, rule, start);
      const walkers = new DeviceWalkers(model, engine, { kernel, groups, order: "magnetizations" });
      walkers.start(streams, initial);
      return walkers;
    },
  };
}

/** Checks the options that kernels on a device share, and returns them with their defaults. */
export function resolveGpuOptions(name: string, options: GpuOptions) {
  checkOptions(name, options, "rule start device kernel");
  const { rule = "metropolis", start = "random", device, kernel = "webgpu" } = options;
  checkName("rule", rule, ruleNames);
  checkName("start", start, startNames);
  checkName("kernel", kernel, gpuKernelNames);
  return { rule, start, device, kernel };
}

/** @throws {ArgumentError} for what is no number of groups. */
export function checkGroups(groups = 1): number {
  return checkNumber("groups", groups, { min: 1, integer: true });
}

/** Returns what a device runs for a lattice. */
export function spinProgramOf(lattice: Lattice, plan: Plan, rule: SweepRule): DeviceProgram {
  const glass = lattice.coupling === undefined;
  const classes = classesOf(plan.z, rule, lattice.field ?? 0);
  const text = { plan, ...classes, negative: (lattice.coupling ?? 1) < 0, glass };
  return spinProgram(text, glass ? packSigns(plan, lattice) : []);
}
