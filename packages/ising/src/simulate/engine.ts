import { checkName, type DeviceOption, type KernelOption, kernelNames } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { cluster } from "../graph/cluster-walkers.ts";
import { graph } from "../graph/graph-walkers.ts";
import { Lattice } from "../lattice/lattice.ts";
import { fitsPackedKernel, packed } from "../packed/packed-walkers.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { kawasaki } from "../sweep/kawasaki.ts";
import type { EngineOptions, SpinWalkerKernel, SpinWalkers } from "../sweep/one-state.ts";
import { fitsSquareKernel, square } from "../sweep/square-walkers.ts";
import type { StartName } from "../sweep/start.ts";
import { deviceKernel } from "./on-device.ts";
import type { Algorithm } from "./options.ts";

/** How a model is moved. */
export interface Engine {
  readonly moves: SpinWalkerKernel;
  /** "packed": a bit a spin, 128 at once; "scalar": one spin at a time; "cluster". */
  readonly path: "packed" | "scalar" | "cluster";
}

/** Returns the fastest kernel that follows the algorithm's law on this model. */
function chooseEngine(model: SpinProblem, algorithm: Algorithm, options: EngineOptions): Engine {
  checkName("kernel", options.kernel ?? "auto", kernelNames);
  if (algorithm === "wolff" || algorithm === "swendsen-wang")
    return { path: "cluster", moves: cluster(algorithm, options) };
  if (algorithm === "kawasaki") return { path: "scalar", moves: kawasaki({ start: options.start }) };
  const sweeps = { ...options, rule: algorithm };
  if (model instanceof Lattice && (fitsSquareKernel(model) || fitsPackedKernel(model))) {
    const on = fitsSquareKernel(model) ? square(sweeps) : packed(sweeps);
    return { path: "packed", moves: { ...on, walkers: (_, start) => on.walkers(model, start) } };
  }
  return { path: "scalar", moves: graph(sweeps) };
}

/**
 * Resolves to the kernel on the GPU where that is asked for, else to the fastest one that {@link chooseEngine} finds.
 */
export async function engineOn(
  model: SpinProblem,
  algorithm: Algorithm,
  { device, ...options }: EngineOptions & { device?: DeviceOption },
): Promise<Engine & { readonly fallback?: string }> {
  const found = await deviceKernel(model, algorithm, options.start ?? "random", device);
  if (typeof found === "object") return { path: "packed", moves: found };
  return { ...chooseEngine(model, algorithm, options), ...(found === undefined ? {} : { fallback: found }) };
}

/** Resolves to one walker of the fastest kernel. */
export async function createEngine(
  model: SpinProblem,
  algorithm: Algorithm,
  start: StartName | Int8Array,
  rng: Rng,
  kernel: KernelOption | undefined,
  device?: DeviceOption,
): Promise<{ readonly walkers: SpinWalkers; readonly path: Engine["path"]; readonly fallback?: string }> {
  const given = typeof start === "string" ? undefined : start;
  const { path, moves, fallback } = await engineOn(model, algorithm, {
    ...{ kernel, device },
    start: given === undefined ? (start as StartName) : "ordered",
  });
  const walkers = await moves.walkers(model, { streams: () => rng, initial: given });
  await walkers.can.fetch?.();
  return { path, walkers, fallback: fallback ?? walkers.fallback };
}
