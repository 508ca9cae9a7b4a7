import { CapabilityError } from "@basin/energy-core";
import { type DeviceOption, onDevice } from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import type { Lattice } from "../lattice/lattice.ts";
import type { PottsEnergy } from "../potts/potts.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { SpinWalkerKernel } from "../sweep/one-state.ts";
import type { SweepRule } from "../sweep/rules.ts";
import type { StartName } from "../sweep/start.ts";
import type { gpuPotts as GpuPotts } from "../webgpu/gpu-potts.ts";

/**
 * Resolves to the kernel on a GPU; for "auto", to why there is none; for "cpu" to nothing.
 *
 * @throws {CapabilityError} where a GPU was asked for, and is missing or cannot hold the model.
 */
export function deviceKernel(
  model: SpinProblem,
  algorithm: string,
  start: StartName,
  option?: DeviceOption,
): Promise<SpinWalkerKernel | string | undefined> {
  return sweepsOnDevice(algorithm, option, async (rule, device) => {
    const [{ gpu }, { planOf }] = await Promise.all([
      import("../webgpu/gpu.ts"),
      import("../webgpu/plan.ts"),
    ]);
    planOf(model as Lattice);
    const kernel = gpu({ rule, start, device: await device() });
    return { ...kernel, walkers: (_, options) => kernel.walkers(model as Lattice, options) };
  });
}

/** Resolves to the same for labels. */
export function pottsDeviceKernel(
  model: PottsEnergy,
  algorithm: string,
  start: StartName,
  option?: DeviceOption,
): Promise<ReturnType<typeof GpuPotts> | string | undefined> {
  return sweepsOnDevice(algorithm, option, async (rule, device) => {
    const [{ gpuPotts }, { pottsPlanOf }] = await Promise.all([
      import("../webgpu/gpu-potts.ts"),
      import("../webgpu/potts-plan.ts"),
    ]);
    pottsPlanOf(model);
    return gpuPotts({ rule, start, device: await device() });
  });
}

/** What `make` imports is loaded by who asks for a GPU alone. */
function sweepsOnDevice<K>(
  algorithm: string,
  option: DeviceOption | undefined,
  make: (rule: SweepRule, device: () => Promise<GpuDevice>) => Promise<K>,
): Promise<K | string | undefined> {
  return onDevice(option, async (device) => {
    if (algorithm !== "metropolis" && algorithm !== "heat-bath")
      throw new CapabilityError(`a GPU runs metropolis and heat-bath, not ${algorithm}`);
    return make(algorithm, device);
  });
}
