import { checkName } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import { type KernelName, type KernelOption, kernelNames } from "@basin/energy-core/wasm";
import { clusterDynamics } from "../graph/cluster-dynamics.ts";
import { graphDynamics, type KernelReport } from "../graph/graph-dynamics.ts";
import { Lattice } from "../lattice/lattice.ts";
import { fitsPackedKernel, packedDynamics } from "../packed/packed-dynamics.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics } from "../sweep/dynamics.ts";
import { KawasakiDynamics } from "../sweep/kawasaki.ts";
import { fitsSquareKernel, squareDynamics } from "../sweep/square-dynamics.ts";
import type { Algorithm, StartName } from "./options.ts";
import { isStaggered, startSpins } from "./start.ts";

/** How a model is moved. */
export interface Engine {
  readonly dynamics: Dynamics;
  /** "packed": a bit a spin, 128 at once; "scalar": one spin at a time; "cluster". */
  readonly path: "packed" | "scalar" | "cluster";
  readonly kernel: KernelName;
  /** Why TypeScript runs although wasm was allowed. */
  readonly fallback?: string;
}

/** Resolves to the fastest dynamics that follows the algorithm's law on this model. */
export async function createEngine(
  model: SpinProblem,
  algorithm: Algorithm,
  start: StartName | Int8Array,
  rng: Rng,
  kernel: KernelOption | undefined,
): Promise<Engine> {
  checkName("kernel", kernel ?? "auto", kernelNames);
  const spins = () => startSpins(model, start, rng.split(0));
  const stream = rng.split(1);
  // The lists of bonds first: a model that is too large for them is refused before its spins take memory.
  const listed = () => (model.adjacency.starts.length > 0 ? spins() : new Int8Array(0));
  if (algorithm === "wolff" || algorithm === "swendsen-wang") {
    return engine("cluster", await clusterDynamics(model, algorithm, stream, listed(), kernel));
  }
  if (algorithm === "kawasaki") return engine("scalar", new KawasakiDynamics(model, stream, listed()));
  if (model instanceof Lattice && (fitsSquareKernel(model) || fitsPackedKernel(model))) {
    const make = fitsSquareKernel(model) ? squareDynamics : packedDynamics;
    const dynamics = await make(model, { rule: algorithm, rng: stream, kernel });
    // Both begin in order (the second one with all spins up), and need no array of spins for that.
    if (start !== "ordered" || (make === packedDynamics && isStaggered(model))) dynamics.load(spins());
    return engine("packed", dynamics);
  }
  return engine("scalar", await graphDynamics(model, algorithm, stream, listed(), kernel));
}

function engine(path: Engine["path"], dynamics: Dynamics & KernelReport): Engine {
  const { kernel, fallback } = dynamics;
  return { dynamics, path, kernel, ...(fallback === undefined ? {} : { fallback }) };
}
