import { ArgumentError, checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import { checkOptions, checksum, type Fingerprint, seedOf, spread } from "@basin/energy-core/internal";
import type { CheckpointOptions, Progress, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import type { LatticeName } from "../lattice/geometries.ts";
import { Lattice, type LatticeOptions } from "../lattice/lattice.ts";
import { type Estimates, estimates, type Series } from "../observables/estimates.ts";
import {
  type PlainProblem,
  plainProblem,
  restoreProblem,
  type SpinProblem,
  toSpinProblem,
} from "../problem/spin-problem.ts";
import { fingerprint } from "./fingerprint.ts";
import {
  type ResolvedOptions,
  resolveOptions,
  type SimulateOptions,
  type SimulateProgress,
} from "./options.ts";
import { driftWarning, fewDrawsWarning, type Simulation, simulate } from "./simulate.ts";

/** One of the runs of {@link simulateAll}: a model and what {@link simulate} is to do with it. */
export interface SimulationRun
  extends Omit<SimulateOptions, "until" | "signal" | "onProgress" | "checkpoint" | "checkpointEvery"> {
  model: SpinProblem;
}

/** The progress of {@link simulateAll}: sweeps of all runs, and the run that has just advanced. */
export interface SimulateAllProgress extends Progress {
  readonly run: number;
}

/** Where several runs happen; a checkpoint keeps those that are done. */
export interface SimulateAllOptions
  extends ThreadOptions,
    RunOptions<SimulateAllProgress>,
    CheckpointOptions {}

type PlainModel =
  | { readonly lattice: LatticeName; readonly shape: readonly number[]; readonly options: LatticeOptions }
  | { readonly problem: PlainProblem };

/** A run that can be cloned. */
export interface SimulationJob {
  readonly model: PlainModel;
  readonly options: SimulateOptions;
}

/**
 * Resolves to the results of several runs in order, made by `workers` threads. The number of threads does not change a
 * bit of the results: every run uses its seed, and the `replica` stream of that seed.
 *
 * @example
 * ```ts
 * import { createModel, simulateAll } from "@basin/ising";
 *
 * const temperatures = [2.1, 2.2, 2.3, 2.4];
 * const runs = temperatures.map((temperature, k) => ({ model: createModel("square", 32), temperature, sweeps: 400, seed: k }));
 * for (const { temperature, energyPerSite } of await simulateAll(runs, { workers: 2 })) console.log(temperature, energyPerSite);
 * ```
 *
 * @throws what {@link simulate} throws, before any run begins, if possible; {@link PoolError} of
 * @basin/samplers for a run that fails in a thread.
 */
export async function simulateAll(
  given: readonly SimulationRun[],
  options: SimulateAllOptions = {},
): Promise<Simulation[]> {
  checkOptions("simulateAll", options, "workers createWorker checkpoint checkpointEvery signal onProgress");
  const { onProgress, ...threads } = options;
  const runs = given.map((run) => ({
    ...run,
    seed: seedOf({ seed: run.seed, checkpoint: options.checkpoint }),
  }));
  const settings = runs.map(resolveRun);
  if ((threads.workers ?? 1) > 1 && runs.some(({ device }) => onDevice(device)))
    throw new ArgumentError("a GPU runs one after another: give device or workers, not both");
  const total = settings.reduce((sum, { warmup, sweeps }) => sum + warmup + sweeps, 0);
  const done = new Float64Array(runs.length);
  const tell = (run: number, sweeps: number) => {
    done[run] = sweeps;
    onProgress?.({ done: done.reduce((a, b) => a + b), total, run });
  };
  const found = await spread<SimulationJob, Simulation | PlainSimulation, SimulateProgress>(
    runs.length,
    {
      here: (k, report) => {
        const { model, ...own } = runs[k];
        return simulate(model, { ...own, signal: options.signal, onProgress: report });
      },
      there: {
        module: { name: "@basin/ising/worker", url: import.meta.url },
        function: "runSimulationJob",
        argument: (k) => {
          const { model, ...own } = runs[k];
          return { model: plainModel(model), options: own };
        },
      },
    },
    {
      ...threads,
      identity: { format: "simulateAll", version: 1, fingerprint: () => fingerprints(runs) },
      onReport: (k, progress) => tell(k, progress.done),
      onResult: (k) => tell(k, settings[k].warmup + settings[k].sweeps),
    },
  );
  return found.map((run) => ("bits" in run ? withSpins(run) : run));
}

const onDevice = (device: SimulateOptions["device"]) => device !== undefined && device !== "cpu";

function resolveRun({ model: _, ...own }: SimulationRun, k: number): ResolvedOptions {
  if ("until" in own) throw new ArgumentError(`run ${k} has until, which only simulate takes`);
  try {
    return resolveOptions(own);
  } catch (cause) {
    throw new ArgumentError(`run ${k}: ${(cause as Error).message}`, { cause });
  }
}

/** What all runs are told by: each by itself, in one number. */
function fingerprints(runs: readonly SimulationRun[]): Fingerprint {
  const facts = runs.map(({ model, ...own }) =>
    fingerprint(model, resolveOptions(own), own.start, onDevice(own.device) ? "webgpu" : undefined),
  );
  return { runs: runs.length, seed: runs[0]?.seed ?? 0, settings: checksum(JSON.stringify(facts)) };
}

/** A result that can be cloned: spins as bits. */
type PlainSimulation = Omit<Simulation, "spins"> & { readonly bits: Uint8Array };

/** Runs one simulation. The function that threads call. */
export async function runSimulationJob(
  { model, options }: SimulationJob,
  report: (progress: SimulateProgress) => void,
): Promise<PlainSimulation> {
  const restored =
    "problem" in model
      ? restoreProblem(model.problem)
      : new Lattice(model.lattice, model.shape, model.options);
  const run = await simulate(restored, { ...options, onProgress: report });
  const { spins } = run;
  const bits = new Uint8Array(Math.ceil(spins.length / 8));
  for (let i = 0; i < spins.length; i++) if (spins[i] > 0) bits[i >> 3] |= 1 << (i & 7);
  const { spins: _spins, ...plain } = { ...run, spins };
  return { ...plain, bits };
}

function withSpins({ bits, ...run }: PlainSimulation): Simulation {
  let spins: Int8Array | undefined;
  return {
    ...run,
    get spins() {
      spins ??= Int8Array.from({ length: run.sites }, (_, i) => ((bits[i >> 3] >> (i & 7)) & 1 ? 1 : -1));
      return spins;
    },
  };
}

function plainModel(model: SpinProblem): PlainModel {
  if (!(model instanceof Lattice)) return { problem: plainProblem(model) };
  const { lattice, shape, directions, boundary, disorder, disorderSeed, field } = model;
  const options = { coupling: directions, boundary, disorder, disorderSeed, field: field ?? model.fields };
  return { lattice, shape, options };
}

/** Options of {@link simulateReplicas}. */
export interface ReplicaOptions
  extends Omit<
      SimulateOptions,
      "until" | "replica" | "signal" | "onProgress" | "checkpoint" | "checkpointEvery"
    >,
    SimulateAllOptions {
  /** Independent runs. Default 4. */
  replicas?: number;
}

/** Independent runs of one model at one temperature, taken together. */
export interface Replicas extends Estimates {
  readonly replicas: number;
  /** Each run by itself. */
  readonly runs: readonly Simulation[];
  /** What makes the error bars doubtful: runs that drift, and too few independent draws of all together. */
  readonly warnings: readonly string[];
  readonly series: readonly Series[];
  /** The seed of all runs, each with a stream of its own. */
  readonly seed: number;
}

/**
 * Resolves to averages over several independent runs, on threads if asked for: the same estimates as {@link simulate},
 * with errors that include disagreement between the runs. The first run equals that of `simulate` with the same seed.
 *
 * @example
 * ```ts
 * import { createModel, simulateReplicas } from "@basin/ising";
 *
 * const { energyPerSite, runs } = await simulateReplicas(createModel("square", 32), { temperature: 2.5, sweeps: 500, replicas: 4, workers: 2, seed: 1 });
 * console.log(energyPerSite.mean, "±", energyPerSite.standardError, runs[0].exact.energyPerSite);
 * ```
 *
 * @throws as {@link simulateAll} does.
 */
export async function simulateReplicas(
  energy: QuadraticEnergy,
  options: ReplicaOptions = {},
): Promise<Replicas> {
  checkOptions(
    "simulateReplicas",
    options,
    "replicas temperature inverseTemperature algorithm sweeps warmup start measureEvery seed",
    "kernel device workers createWorker checkpoint checkpointEvery signal onProgress",
  );
  const model = toSpinProblem(energy, "simulateReplicas");
  const {
    replicas = 4,
    workers,
    createWorker,
    signal,
    onProgress,
    checkpoint,
    checkpointEvery,
    ...own
  } = options;
  checkNumber("replicas", replicas, { min: 1, max: 1e6, integer: true });
  const seed = seedOf(options);
  const jobs = Array.from({ length: replicas }, (_, replica) => ({ model, ...own, seed, replica }));
  const runs = await simulateAll(jobs, {
    ...{ workers, createWorker, signal, onProgress, checkpoint, checkpointEvery },
  });
  const series = runs.map((run) => run.series);
  const { inverseTemperature, measureEvery } = runs[0];
  const found = await estimates(series, model.variables, inverseTemperature, measureEvery, signal);
  const warnings = [
    ...runs.flatMap((run, k) => driftWarning(run.thermalization).map((text) => `replica ${k}: ${text}`)),
    ...fewDrawsWarning(found),
  ];
  return { ...found, replicas, runs, warnings, series, seed };
}
