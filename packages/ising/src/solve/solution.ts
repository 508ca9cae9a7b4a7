import type { KernelOption } from "@basin/energy-core/internal";
import type { CheckpointOptions, Progress, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import type { DeviceOption } from "../simulate/on-device.ts";
import type { Sample } from "./sample-set.ts";
import type { ScheduleName } from "./schedule.ts";
import type { SearchMethod } from "./search/portfolio.ts";
import type { SolveStop, SolveUntil } from "./until.ts";

/** How a problem is solved: by trying every state, by eliminating spin after spin, or by one of the searches. */
export type SolveMethod = "exact" | "elimination" | SearchMethod;

/** Every value of {@link SolveMethod}, and "auto". */
export const solveMethodNames: readonly (SolveMethod | "auto")[] = [
  "auto",
  "exact",
  "elimination",
  "anneal",
  "tempering",
  "tabu",
];

/** How {@link solve} works; every option has a default. */
export interface SolveOptions extends ThreadOptions, RunOptions<SolveProgress>, CheckpointOptions {
  /**
   * Where the search is kept: the reads that are done of one round of annealing, whose result is the same as without an
   * interruption, or with a limit in time the best state and the time that is left. A proof keeps nothing.
   */
  checkpoint?: CheckpointOptions["checkpoint"];
  /**
   * Default "auto": "exact" when at most 26 spins are left after the reduction, "elimination" where the graph that is
   * left is narrow enough, else a search.
   */
  method?: SolveMethod | "auto";
  /**
   * When the search ends: by a `target`, a `timeLimit` or the first of both. The result says why in `stopped`. Default:
   * after one round of `reads` and `sweeps`.
   */
  until?: SolveUntil;
  /**
   * Reads of a round. Default 128; 4096 on a GPU; 32 of tabu search; tempering has as many as its ladders have levels.
   */
  reads?: number;
  /**
   * Sweeps of a read; with a limit in time, of the first round. Default 1000, and 125 with one; for tabu search flips a
   * spin, 20; for tempering sweeps of each level.
   */
  sweeps?: number;
  /**
   * Seed of the random numbers. Default: drawn, and reported in the result. With a limit in time the number of rounds
   * depends on the machine.
   */
  seed?: number;
  /** As in {@link anneal}. Default "geometric". */
  schedule?: ScheduleName;
  /**
   * β of the first and the last sweep, in units of the problem given, or without a limit in time of every sweep.
   * Default that of {@link anneal} for what is left, and colder where costs stand beside larger penalties.
   */
  inverseTemperatures?: ArrayLike<number>;
  /** How many of the best states to return, at most. Default 5. */
  states?: number;
  /** Whether to eliminate spins first, see {@link reduce}. Default true. */
  reduce?: boolean;
  /** As in {@link anneal}. Default "auto". */
  kernel?: KernelOption;
  /**
   * Where a search runs. "gpu" anneals on a GPU, by WebGPU (see docs/webgpu.md): 4096 reads a round unless `reads` says
   * otherwise, with bits of its own, the same on every device. "auto" does so where there is one and it can hold the
   * problem. A `GPUDevice` is used as it is. Default "cpu".
   */
  device?: DeviceOption;
  /**
   * Ends the search early; what was found until then is returned, and the signal's reason thrown when that is nothing.
   */
  signal?: RunOptions["signal"];
}

/** What an `onProgress` is told: milliseconds of the time that there is, or reads where there is no limit in time. */
export interface SolveProgress extends Progress {
  readonly seconds: number;
  /** Least energy so far, +∞ before the first state is known. */
  readonly energy: number;
  /** The best state so far of the problem given; computed when it is asked for. */
  readonly state: Int8Array | undefined;
  /** Reads done in all, and sweeps of the longest. */
  readonly reads: number;
  readonly sweeps: number;
}

/** The best state found, what it is worth, and how it was found. */
export interface Solution {
  readonly state: Int8Array;
  readonly energy: number;
  /**
   * The best distinct states found, lowest first and `state` before all, and how many reads ended in each: in tempering
   * how many descents from the coldest levels. What the reduction settles is the same in all of them. A proof gives the
   * one state that it proves.
   */
  readonly states: readonly Sample[];
  /**
   * No state has less energy than this: `energy` itself where that is proven, less what sums may round for
   * "elimination" with real weights, and after a search that of frustrated cycles.
   */
  readonly bound: number;
  /**
   * "exact": no state has less energy, decided by sums that round once where rounding could matter. "local": no single
   * flip leads to less.
   */
  readonly certificate: "exact" | "local";
  readonly method: SolveMethod;
  /** Why this method. */
  readonly why: string;
  readonly stopped: SolveStop;
  /** Spins left after the reduction. */
  readonly variablesLeft: number;
  readonly seed: number;
  /** Reads made, and sweeps of the longest. 0 for an exact solution. */
  readonly reads: number;
  readonly sweeps: number;
  /** β of the first and last sweep; absent where none was annealed. */
  readonly inverseTemperatures?: readonly [hot: number, cold: number];
  /** Where the search ran; "cpu" where there was none. */
  readonly device: "cpu" | "gpu";
  /** Why `device: "auto"` searched on the CPU, where it did. */
  readonly fallback?: string;
  readonly timing: SolveTiming;
}

/** Wall-clock figures of {@link solve}. */
export interface SolveTiming {
  readonly seconds: number;
  /** When the state returned was found. */
  readonly secondsToLowest: number;
  readonly readsPerSecond: number;
  /** Visited spins of the reduced problem a nanosecond. */
  readonly spinUpdatesPerNanosecond: number;
}
