import type { DeviceOption, KernelOption } from "@basin/energy-core/internal";
import type { CheckpointOptions, Progress, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import type { Sample } from "./sample-set.ts";
import type { ScheduleName } from "./schedule.ts";
import type { SearchMethod } from "./search/portfolio.ts";
import type { SolveStop, SolveUntil } from "./until.ts";

/** How a problem is solved: by trying every state, by eliminating spins one by one, or by one of the searches. */
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
   * Where the search is kept. One round of annealing keeps the reads that are done, and its result is the same as
   * without an interruption. A search with a time limit keeps the best state and the time left. A proof keeps nothing.
   */
  checkpoint?: CheckpointOptions["checkpoint"];
  /**
   * Default "auto": "exact" if at most 26 spins are left after the reduction, "elimination" if the remaining graph is
   * narrow enough, else a search.
   */
  method?: SolveMethod | "auto";
  /**
   * When the search ends: by a `target`, a `timeLimit`, or the first of both. The result gives the reason in `stopped`.
   * Default: after one round of `reads` and `sweeps`.
   */
  until?: SolveUntil;
  /**
   * Reads of a round. Default 128, on a GPU 4096, for tabu search 32. Tempering has as many as its ladders have levels.
   */
  reads?: number;
  /**
   * Sweeps of a read; with a time limit, sweeps of the first round. Default 1000, or 125 with a time limit. For tabu
   * search, flips a spin (default 20); for tempering, sweeps of each level.
   */
  sweeps?: number;
  /**
   * Seed of the random numbers. Default: drawn, and reported in the result. With a time limit the number of rounds
   * depends on the machine.
   */
  seed?: number;
  /** As in {@link anneal}. Default "geometric". */
  schedule?: ScheduleName;
  /**
   * β of the first and the last sweep, in units of the given problem; without a time limit also a list with one β for
   * every sweep. Default: that of {@link anneal} for the reduced problem, and colder if costs occur beside larger
   * penalties.
   */
  inverseTemperatures?: ArrayLike<number>;
  /** Most states to return, the best first. Default 5. */
  states?: number;
  /** Whether to eliminate spins first, see {@link reduce}. Default true. */
  reduce?: boolean;
  /** As in {@link anneal}. Default "auto". */
  kernel?: KernelOption;
  /**
   * Where a search runs. "gpu" anneals on a GPU through WebGPU (see docs/webgpu.md), with 4096 reads a round unless
   * `reads` says otherwise. Its bits differ from the CPU's and are the same on every device. "auto" uses a GPU if there
   * is one that can hold the problem. A `GPUDevice` is used as it is. Default "cpu".
   */
  device?: DeviceOption;
  /**
   * Ends the search early. The best state found until then is returned; if there is none, the signal's reason is
   * thrown.
   */
  signal?: RunOptions["signal"];
}

/** What an `onProgress` callback receives: milliseconds of the time limit, or reads if there is none. */
export interface SolveProgress extends Progress {
  readonly seconds: number;
  /** Least energy so far; +∞ until the first state is known. */
  readonly energy: number;
  /** The best state so far of the given problem; computed on access. */
  readonly state: Int8Array | undefined;
  /** Reads done in all, and sweeps of the longest read. */
  readonly reads: number;
  readonly sweeps: number;
}

/** The best state found, the proof of its quality, and how it was found. */
export interface Solution {
  readonly state: Int8Array;
  readonly energy: number;
  /**
   * The best distinct states found, lowest first and beginning with `state`, and how many reads ended in each (in
   * tempering, how many descents from the coldest levels). All of them agree on what the reduction settles. A proof
   * gives only the state that it proves.
   */
  readonly states: readonly Sample[];
  /**
   * No state has less energy than this. It is `energy` itself if that is proven, lowered for "elimination" with real
   * weights by the possible rounding of sums. After a search it is the bound from frustrated cycles.
   */
  readonly bound: number;
  /**
   * "exact": no state has less energy; sums that round only once decide if rounding could matter. "local": no single
   * flip lowers the energy.
   */
  readonly certificate: "exact" | "local";
  readonly method: SolveMethod;
  /** Why this method was chosen. */
  readonly why: string;
  readonly stopped: SolveStop;
  /** Spins left after the reduction. */
  readonly variablesLeft: number;
  readonly seed: number;
  /** Reads made, and sweeps of the longest read; 0 for an exact solution. */
  readonly reads: number;
  readonly sweeps: number;
  /** β of the first and last sweep; absent if nothing was annealed. */
  readonly inverseTemperatures?: readonly [hot: number, cold: number];
  /** Where the search ran; "cpu" if there was no search. */
  readonly device: "cpu" | "gpu";
  /** Why `device: "auto"` searched on the CPU, if it did. */
  readonly fallback?: string;
  readonly timing: SolveTiming;
}

/** Wall-clock figures of {@link solve}. */
export interface SolveTiming {
  readonly seconds: number;
  /** When the returned state was found. */
  readonly secondsToLowest: number;
  readonly readsPerSecond: number;
  /** Spins of the reduced problem visited per nanosecond. */
  readonly spinUpdatesPerNanosecond: number;
}
