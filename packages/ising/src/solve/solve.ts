import { ArgumentError, checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import {
  checkName,
  checkOptions,
  checkWorkers,
  type KernelOption,
  now,
  seedOf,
  throwIfAborted,
} from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { CheckpointOptions, Progress, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import { statedBinaryForm } from "../problem/binary-form.ts";
import { lostCosts } from "../problem/lost-costs.ts";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { cycleBound, sumsExactly } from "./cycle-bound.ts";
import { begin, type Plan, type Proof } from "./proof.ts";
import type { Relaxation } from "./relaxation.ts";
import type { Sample } from "./sample-set.ts";
import { rangeOfTwoScales } from "./scales.ts";
import type { ScheduleName } from "./schedule.ts";
import { BestStates } from "./search/best-states.ts";
import { searchFor } from "./search/kept.ts";
import { chooseSearch, type SearchMethod } from "./search/portfolio.ts";
import type { Search, SearchLimits } from "./search/search.ts";
import { checkUntil, type SolveStop, type SolveUntil, stopOf } from "./until.ts";

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
   * Where the search is kept: the reads that are done of one round of annealing, whose result is the same as without an interruption, or with a
   * limit in time the best state and the time that is left. A proof keeps nothing.
   */
  checkpoint?: CheckpointOptions["checkpoint"];
  /**
   * Default "auto": "exact" when at most 26 spins are left after the reduction, "elimination" where the graph that is left is narrow
   * enough, else a search.
   */
  method?: SolveMethod | "auto";
  /** When the search ends: by a `target`, a `timeLimit` or the first of both. The result says why in `stopped`. Default: after one round of `reads` and `sweeps`. */
  until?: SolveUntil;
  /** Reads of a round. Default 128; 32 of tabu search; tempering has as many as its ladders have levels. */
  reads?: number;
  /**
   * Sweeps of a read; with a limit in time, of the first round. Default 1000, and 125 with one; for tabu search flips a spin, 20; for
   * tempering sweeps of each level. */
  sweeps?: number;
  /** Seed of the random numbers. Default: drawn, and reported in the result. With a limit in time the number of rounds depends on the machine. */
  seed?: number;
  /** As in {@link anneal}. Default "geometric". */
  schedule?: ScheduleName;
  /**
   * β of the first and the last sweep, in units of the problem given, or without a limit in time of every sweep. Default that of {@link anneal} for what is left, and colder where costs stand
   * beside larger penalties.
   */
  inverseTemperatures?: ArrayLike<number>;
  /** How many of the best states to return, at most. Default 5. */
  states?: number;
  /** Whether to eliminate spins first, see {@link reduce}. Default true. */
  reduce?: boolean;
  /** As in {@link anneal}. Default "auto". */
  kernel?: KernelOption;
  /** Ends the search early; what was found until then is returned, and the signal's reason thrown when that is nothing. */
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
   * The best distinct states found, lowest first and `state` before all, and how many reads ended in each: in tempering how many descents from the
   * coldest levels. What the reduction settles is the same in all of them. A proof gives the one state that it proves.
   */
  readonly states: readonly Sample[];
  /** No state has less energy than this: `energy` itself where that is proven, less what sums may round for "elimination" with real weights, and after a search that of frustrated cycles. */
  readonly bound: number;
  /** "exact": no state has less energy, decided by sums that round once where rounding could matter. "local": no single flip leads to less. */
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

/** The states that are looked at before a search draw from a stream that no search has. */
const PILOT_STREAM = 2 ** 41;

/**
 * Returns a state of low energy: the problem is reduced, solved exactly when little is left or the graph is narrow, and searched
 * otherwise, for a given time or a given number of reads.
 *
 * @example
 * ```ts
 * import { maxCut, solve, weightedGraph } from "@basin/ising";
 *
 * const triangle = weightedGraph(3, [[0, 1, 2], [1, 2, 3], [2, 0, 4]]);
 * const { energy, certificate } = await solve(maxCut(triangle));
 * console.log(energy, certificate); // −7, exact
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 * @throws {CostError} for the exact method on more than 32 spins after the reduction, and for elimination on too wide a graph.
 */
export async function solve(energy: QuadraticEnergy, options: SolveOptions = {}): Promise<Solution> {
  checkOptions(
    "solve",
    options,
    "method until reads sweeps seed schedule inverseTemperatures states reduce kernel",
    "workers createWorker checkpoint checkpointEvery signal onProgress",
  );
  const problem = toSpinProblem(energy, "solve");
  const method = checkName("method", options.method ?? "auto", solveMethodNames);
  const until = checkUntil(options.until ?? {});
  if (until.timeLimit !== undefined && (options.inverseTemperatures?.length ?? 2) !== 2)
    throw new ArgumentError(
      `inverseTemperatures has ${options.inverseTemperatures?.length} entries, expected [hot, cold] beside until.timeLimit`,
    );
  checkNumber("states", options.states ?? 5, { min: 1, max: 1e6, integer: true });
  checkWorkers(options);
  throwIfAborted(options.signal);
  const seed = seedOf(options);
  const start = now();
  const { plan, proof, relaxation } = begin(problem, options.reduce ?? true, method);
  if (proof !== undefined) return provenSolution(problem, plan, proof, start, seed);
  const { left } = plan;
  const { offset = 0 } = relaxation ?? {};
  const restore = (state: Int8Array) =>
    relaxation === undefined ? plan.restore(state) : relaxation.restore(plan.restore(state));
  const twoScales = rangeOfTwoScales(left, createRng(seed).split(PILOT_STREAM));
  const chosen =
    method === "auto"
      ? chooseSearch(left, until.timeLimit !== undefined, twoScales)
      : { method: method as SearchMethod, why: "asked for" };
  const limits = limitsOf(options, options.inverseTemperatures ?? twoScales, offset);
  const search = await searchFor(left, limits, chosen.method, { ...options, ...until, seed }, (news) =>
    options.onProgress?.(progressOf(news, restore, offset)),
  );
  const { best } = search;
  const stopped = stopOf(search);
  if (best === undefined) throw options.signal?.reason ?? new Error("the search found nothing");
  const states = statesOf(problem, search, restore);
  const seconds = search.secondsBefore + (now() - start) / 1000;
  // The clock of the search runs on while the bound is computed.
  const secondsToLowest = seconds - search.seconds + best.seconds;
  const { reads, sweeps, visits, range } = search.tally;
  const worth = worthOf(problem, states[0].energy, until.timeLimit);
  return {
    ...{ state: states[0].state, energy: states[0].energy, states },
    bound: worth.bound,
    certificate: worth.proof === undefined ? "local" : "exact",
    method: chosen.method,
    why: reasons(problem, chosen.why, relaxation, worth.proof),
    stopped,
    variablesLeft: left.variables,
    seed,
    ...{ reads, sweeps, inverseTemperatures: range },
    timing: {
      ...{ seconds, secondsToLowest },
      readsPerSecond: reads / seconds,
      spinUpdatesPerNanosecond: visits / seconds / 1e9,
    },
  };
}

/** The best states of a search as those of the whole problem. */
function statesOf(
  problem: SpinProblem,
  { states, limits }: Search,
  restore: (state: Int8Array) => Int8Array,
): readonly Sample[] {
  const found = new BestStates(limits.states);
  for (const { state, count } of states) {
    const full = restore(state);
    found.add(full, problem.energy(full), count);
  }
  return found.samples;
}

/** The bound on what a search found, at a tenth or two of a limited time, and why it proves it if it does. */
function worthOf(problem: SpinProblem, energy: number, timeLimit?: number) {
  const budget = timeLimit === undefined ? undefined : Math.min(2 ** 26, timeLimit * 2 ** 11);
  const bound = Math.min(cycleBound(problem, budget), energy);
  const proven = bound === energy && sumsExactly(problem);
  return { bound, proof: proven ? "frustrated cycles prove the energy found" : undefined };
}

/** Why a method was taken, and what is to be known about penalties beside costs. */
function reasons(problem: SpinProblem, why: string, relaxation?: Relaxation, proof?: string): string {
  const stated = statedBinaryForm(problem);
  const lost = stated && lostCosts(stated);
  return [why, relaxation?.why, lost, proof].filter((reason) => reason !== undefined).join("; ");
}

function provenSolution(
  problem: SpinProblem,
  { left }: Plan,
  { method, why, state, open }: Proof,
  start: number,
  seed: number,
): Solution {
  const seconds = (now() - start) / 1000;
  const energy = problem.energy(state);
  return {
    state,
    energy,
    states: [{ state, energy, count: 1 }],
    // Beside a large penalty the energy itself is rounded by more than the sums.
    bound: open === 0 ? energy : energy - open - Math.abs(energy) * 2 ** -52,
    certificate: open === 0 ? "exact" : "local",
    method,
    why: reasons(
      problem,
      open === 0
        ? why
        : `${why}; the sums are rounded, so that another state may have up to ${open} less energy`,
    ),
    stopped: "proven",
    variablesLeft: left.variables,
    seed,
    reads: 0,
    sweeps: 0,
    timing: { seconds, secondsToLowest: seconds, readsPerSecond: 0, spinUpdatesPerNanosecond: 0 },
  };
}

function limitsOf(
  { until: { target = Number.NEGATIVE_INFINITY, timeLimit } = {}, ...options }: SolveOptions,
  inverseTemperatures: SearchLimits["inverseTemperatures"],
  offset: number,
): SearchLimits {
  const { reads, sweeps, schedule, kernel, states = 5 } = options;
  return { timeLimit, target: target - offset, reads, sweeps, schedule, inverseTemperatures, kernel, states };
}

function progressOf(
  { seconds, best, tally, limits }: Search,
  restore: (state: Int8Array) => Int8Array,
  offset: number,
): SolveProgress {
  const total = limits.timeLimit === undefined ? (limits.reads ?? 128) : limits.timeLimit;
  return {
    done: Math.min(total, limits.timeLimit === undefined ? tally.reads : 1000 * seconds),
    total,
    seconds,
    energy: (best?.energy ?? Number.POSITIVE_INFINITY) + offset,
    get state() {
      return best === undefined ? undefined : restore(best.state);
    },
    reads: tally.reads,
    sweeps: tally.sweeps,
  };
}
