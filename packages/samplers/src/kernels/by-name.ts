import { ArgumentError, BasinError, CapabilityError, type Energy } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import type { Kernel } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { ellipticalSlice } from "./elliptical-slice.ts";
import { gibbs } from "./gibbs.ts";
import { hmc } from "./hmc.ts";
import { discreteLangevin, gibbsWithGradients } from "./informed.ts";
import { mala, sgld, ula } from "./langevin.ts";
import { nuts } from "./nuts.ts";
import { randomWalk } from "./random-walk.ts";
import { heatBath, metropolis } from "./single-site.ts";
import { slice } from "./slice.ts";
import { walnuts } from "./walnuts.ts";

const makers = {
  nuts,
  walnuts,
  hmc,
  mala,
  "random-walk": randomWalk,
  slice,
  "elliptical-slice": ellipticalSlice,
  ula,
  sgld,
  metropolis,
  "heat-bath": heatBath,
  gibbs,
  "gibbs-with-gradients": (options: object) => {
    checkOptions("gibbsWithGradients", options);
    return gibbsWithGradients();
  },
  "discrete-langevin": discreteLangevin,
} as const;

/** Name of a kernel. */
export type KernelName = keyof typeof makers;

/** Every name that {@link kernelByName} knows. */
export const kernelNames = Object.keys(makers) as readonly KernelName[];

/**
 * Returns a kernel from its name and options, for command lines, files and workers.
 *
 * @throws {ArgumentError} for an unknown name, listing the known ones, and for options out of range.
 *
 * @example
 * ```ts
 * import { kernelByName } from "@basin/samplers";
 *
 * console.log(kernelByName("nuts", { metric: "dense" }).name); // nuts
 * ```
 */
export function kernelByName(name: string, options: object = {}): Kernel<never, StateArray> {
  // Each function checks its own options.
  const make: (options: never) => Kernel<never, StateArray> = makers[checkName("kernel", name, kernelNames)];
  return make(options as never);
}

/** @throws {ArgumentError} for a kernel that cannot be bound to `energy`, with the reason and those that can. */
export function checkFit(kernel: Kernel<never, StateArray>, energy: Energy<StateArray, object>): void {
  const misfit = misfitOf(() => kernel, energy);
  if (misfit === undefined) return;
  if (!(misfit instanceof CapabilityError)) throw misfit;
  // Those that need an option are none to name.
  const fitting = kernelNames.filter((name) => misfitOf(() => kernelByName(name), energy) === undefined);
  // Where none fits, the energy lacks what the plainest one needs.
  const known = fitting.join(", ") || `none (${misfitOf(metropolis, energy)?.message})`;
  throw new ArgumentError(
    `kernel is "${kernel.name}", which does not fit this energy: ${misfit.message}; kernels that fit: ${known}`,
    { cause: misfit },
  );
}

function misfitOf(kernel: () => Pick<Kernel<never, StateArray>, "bind">, energy: Energy<StateArray, object>) {
  try {
    kernel().bind(energy as never);
    return undefined;
  } catch (error) {
    if (error instanceof BasinError) return error;
    throw error;
  }
}
