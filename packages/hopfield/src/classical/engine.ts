import { denseQuadratic, type Matrix, matrix, type SpinEnergy } from "@basin/energy-core";
import type { KernelOption } from "@basin/energy-core/internal";
import type { Settings } from "../dynamics.ts";
import { toState } from "../patterns.ts";
import { type RecallOptions, type RecallParts, recallWith } from "../recall.ts";
import { energyFromSquares, overlapEnergy } from "./overlap-energy.ts";
import { type OverlapKernel, overlapKernel } from "./overlap-kernel.ts";
import type { Ended } from "./recalls.ts";
import { type SynchronousKernel, synchronousKernel } from "./synchronous-kernel.ts";
import { type WeightsKernel, weightsKernel } from "./weights-kernel.ts";

/** The energy of a network with its ways to recall. */
export interface Engine {
  readonly energy: SpinEnergy;
  readonly parts: RecallParts;
  /** Recalls from all cues faster than one at a time, or returns undefined if that is not possible. */
  batch(cues: readonly ArrayLike<number>[], settings: Settings): Ended[] | undefined;
}

/** Returns the engine of a network held as N × N weights; its kernel is made on first use. */
export function matrixEngine(weights: Matrix, thresholds: Float64Array, option: KernelOption): Engine {
  let made: WeightsKernel | undefined;
  const kernel = () => {
    made ??= weightsKernel(weights, thresholds, option);
    return made;
  };
  return {
    energy: denseQuadratic(weights, thresholds),
    parts: {
      walk: (start, settings) =>
        settings.dynamics === "asynchronous" ? kernel()?.walk(start, settings) : undefined,
    },
    batch: (cues, settings) => {
      const { dynamics, known, trace } = settings;
      if (dynamics !== "asynchronous" || known || trace) return undefined;
      return kernel()?.run(toProbes(cues, thresholds.length), settings);
    },
  };
}

/**
 * Returns the engine of a Hebbian network, w_ij = unit · Σ_μ ξ_i^μ ξ_j^μ, held as its patterns; kernels are made on
 * first use.
 */
export function patternEngine(
  patterns: Matrix<Int8Array>,
  unit: number,
  thresholds: Float64Array,
  option: KernelOption,
): Engine {
  const energy = overlapEnergy(patterns, unit, thresholds);
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
    batch(cues, { dynamics, known, trace, maxSweeps }) {
      if (dynamics !== "synchronous" || known || trace) return undefined;
      batch ??= synchronousKernel(patterns, unit, thresholds, option);
      const count = patterns.shape[0];
      return batch?.run(toProbes(cues, thresholds.length), maxSweeps).map(({ squares, ...end }) => {
        const measured =
          squares === undefined ? undefined : energyFromSquares(squares, count, unit, thresholds, end.state);
        return { ...end, energy: measured ?? kernel()?.energy(end.state) ?? energy.energy(end.state) };
      });
    },
  };
}

function toProbes(cues: readonly ArrayLike<number>[], neurons: number): Matrix<Int8Array> {
  const data = new Int8Array(cues.length * neurons);
  for (const [k, cue] of cues.entries()) data.set(toState(cue, neurons, "probe"), k * neurons);
  return matrix(data, cues.length, neurons);
}

/** Recalls from every cue, one at a time. */
export function oneByOne(
  { energy, parts }: Pick<Engine, "energy" | "parts">,
  cues: readonly ArrayLike<number>[],
  options: RecallOptions,
): Ended[] {
  return cues.map((probe) => {
    const { converged, cycle, ...ended } = recallWith(energy, probe, options, parts);
    return { ...ended, end: converged ? "fixed point" : cycle ? "cycle" : undefined };
  });
}
