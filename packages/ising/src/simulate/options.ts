import { ArgumentError, checkNumber } from "@basin/energy-core";
import {
  checkDeviceOption,
  checkName,
  type DeviceOption,
  type KernelOption,
  resolveInverseTemperature,
  seedOf,
} from "@basin/energy-core/internal";
import type { CheckpointOptions, Progress, RunOptions } from "@basin/energy-core/run";
import { type StartName, startNames } from "../sweep/start.ts";
import { checkUntil, type SimulateUntil, type Until } from "./until.ts";

/** The dynamics that {@link simulate} knows. */
export type Algorithm = "metropolis" | "heat-bath" | "wolff" | "swendsen-wang" | "kawasaki";

/** Every value of {@link Algorithm}. */
export const algorithmNames: readonly Algorithm[] = [
  "metropolis",
  "heat-bath",
  "wolff",
  "swendsen-wang",
  "kawasaki",
];

/** How {@link simulate} works; every option but the temperature has a default. */
export interface SimulateOptions extends RunOptions<SimulateProgress>, CheckpointOptions {
  /** T = 1/β in units of k_B, at least 0; +∞ is allowed. This or `inverseTemperature` is required. */
  temperature?: number;
  /** β, at least 0. This or `temperature` is required. */
  inverseTemperature?: number;
  /**
   * "metropolis" and "heat-bath" move one spin at a time; "wolff" and "swendsen-wang" flip clusters, which decorrelate
   * fast near T_c; "kawasaki" exchanges neighbors and keeps the magnetization of the start. Default "metropolis".
   */
  algorithm?: Algorithm;
  /**
   * Measured sweeps, each a visit of every site (Wolff: as many clusters as flip about every site once). Default
   * 10,000; with `until` those before the first look, default 1,000.
   */
  sweeps?: number;
  /**
   * When the errors are small enough: looked at after `sweeps` and then after 1.1 to 1.5 times the measurements of the
   * last look, by how much is missing, so that the same seed stops at the same sweep. The result says why in `stopped`.
   * Default: the sweeps are all there are.
   */
  until?: SimulateUntil;
  /** Sweeps before the first measurement. Default: a fifth of `sweeps`, at least 200; with `until` 2,000. */
  warmup?: number;
  /**
   * "ordered", "random", or the spins. Default: ordered below T_c, random from T_c on (known lattices) and elsewhere.
   */
  start?: StartName | Int8Array;
  /** Sweeps from one measurement to the next. Default 1. */
  measureEvery?: number;
  /** Seed of the random numbers. Default: drawn, and reported in the result. */
  seed?: number;
  /** Which of the independent runs of this seed it is. Default 0. */
  replica?: number;
  /** Which implementation sweeps where there are two; both give the same bits. Default "auto". */
  kernel?: KernelOption;
  /**
   * "gpu" sweeps on a GPU, by WebGPU (see docs/webgpu.md): its own bits, the same on every device. "auto" does so where
   * there is one and it can hold the model. A `GPUDevice` is used as it is. Default "cpu".
   */
  device?: DeviceOption;
}

/** What an `onProgress` is told: sweeps, warm-up included. */
export interface SimulateProgress extends Progress {
  readonly phase: "warmup" | "measure";
}

/** Options with every default filled in and every value checked. */
export interface ResolvedOptions {
  readonly inverseTemperature: number;
  readonly algorithm: Algorithm;
  readonly sweeps: number;
  readonly warmup: number;
  /** Absent where the sweeps are all there are. */
  readonly until?: Until;
  readonly measureEvery: number;
  readonly seed: number;
  readonly replica: number;
}

const MOST_SWEEPS = 1e9;
/** Fewer have no error bar. */
export const LEAST_MEASUREMENTS = 4;
const FIRST_LOOK = 1000;
const WARMUP_UNTIL = 2000;

/**
 * Fills in and checks everything that does not depend on the model.
 *
 * @throws {ArgumentError} for a value out of range.
 */
export function resolveOptions(options: SimulateOptions): ResolvedOptions {
  const { until } = options;
  const count = (name: string, value: number, min: number) =>
    checkNumber(name, value, { min, max: MOST_SWEEPS, integer: true });
  const inverseTemperature = resolveInverseTemperature(options, "simulate");
  const algorithm = checkName("algorithm", options.algorithm ?? "metropolis", algorithmNames);
  const measureEvery = count("measureEvery", options.measureEvery ?? 1, 1);
  const sweeps = count("sweeps", options.sweeps ?? (until ? FIRST_LOOK * measureEvery : 10_000), 1);
  const usual = until ? WARMUP_UNTIL : Math.max(200, Math.ceil(sweeps / 5));
  const warmup = count("warmup", options.warmup ?? usual, 0);
  if (Math.floor(sweeps / measureEvery) < LEAST_MEASUREMENTS) {
    throw new ArgumentError(
      `${sweeps} sweeps measured every ${measureEvery} give fewer than the ${LEAST_MEASUREMENTS} measurements that an error bar needs`,
    );
  }
  if (options.start !== undefined && typeof options.start === "string") {
    checkName("start", options.start, startNames);
  }
  checkDeviceOption(options.device);
  const seed = seedOf(options);
  const replica = checkNumber("replica", options.replica ?? 0, { min: 0, max: 2 ** 31, integer: true });
  const own = { inverseTemperature, algorithm, sweeps, warmup, measureEvery, seed, replica };
  return { ...own, ...(until && { until: checkUntil(until, sweeps) }) };
}
