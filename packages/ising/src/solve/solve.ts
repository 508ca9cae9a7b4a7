import { checkName, checkNumber } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { KernelOption } from "@basin/energy-core/wasm";
import { reduce } from "../problem/reduce.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { anneal } from "./anneal.ts";
import { bitLayout } from "./bits/layout.ts";
import { groundState } from "./ground-state.ts";
import { type AbortSignalLike, now, throwIfAborted } from "./platform.ts";

/** How a problem is solved: every state considered, or annealed. */
export type SolveMethod = "exact" | "anneal";

/** How {@link solve} works; every option has a default. */
export interface SolveOptions {
  /** Default "auto": "exact" when at most 26 spins are left after the reduction, else "anneal". */
  method?: SolveMethod | "auto";
  /** Seconds to spend on annealing, in rounds of doubling length. Default: one round of `reads` and `sweeps`. */
  seconds?: number;
  /** Stops as soon as a round has reached this energy. Default −∞. */
  target?: number;
  /** Reads of a round. Default 128. */
  reads?: number;
  /** Sweeps of a read; with `seconds`, of the first round. Default 1000, and 125 with `seconds`. */
  sweeps?: number;
  /** Seed of the random numbers. Default 0. With `seconds` the number of rounds depends on the machine. */
  seed?: number;
  /** β of the first and the last sweep, in units of the problem given. Default that of {@link anneal}, for what is left. */
  inverseTemperatureRange?: readonly [hot: number, cold: number];
  /** Whether to eliminate spins first, see {@link reduce}. Default true. */
  reduce?: boolean;
  /** As in {@link anneal}. Default "auto". */
  kernel?: KernelOption;
  /** Ends the search early; what was found until then is returned, and the signal's reason thrown when that is nothing. */
  signal?: AbortSignalLike;
  /** Called about twenty times a second. */
  onProgress?: (progress: SolveProgress) => void;
}

/** What {@link SolveOptions.onProgress} is told. */
export interface SolveProgress {
  readonly seconds: number;
  /** Least energy of the rounds done, +∞ before the first has ended. */
  readonly energy: number;
  /** Reads done in all, and sweeps of the present round. */
  readonly reads: number;
  readonly sweeps: number;
}

/** The best state found, what it is worth, and how it was found. */
export interface Solution {
  readonly state: Int8Array;
  readonly energy: number;
  /** "exact": no state has less energy. "local": no single flip leads to less energy. */
  readonly certificate: "exact" | "local";
  readonly method: SolveMethod;
  /** Why this method. */
  readonly why: string;
  /** Spins left after the reduction. */
  readonly variablesLeft: number;
  readonly seed: number;
  /** Reads made, and sweeps of the longest. 0 for an exact solution. */
  readonly reads: number;
  readonly sweeps: number;
  /** β of the first and last sweep; absent for an exact solution. */
  readonly inverseTemperatureRange?: readonly [hot: number, cold: number];
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

const EXACT_UP_TO = 26;
const FIRST_ROUND = 125;

/**
 * Returns a state of low energy: the problem is reduced, solved exactly when little is left, and annealed otherwise, for
 * a given time in rounds of doubling length.
 *
 * @throws {ArgumentError} for options out of range.
 * @throws {CostError} for the exact method on more than 32 spins after the reduction.
 */
export async function solve(problem: SpinProblem, options: SolveOptions = {}): Promise<Solution> {
  const method = checkName("method", options.method ?? "auto", ["auto", "exact", "anneal"]);
  if (options.seconds !== undefined) checkNumber("seconds", options.seconds, { above: 0 });
  const search = new Search(problem, options);
  const { variables } = search.left;
  const exact = method === "exact" || (method === "auto" && variables <= EXACT_UP_TO);
  if (exact) return search.exact(whyExact(method, variables));
  return search.anneal(
    method === "anneal"
      ? "asked for"
      : `${variables} spins are left after the reduction, too many to try every state`,
  );
}

function whyExact(method: string, variables: number): string {
  if (method === "exact") return "asked for";
  return variables === 0
    ? "the reduction settles every spin"
    : `${variables} spins are left after the reduction, few enough to try every state`;
}

class Search {
  readonly left: SpinProblem;
  readonly #problem: SpinProblem;
  readonly #restore: (state: Int8Array) => Int8Array;
  readonly #options: SolveOptions;
  readonly #start = now();
  readonly #rng: Rng;
  #best: Int8Array | undefined;
  #energy = Number.POSITIVE_INFINITY;
  #secondsToLowest = 0;
  #reads = 0;
  #visits = 0;
  #longest = 0;
  #range: readonly [number, number] | undefined;

