import { checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import {
  checkName,
  checkOptions,
  checkWorkers,
  type KernelName,
  type KernelOption,
  seedOf,
} from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { CheckpointOptions, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import { adaptiveSchedule } from "@basin/samplers/temper";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { type AnnealerName, chooseAnnealer, runAnnealer } from "./annealers.ts";
import type { Thresholds } from "./bits/bits.ts";
import { type AnnealProgress, Reads } from "./reads.ts";
import { lowest, type Sample, type SampleSet } from "./sample-set.ts";
import { inverseTemperaturesOf, resolveRange, type ScheduleName } from "./schedule.ts";
import { annealInParts } from "./threads.ts";

/** How {@link anneal} works; every option has a default. */
export interface AnnealOptions extends ThreadOptions, RunOptions<AnnealProgress>, CheckpointOptions {
  /** Independent runs, each from random spins. Default 128. */
  reads?: number;
  /** Sweeps of a run; a sweep visits each spin once. Default 1000. */
  sweeps?: number;
  /** Seed of the random numbers. Default: drawn, and reported in the result. */
  seed?: number;
  /** How β rises from sweep to sweep: "linear", "geometric" or "adaptive". Default "geometric". */
  schedule?: ScheduleName;
  /** β of the first and the last sweep, or one β for every sweep. Default {@link defaultInverseTemperatures}. */
  inverseTemperatures?: ArrayLike<number>;
  /**
   * Default "auto": "bit-parallel" if the weights are small multiples of one unit, else "lanes" if 32-bit floats round
   * far below the lowest temperature, else "scalar".
   */
  annealer?: AnnealerName | "auto";
  /**
   * Where random numbers come from: "independent" draws them for each replica, "shared" draws one a visit for all 128
   * replicas of a batch. "shared" is faster on graphs with many neighbors, but replicas that meet stay together, so
   * fewer of the reads differ. Default "independent".
   */
  thresholds?: Thresholds;
  /**
   * Where the annealer runs: in wasm, or in its TypeScript twin, which gives the same bits. "scalar" always runs in
   * TypeScript. Default "auto".
   */
  kernel?: KernelOption;
}

/** The states found, one for each read, and how they were found. */
export interface AnnealResult extends SampleSet {
  /** A state of the least energy. */
  readonly lowest: Sample;
  readonly sweeps: number;
  readonly seed: number;
  /** β of the first and the last sweep. */
  readonly inverseTemperatures: readonly [hot: number, cold: number];
  readonly annealer: AnnealerName;
  readonly kernel: KernelName;
  readonly timing: AnnealTiming;
}

/** Wall-clock figures of a run. */
export interface AnnealTiming {
  readonly seconds: number;
  readonly readsPerSecond: number;
  /** Spins visited (reads · sweeps · variables) per nanosecond. */
  readonly spinUpdatesPerNanosecond: number;
  /** When the least energy was first reached. */
  readonly secondsToLowest: number;
}

/**
 * The pilot run draws from a stream that no batch of reads uses. It has this many walkers if the annealer runs one at a
 * time.
 */
const PILOT_STREAM = 2 ** 40;
const PILOT_WALKERS = 16;

/**
 * Resolves to low-energy states found by simulated annealing. Each of the `reads` runs makes `sweeps` Metropolis sweeps
 * at rising β, then descends to a state that no single flip improves. The states are *not* Boltzmann samples at any
 * temperature and carry no proof of optimality; for a proof see {@link groundState}.
 *
 * Source: Kirkpatrick, Gelatt & Vecchi (1983). The same seed gives the same bits on every platform. Each read has its
 * own random numbers unless `thresholds` says otherwise.
 *
 * @example
 * ```ts
 * import { anneal, maxCut, weightedGraph } from "@basin/ising";
 *
 * const ring = maxCut(weightedGraph(5, [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]]));
 * const { lowest, energies } = await anneal(ring, { reads: 32, sweeps: 100, seed: 1 });
 * console.log(lowest.energy, energies.length); // −4 32
 * ```
 *
 * @throws {ArgumentError} for options out of range, and for the bit-parallel annealer where the weights do not allow
 * it.
 */
export async function anneal(energy: QuadraticEnergy, options: AnnealOptions = {}): Promise<AnnealResult> {
  checkOptions(
    "anneal",
    options,
    "reads sweeps seed schedule inverseTemperatures annealer thresholds kernel workers",
    "createWorker checkpoint checkpointEvery signal onProgress",
  );
  const problem = toSpinProblem(energy, "anneal");
  const { kernel: kernelOption } = options;
  const seed = seedOf(options);
  const count = checkNumber("reads", options.reads ?? 128, { min: 1, max: 1e7, integer: true });
  const sweeps = checkNumber("sweeps", options.sweeps ?? 1000, { min: 1, max: 1e9, integer: true });
  const betas = await betasOf(problem, options, sweeps, createRng(seed));
  const workers = checkWorkers(options);
  const thresholds = checkName("thresholds", options.thresholds ?? "independent", ["independent", "shared"]);
  const annealer = chooseAnnealer(problem, options.annealer ?? "auto", betas[sweeps - 1], {
    thresholds,
    kernel: kernelOption,
  });
  const reads = new Reads(problem, count, options);
  const part = {
    annealer: annealer.name,
    thresholds,
    kernel: kernelOption,
    inverseTemperatures: betas,
    seed,
  };
  const kernel =
    (workers > 1 && count > annealer.group) || options.checkpoint !== undefined
      ? await annealInParts(problem, part, annealer.group, reads, options)
      : await runAnnealer(problem, annealer, betas, createRng(seed), reads);
  const { seconds } = reads;
  return {
    ...reads.set,
    lowest: lowest(reads.set) as Sample,
    sweeps,
    seed,
    inverseTemperatures: [betas[0], betas[sweeps - 1]],
    annealer: annealer.name,
    kernel,
    timing: {
      seconds,
      readsPerSecond: count / seconds,
      spinUpdatesPerNanosecond: (count * sweeps * problem.variables) / seconds / 1e9,
      secondsToLowest: reads.secondsToLowest,
    },
  };
}

/** Resolves to the β of every sweep. A pilot run on the CPU measures the adaptive schedule. */
export async function betasOf(
  problem: SpinProblem,
  options: Pick<AnnealOptions, "schedule" | "inverseTemperatures" | "kernel">,
  sweeps: number,
  parent: Rng,
): Promise<Float64Array> {
  const [hot, cold] = resolveRange(problem, options.inverseTemperatures);
  if (options.schedule !== "adaptive") return inverseTemperaturesOf(options, [hot, cold], sweeps);
  const annealer = chooseAnnealer(problem, "auto", cold, { kernel: options.kernel });
  const rng = parent.split(PILOT_STREAM);
  const groups = annealer.group === 1 ? PILOT_WALKERS : 1;
  return adaptiveSchedule(await annealer.walkers(problem, { groups, streams: () => rng }), hot, cold, sweeps);
}
