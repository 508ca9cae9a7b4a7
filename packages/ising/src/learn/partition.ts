import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions, type KernelOption } from "@basin/energy-core/internal";
import type { CheckpointOptions, RunOptions } from "@basin/energy-core/run";
import { annealedImportance, crowdedSchedule, type PartitionEstimate } from "@basin/samplers/temper";
import { layers } from "./layers.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";

/** Options of {@link annealedLogPartition}; `onProgress` counts Gibbs steps of all chains. */
export interface AnnealedLogPartitionOptions extends RunOptions, CheckpointOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** Chains in each direction, 2 to 65535. Default 100. */
  chains?: number;
  /** Inverse temperatures from 0 to 1, not falling. Default: `crowdedSchedule(10_000)` of `@basin/samplers/temper`. */
  inverseTemperatures?: ArrayLike<number>;
  /**
   * Log-odds b⁰ of the visible units where the path begins, at β = 0. With a base close to the data, a short path
   * suffices. Default 0.
   */
  base?: ArrayLike<number>;
  /** Gibbs steps at β = 1 between a forward chain's end and the start of a reverse chain. Default 1000. */
  settle?: number;
  /** Which implementation runs; both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/**
 * Returns a bracket of log Z by annealed importance sampling forward (Neal 2001; Salakhutdinov & Murray 2008) and in
 * reverse (Grosse, Ghahramani & Adams 2015), along the laws of {@link layers}: `annealedImportance` of
 * `@basin/samplers/temper`, with all chains at once in the compiled kernel. The forward estimate is too low in
 * expectation. Reverse chains start where forward chains ended, `settle` Gibbs steps later; were those states exact,
 * the reverse estimate would be too high in expectation.
 *
 * @throws {ArgumentError} for inverse temperatures that do not lead from 0 to 1, and for numbers out of range.
 */
export async function annealedLogPartition(
  machine: RestrictedBoltzmannMachine,
  options: AnnealedLogPartitionOptions = {},
): Promise<PartitionEstimate & { readonly seed: number }> {
  checkOptions(
    "logPartition",
    options,
    "seed chains inverseTemperatures base settle kernel checkpoint checkpointEvery signal onProgress",
  );
  const { base, kernel, settle = 1000, inverseTemperatures = crowdedSchedule(10_000), ...rest } = options;
  const group = checkNumber("chains", options.chains ?? 100, { min: 2, max: 65535, integer: true });
  const last = inverseTemperatures.length - 1;
  if (inverseTemperatures.length < 2 || inverseTemperatures[0] !== 0 || inverseTemperatures[last] !== 1) {
    throw new ArgumentError(
      `inverseTemperatures has ${inverseTemperatures.length} values from ${inverseTemperatures[0]} to ${inverseTemperatures[last]}, expected at least 2 from 0 to 1`,
    );
  }
  return annealedImportance(machine, layers({ group, base, kernel }), {
    ...rest,
    ...{ chains: group, inverseTemperatures, settle, logPartitionAtStart: machine.space.logCount },
  });
}
