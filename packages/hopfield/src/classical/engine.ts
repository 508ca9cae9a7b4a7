import { denseQuadratic, type Matrix, type SpinEnergy } from "@basin/energy-core";
import type { KernelOption } from "@basin/energy-core/wasm";
import type { Settings } from "../dynamics.ts";
import { rows } from "../patterns.ts";
import { type RecallOptions, type RecallParts, recallWith } from "../recall.ts";
import { overlapEnergy } from "./overlap-energy.ts";
import { type OverlapKernel, overlapKernel } from "./overlap-kernel.ts";
import type { Ended } from "./recalls.ts";
import { type SynchronousKernel, synchronousKernel } from "./synchronous-kernel.ts";

/** The energy of a network with its ways to recall. */
export interface Engine {
  readonly energy: SpinEnergy;
  readonly parts: RecallParts;
  /** Recalls every row of `states` synchronously, or returns undefined where one at a time has to do. */
  synchronous(states: Matrix<Int8Array>, settings: Settings): Ended[] | undefined;
}

/** Returns the engine of a network held as N × N weights. */
export function matrixEngine(weights: Matrix, thresholds: Float64Array): Engine {
  return { energy: denseQuadratic(weights, thresholds), parts: {}, synchronous: () => undefined };
}

/** Returns the engine of a Hebbian network, w_ij = unit · Σ_μ ξ_i^μ ξ_j^μ, held as its patterns; kernels are made when first asked for. */
export function patternEngine(
  patterns: Matrix<Int8Array>,
  unit: number,
  thresholds: Float64Array,
  option: KernelOption,
): Engine {
  const energy = overlapEnergy(patterns.data, unit, thresholds);
  let single: OverlapKernel | undefined;
  let batch: SynchronousKernel | undefined;
  const kernel = () => {
    single ??= overlapKernel(patterns, unit, thresholds, option);
    return single;
  };
  return {
    energy,
    parts: {
      walk: (start, settings) =>
        settings.dynamics === "asynchronous" ? kernel()?.walk(start, settings) : undefined,
    },
    synchronous(states, { dynamics, known, trace, maxSweeps }) {
      if (dynamics !== "synchronous" || known || trace) return undefined;
      batch ??= synchronousKernel(patterns, unit, thresholds, option);
      const energyOf = (state: Int8Array) => kernel()?.energy(state) ?? energy.energy(state);
      return batch?.run(states, maxSweeps).map((end) => ({ ...end, energy: energyOf(end.state) }));
    },
  };
}

/** Recalls every row of `states`, one at a time. */
export function oneByOne(
  { energy, parts }: Engine,
  states: Matrix<Int8Array>,
  options: RecallOptions,
): Ended[] {
  return rows(states).map((probe) => {
    const { converged, cycle, ...ended } = recallWith(energy, probe, options, parts);
    return { ...ended, end: converged ? "fixed point" : cycle ? "cycle" : undefined };
  });
}