  constructor(problem: SpinProblem, options: SolveOptions) {
    this.#problem = problem;
    this.#options = options;
    this.#rng = createRng(options.seed ?? 0);
    throwIfAborted(options.signal);
    const reduction = (options.reduce ?? true) ? reduce(problem) : undefined;
    this.left = reduction?.problem ?? problem;
    this.#restore = reduction?.restore ?? ((state) => state.slice());
  }

  exact(why: string): Solution {
    this.#keep(groundState(this.left).state);
    return this.#solution("exact", why);
  }

  async anneal(why: string): Promise<Solution> {
    const { seconds, target = Number.NEGATIVE_INFINITY } = this.#options;
    let sweeps = this.#options.sweeps ?? (seconds === undefined ? 1000 : FIRST_ROUND);
    // One state at a time is some thirty times slower than 128 side by side.
    const reads =
      this.#options.reads ?? (bitLayout(this.left) === undefined && seconds !== undefined ? 4 : 128);
    for (let round = 0; ; round++) {
      const started = this.#seconds();
      if (!(await this.#round(round, reads, sweeps))) break;
      if (seconds === undefined || this.#energy <= target) break;
      const perSweep = (this.#seconds() - started) / sweeps;
      const affordable = Math.floor(((seconds - this.#seconds()) * 0.95) / perSweep);
      if (affordable < sweeps / 4) break;
      sweeps = Math.max(1, Math.min(2 * sweeps, affordable, 1e9));
    }
    return this.#solution("anneal", why);
  }

  /** Anneals once; false when it was stopped by the signal or the clock. */
  async #round(round: number, reads: number, sweeps: number): Promise<boolean> {
    const {
      seconds = Number.POSITIVE_INFINITY,
      signal,
      onProgress,
      inverseTemperatureRange,
      kernel,
    } = this.#options;
    const outOfTime = () => this.#seconds() > seconds && this.#best !== undefined;
    const stop: AbortSignalLike = {
      get aborted() {
        return (signal?.aborted ?? false) || outOfTime();
      },
      get reason() {
        return signal?.reason;
      },
    };
    try {
      const run = await anneal(this.left, {
        reads,
        sweeps,
        seed: this.#rng.split(round).uint32(),
        inverseTemperatureRange,
        kernel,
        signal: stop,
        onProgress: ({ readsDone }) => {
          onProgress?.({
            seconds: this.#seconds(),
            energy: this.#energy,
            reads: this.#reads + readsDone,
            sweeps,
          });
        },
      });
      this.#reads += reads;
      this.#visits += reads * sweeps * this.left.variables;
      this.#longest = Math.max(this.#longest, sweeps);
      this.#range = run.inverseTemperatureRange;
      this.#keep(run.lowest.state);
      return true;
    } catch (error) {
      if (!stop.aborted || this.#best === undefined) throw error;
      return false;
    }
  }

  #seconds(): number {
    return (now() - this.#start) / 1000;
  }

  #keep(left: Int8Array): void {
    const state = this.#restore(left);
    const energy = this.#problem.energy(state);
    if (energy >= this.#energy) return;
    this.#best = state;
    this.#energy = energy;
    this.#secondsToLowest = this.#seconds();
  }

  #solution(method: SolveMethod, why: string): Solution {
    const seconds = this.#seconds();
    return {
      state: this.#best as Int8Array,
      energy: this.#energy,
      certificate: method === "exact" ? "exact" : "local",
      method,
      why,
      variablesLeft: this.left.variables,
      seed: this.#options.seed ?? 0,
      reads: this.#reads,
      sweeps: this.#longest,
      inverseTemperatureRange: this.#range,
      timing: {
        seconds,
        secondsToLowest: this.#secondsToLowest,
        readsPerSecond: this.#reads / seconds,
        spinUpdatesPerNanosecond: this.#visits / seconds / 1e9,
      },
    };
  }
}
