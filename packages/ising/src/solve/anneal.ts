import { checkNumber, matrix } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { type AbortSignalLike, breathe, now, throwIfAborted } from "./platform.ts";
import { lowest, type Sample, type SampleSet } from "./sample-set.ts";
import { annealState } from "./scalar.ts";
import { type AnnealingSchedule, inverseTemperatures, resolveRange } from "./schedule.ts";

/** How {@link anneal} works; every option has a default. */
export interface AnnealOptions {
  /** Independent runs, each from random spins. Default 128. */
  reads?: number;
  /** Sweeps of a run; a sweep visits each spin once. Default 1000. */
  sweeps?: number;
  /** Seed of the random numbers, reported in the result. Default 0. */
  seed?: number;
  /** How β grows from sweep to sweep: "linear", "geometric", or β of every sweep. Default "linear". */
  schedule?: AnnealingSchedule;
  /** β of the first and the last sweep. Default {@link defaultInverseTemperatureRange}; ignored when the schedule is given. */
  inverseTemperatureRange?: readonly [hot: number, cold: number];
  /** Ends the run with the signal's reason. */
  signal?: AbortSignalLike;
  /** Called now and then, with what has been found so far. */
  onProgress?: (progress: AnnealProgress) => void;
}

/** What an {@link AnnealOptions.onProgress} is told. */
export interface AnnealProgress {
  readonly readsDone: number;
  readonly reads: number;
  /** Least energy so far. */
  readonly energy: number;
}

/** The states found, one a read, and how they were found. */
export interface AnnealResult extends SampleSet {
  /** A state of the least energy. */
  readonly lowest: Sample;
  readonly sweeps: number;
  readonly seed: number;
  /** β of the first and the last sweep. */
  readonly inverseTemperatureRange: readonly [hot: number, cold: number];
  readonly timing: AnnealTiming;
}

/** Wall-clock figures of a run. */
export interface AnnealTiming {
  readonly seconds: number;
  readonly readsPerSecond: number;
  /** Visited spins (reads · sweeps · variables) a nanosecond. */
  readonly spinUpdatesPerNanosecond: number;
  /** When the least energy was first reached. */
  readonly secondsToLowest: number;
}

/**
 * Returns low-energy states by simulated annealing: `reads` runs of `sweeps` Metropolis sweeps at rising β, each followed by
 * a descent to a state that no single flip improves. Spins are visited in ascending order. The states are *not* Boltzmann
 * samples at any temperature, and carry no proof of optimality; see {@link groundState} for one.
 *
 * Source: Kirkpatrick, Gelatt & Vecchi (1983). The same seed gives the same bits on every platform.
 *
 * @throws {ArgumentError} for options out of range.
 */
export async function anneal(problem: SpinProblem, options: AnnealOptions = {}): Promise<AnnealResult> {
  const { schedule = "linear", seed = 0, signal, onProgress } = options;
  const reads = checkNumber("reads", options.reads ?? 128, { min: 1, max: 1e7, integer: true });
  const sweeps = checkNumber("sweeps", options.sweeps ?? 1000, { min: 1, max: 1e9, integer: true });
  const betas = inverseTemperatures(schedule, resolveRange(problem, options.inverseTemperatureRange), sweeps);
  const rng = createRng(seed);
  const { variables } = problem;
  const states = new Int8Array(reads * variables);
  const energies = new Float64Array(reads);
  const start = now();
  let best = Number.POSITIVE_INFINITY;
  let secondsToLowest = 0;
  let lastBreath = start;
  for (let read = 0; read < reads; read++) {
    throwIfAborted(signal);
    const state = states.subarray(read * variables, (read + 1) * variables);
    const stream = rng.split(read);
    for (let i = 0; i < variables; i++) state[i] = stream.bernoulli(0.5) ? 1 : -1;
    annealState(problem, state, betas, stream);
    energies[read] = problem.energy(state);
    const time = now();
    if (energies[read] < best) {
      best = energies[read];
      secondsToLowest = (time - start) / 1000;
    }
    if (time - lastBreath > 50) {
      onProgress?.({ readsDone: read + 1, reads, energy: best });
      await breathe();
      lastBreath = now();
    }
  }
  const seconds = (now() - start) / 1000;
  const set = { states: matrix(states, reads, variables), energies, counts: new Int32Array(reads).fill(1) };
  return {
    ...set,
    lowest: lowest(set) as Sample,
    sweeps,
    seed,
    inverseTemperatureRange: [betas[0], betas[sweeps - 1]],
    timing: {
      seconds,
      readsPerSecond: reads / seconds,
      spinUpdatesPerNanosecond: (reads * sweeps * variables) / seconds / 1e9,
      secondsToLowest,
    },
  };
}
