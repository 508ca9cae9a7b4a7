import { CapabilityError } from "@basin/energy-core";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import type { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { SpinWalkerKernel } from "../sweep/one-state.ts";
import type { StartName } from "../sweep/start.ts";

/** Where a model is moved, by name. */
export type DeviceName = "auto" | "cpu" | "gpu";

/** The same, or a device of one's own. */
export type DeviceOption = DeviceName | GpuDevice;

/** Every value of {@link DeviceName}. */
export const deviceNames: readonly DeviceName[] = ["auto", "cpu", "gpu"];

/**
 * Resolves to the kernel on a GPU; for "auto", to why there is none; for "cpu" to nothing.
 *
 * @throws {CapabilityError} where a GPU was asked for, and is missing or cannot hold the model.
 */
export async function deviceKernel(
  model: SpinProblem,
  algorithm: string,
  start: StartName,
  option: DeviceOption = "cpu",
): Promise<SpinWalkerKernel | string | undefined> {
  if (option === "cpu") return undefined;
  // Loaded by who asks for a GPU alone.
  const [{ gpu }, { planOf }, { gpuDevice }] = await Promise.all([
    import("../webgpu/gpu.ts"),
    import("../webgpu/plan.ts"),
    import("@basin/energy-core/webgpu"),
  ]);
  try {
    if (algorithm !== "metropolis" && algorithm !== "heat-bath")
      throw new CapabilityError(`a GPU runs metropolis and heat-bath, not ${algorithm}`);
    planOf(model as Lattice);
    const device = typeof option === "string" ? (await gpuDevice()).device : option;
    const kernel = gpu({ rule: algorithm, start, device });
    return { ...kernel, walkers: (_, options) => kernel.walkers(model as Lattice, options) };
  } catch (error) {
    if (option !== "auto" || !(error instanceof CapabilityError)) throw error;
    return error.message;
  }
}
