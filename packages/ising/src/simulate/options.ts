import { ArgumentError, checkName, checkNumber, resolveInverseTemperature } from "@basin/energy-core";
import type { AbortSignalLike } from "@basin/energy-core/platform";
import type { KernelOption } from "@basin/energy-core/wasm";
import type { CheckpointStore } from "@basin/samplers";
import { type StartName, startNames } from "../sweep/start.ts";
import type { SimulationCheckpoint } from "./checkpoint.ts";

/** The dynamics that {@link simulate} knows. */
export type Algorithm = "metropolis" | "heat-bath" | "wolff" | "swendsen-wang" | "kawasaki";

/** Every value of {@link Algorithm}. */
export const algorithms: readonly Algorithm[] = [
  "metropolis",
  "heat-bath",
  "wolff",
  "swendsen-wang",
  "kawasaki",
];

/** How {@link simulate} works; every option has a default. */
export interface SimulateOptions {
  /** T = 1/β in units of k_B, at least 0; +∞ is allowed. Default 1. Never together with `inverseTemperature`. */
  temperature?: number;
  /** β, at least 0. Default 1. */
  inverseTemperature?: number;
  /**
   * "metropolis" and "heat-bath" move one spin at a time; "wolff" and "swendsen-wang" flip clusters, which is what decorrelates
   * near T_c; "kawasaki" exchanges neighbors, so that the magnetization stays that of the start. Default "metropolis".
   */
  algorithm?: Algorithm;
  /** Measured sweeps, each site visited once (Wolff: as many clusters as flip about every site once). Default 10,000. */
  sweeps?: number;
  /** Sweeps before the first measurement. Default: a fifth of `sweeps`, at least 200. */
  warmup?: number;
  /** "ordered", "random", or the spins. Default: ordered below T_c, random from T_c on (known lattices) and elsewhere. */
  start?: StartName | Int8Array;
  /** Sweeps from one measurement to the next. Default 1. */
  measureEvery?: number;
  /** Seed of the random numbers, reported in the result. Default 0. */
  seed?: number;
  /** Which of the independent runs of this seed it is. Default 0. */
  replica?: number;
  /** Which implementation sweeps where there are two; both give the same bits. Default "auto". */
  kernel?: KernelOption;
  /** Ends the run with the signal's reason. */
  signal?: AbortSignalLike;
  /**
   * Where the run is kept, every `checkpointSeconds`, when it is aborted, and at its end; a run that finds itself there goes on with the
   * same bits. `fileCheckpoint` of @basin/samplers keeps it in a file.
   */
  checkpoint?: CheckpointStore<SimulationCheckpoint>;
  /** Default 60. */
  checkpointSeconds?: number;
  /** Called now and then. */
  onProgress?: (progress: SimulateProgress) => void;
}

/** What an {@link SimulateOptions.onProgress} is told. */
export interface SimulateProgress {
  readonly phase: "warmup" | "measure";
  /** Sweeps done and to do, warm-up included. */
  readonly sweepsDone: number;
  readonly sweeps: number;
}

/** Options with every default filled in and every value checked. */
export interface ResolvedOptions {
  readonly inverseTemperature: number;
  readonly algorithm: Algorithm;
  readonly sweeps: number;
  readonly warmup: number;
  readonly measureEvery: number;
  readonly seed: number;
  readonly replica: number;
}

const MOST_SWEEPS = 1e9;
const LEAST_MEASUREMENTS = 4;

/**
 * Fills in and checks everything that does not depend on the model.
 *
 * @throws {ArgumentError} for a value out of range.
 */
export function resolveOptions(options: SimulateOptions): ResolvedOptions {
  const count = (name: string, value: number, min: number) =>
    checkNumber(name, value, { min, max: MOST_SWEEPS, integer: true });
  const inverseTemperature = resolveInverseTemperature(options);
  const algorithm = checkName("algorithm", options.algorithm ?? "metropolis", algorithms);
  const sweeps = count("sweeps", options.sweeps ?? 10_000, 1);
  const warmup = count("warmup", options.warmup ?? Math.max(200, Math.ceil(sweeps / 5)), 0);
  const measureEvery = count("measureEvery", options.measureEvery ?? 1, 1);
  if (Math.floor(sweeps / measureEvery) < LEAST_MEASUREMENTS) {
    throw new ArgumentError(
      `${sweeps} sweeps measured every ${measureEvery} give fewer than the ${LEAST_MEASUREMENTS} measurements that an error bar needs`,
    );
  }
  if (options.start !== undefined && typeof options.start === "string") {
    checkName("start", options.start, startNames);
  }
  const seed = checkNumber("seed", options.seed ?? 0, { min: 0, integer: true });
  const replica = checkNumber("replica", options.replica ?? 0, { min: 0, max: 2 ** 31, integer: true });
  checkNumber("checkpointSeconds", options.checkpointSeconds ?? 60, { min: 0 });
  return { inverseTemperature, algorithm, sweeps, warmup, measureEvery, seed, replica };
}
