import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { type Initial, initialState } from "../run/initial.ts";

/** Options of {@link simulatedAnnealing}. */
export interface SimulatedAnnealingOptions<X extends StateArray> {
  seed: number;
  /** β of every step, in order. {@link geometricSchedule} makes the usual one. */
  schedule: ArrayLike<number>;
  /** Independent descents. Default 1. */
  reads?: number;
  /** Where reads start. */
  initial?: Initial<X>;
}

/** What one read found. */
export interface Annealed<X> {
  /** The best state met. */
  readonly state: X;
  readonly energy: number;
}

/**
 * Returns the best state met by each read, best first: a kernel is stepped along a schedule of rising β (Kirkpatrick, Gelatt & Vecchi
 * 1983). The states are not samples of any temperature.
 */
export function simulatedAnnealing<X extends StateArray, S extends KernelState<X>, E extends Energy<X>>(
  energy: NoInfer<E>,
  kernel: Kernel<E, X, S>,
  options: SimulatedAnnealingOptions<X>,
): Annealed<X>[] {
  const { schedule } = options;
  const reads = checkNumber("reads", options.reads ?? 1, { min: 1, integer: true });
  checkSchedule(schedule);
  const root = createRng(options.seed);
  const found = Array.from({ length: reads }, (_, read) => {
    const rng = root.split(read);
    const bound = kernel.bind(energy);
    const state = initialState(energy as Energy<X>, bound, options.initial, rng, read);
    let best = { state: state.position.slice() as X, energy: state.energy };
    for (let t = 0; t < schedule.length; t++) {
      bound.step(rng, state, schedule[t]);
      if (state.energy < best.energy) best = { state: state.position.slice() as X, energy: state.energy };
    }
    // What the cursor has accumulated is not quite the energy of the state.
    return { state: best.state, energy: energy.energy(best.state) };
  });
  return found.sort((a, b) => a.energy - b.energy);
}

/** Returns `steps` values of β rising geometrically from `from` to `to`, both above 0. */
export function geometricSchedule(from: number, to: number, steps: number): Float64Array {
  checkNumber("from", from, { above: 0 });
  checkNumber("to", to, { min: from });
  checkNumber("steps", steps, { min: 2, integer: true });
  return Float64Array.from({ length: steps }, (_, t) => from * (to / from) ** (t / (steps - 1)));
}

/** Options of {@link annealedImportance}. */
export interface AnnealedImportanceOptions<X extends StateArray> {
  seed: number;
  /** β from the known end to the wanted one, such as 0 … 1; many small steps make the estimate sharp. */
  schedule: ArrayLike<number>;
  /** Log Z at the first β: n ln 2 for n spins at β = 0. */
  logPartitionAtStart: number;
  /** An exact draw at the first β. Default for spins at β = 0: uniform. */
  initial?: (rng: Rng, run: number) => X;
  /** Draws at the last β for the reverse runs; without them there are none. Exact ones make the upper end exact in expectation. */
  final?: (rng: Rng, run: number) => X;
  /** Runs in each direction. Default 100. */
  runs?: number;
}

/** A bracket of log Z at the last β. */
export interface PartitionEstimate {
  /** Log of the mean weight of the forward runs: too low in expectation, in the limit of many runs exact. */
  readonly forward: number;
  /** From the reverse runs: too high in expectation. NaN without them. */
  readonly reverse: number;
  /** Standard error of `forward`, by the delta method. */
  readonly standardError: number;
  /** (Σw)² / Σw²: how many of the forward runs count. */
  readonly effectiveRuns: number;
}

/**
 * Returns estimates of log Z(β) = log Σ exp(−βE) from both sides, by annealed importance sampling (Neal 2001) and its reverse
 * (Grosse, Ghahramani & Adams 2015): log w = −Σ_k (β_{k+1} − β_k) E(x_k) along a chain that the kernel moves at each β_{k+1}.
 */
export function annealedImportance<X extends StateArray, S extends KernelState<X>, E extends Energy<X>>(
  energy: NoInfer<E>,
  kernel: Kernel<E, X, S>,
  options: AnnealedImportanceOptions<X>,
): PartitionEstimate {
  const { schedule, final, logPartitionAtStart } = options;
  const runs = checkNumber("runs", options.runs ?? 100, { min: 2, integer: true });
  checkSchedule(schedule);
  if (options.initial === undefined && (schedule[0] !== 0 || energy.space.kind !== "spins")) {
    throw new ArgumentError(
      "annealed importance sampling starts from exact draws: give `initial`, or spins at β = 0",
    );
  }
  const root = createRng(options.seed);
  const bound = kernel.bind(energy);
  const forward = new Float64Array(runs);
  const reverse = new Float64Array(final === undefined ? 0 : runs);
  for (let run = 0; run < runs; run++) {
    const rng = root.split(2 * run);
    const state = initialState(
      energy as Energy<X>,
      bound,
      options.initial && ((r: Rng) => options.initial?.(r, run) as X),
      rng,
      run,
    );
    for (let k = 0; k + 1 < schedule.length; k++) {
      forward[run] -= (schedule[k + 1] - schedule[k]) * state.energy;
      bound.step(rng, state, schedule[k + 1]);
    }
  }
  for (let run = 0; run < reverse.length; run++) {
    const rng = root.split(2 * run + 1);
    const state = bound.init((final as (rng: Rng, run: number) => X)(rng, run));
    for (let k = schedule.length - 1; k > 0; k--) {
      bound.step(rng, state, schedule[k]);
      reverse[run] += (schedule[k] - schedule[k - 1]) * state.energy;
    }
  }
  const { logMean, relativeError, effective } = logMeanOf(forward);
  return {
    forward: logPartitionAtStart + logMean,
    reverse: reverse.length === 0 ? Number.NaN : logPartitionAtStart - logMeanOf(reverse).logMean,
    standardError: relativeError,
    effectiveRuns: effective,
  };
}

function logMeanOf(logWeights: Float64Array): { logMean: number; relativeError: number; effective: number } {
  const top = Math.max(...logWeights);
  let sum = 0;
  let squares = 0;
  for (const logWeight of logWeights) {
    const weight = Math.exp(logWeight - top);
    sum += weight;
    squares += weight * weight;
  }
  const n = logWeights.length;
  const mean = sum / n;
  const variance = Math.max(0, squares / n - mean * mean);
  return {
    logMean: top + Math.log(mean),
    relativeError: Math.sqrt(variance / (n - 1)) / mean,
    effective: (sum * sum) / squares,
  };
}

function checkSchedule(schedule: ArrayLike<number>): void {
  if (schedule.length < 2)
    throw new ArgumentError(`the schedule has ${schedule.length} values, expected at least 2`);
  for (let k = 0; k < schedule.length; k++) {
    checkNumber(`schedule[${k}]`, schedule[k], { min: 0 });
    if (k > 0 && schedule[k] < schedule[k - 1]) {
      throw new ArgumentError(`the schedule must not fall, but ${schedule[k]} follows ${schedule[k - 1]}`);
    }
  }
}
