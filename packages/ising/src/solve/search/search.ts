import { type AbortSignal, type KernelOption, type Pacer, throwIfAborted } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer } from "@basin/energy-core/run";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import type { Sample } from "../sample-set.ts";
import type { ScheduleName } from "../schedule.ts";
import { BestStates } from "./best-states.ts";

/** The limits of a search and the options of its annealing; all of it can be cloned. */
export interface SearchLimits {
  readonly timeLimit?: number;
  readonly target: number;
  /** How many of the best states to keep. */
  readonly states: number;
  readonly reads?: number;
  readonly sweeps?: number;
  readonly schedule?: ScheduleName;
  readonly inverseTemperatures?: ArrayLike<number>;
  readonly kernel?: KernelOption;
}

/** The work that a search has done so far. */
export interface Tally {
  /** States that were fully brought down, by any method. */
  reads: number;
  /** Sweeps of the longest read. */
  sweeps: number;
  /** Spins visited. */
  visits: number;
  range?: readonly [hot: number, cold: number];
}

/** The best state so far, and when it was found. */
export interface Find {
  readonly state: Int8Array;
  readonly energy: number;
  readonly seconds: number;
}

/** The state from which a search with a time limit resumes. */
export interface KeptSearch {
  readonly best: Find | undefined;
  readonly ends: readonly Sample[];
  readonly tally: Tally;
  readonly seconds: number;
  /** How often the search was resumed; each time it draws from other streams. */
  readonly runs: number;
}

/** A search in progress: what it has found, what it has done, and when it must stop. */
export class Search {
  readonly problem: SpinProblem;
  readonly limits: SearchLimits;
  readonly rng: Rng;
  readonly tally: Tally = { reads: 0, sweeps: 0, visits: 0 };
  best: Find | undefined;
  /** States in which reads and descents ended. */
  readonly ends: BestStates;
  readonly #signal: AbortSignal | undefined;
  readonly #onNews: (search: Search) => void;
  readonly #pace: Pacer;
  /** Seconds spent in earlier runs. */
  secondsBefore = 0;

  constructor(
    problem: SpinProblem,
    limits: SearchLimits,
    seed: number,
    stream: number,
    signal?: AbortSignal,
    onNews: (search: Search) => void = () => {},
  ) {
    this.problem = problem;
    this.limits = limits;
    this.ends = new BestStates(limits.states);
    this.rng = createRng(seed).split(stream);
    this.#signal = signal;
    this.#onNews = onNews;
    // A stop from outside is not an error once there is something to return, so breathing must not throw.
    throwIfAborted(signal);
    this.#pace = pacer({});
  }

  get seconds(): number {
    return this.secondsBefore + this.#pace.elapsed / 1000;
  }

  /** Resumes from the state of an earlier run. */
  resume({ best, ends, tally, seconds }: KeptSearch): void {
    this.best = best;
    this.ends.addAll(ends);
    Object.assign(this.tally, tally);
    this.secondsBefore = seconds;
  }

  /** Seconds left; +∞ without a limit. */
  get secondsLeft(): number {
    return (this.limits.timeLimit ?? Number.POSITIVE_INFINITY) / 1000 - this.seconds;
  }

  get reached(): boolean {
    return this.best !== undefined && this.best.energy <= this.limits.target;
  }

  /** Whether the signal asks to stop. */
  get isStopped(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** Whether to stop: the target is reached, or there is something to return and a signal or the clock says so. */
  get over(): boolean {
    if (this.isStopped) return true;
    return this.best !== undefined && (this.reached || this.secondsLeft <= 0);
  }

  /** Keeps a copy of `state` if it is the best so far. */
  offer(state: Int8Array, energy = this.problem.energy(state)): boolean {
    if (this.best !== undefined && energy >= this.best.energy) return false;
    this.best = { state: state.slice(), energy, seconds: this.seconds };
    this.#onNews(this);
    return true;
  }

  /** Counts `state` as the end of a read or a descent, and returns whether it is the best so far. */
  end(state: Int8Array, energy: number): boolean {
    this.ends.add(state, energy);
    return this.offer(state, energy);
  }

  /** The best states so far, including the state of an interrupted read if that is the best. */
  get states(): readonly Sample[] {
    const { samples } = this.ends;
    if (this.best === undefined || this.best.energy >= (samples[0]?.energy ?? Number.POSITIVE_INFINITY))
      return samples;
    return [{ state: this.best.state, energy: this.best.energy, count: 1 }, ...samples].slice(
      0,
      this.limits.states,
    );
  }

  count(reads: number, sweeps: number): void {
    this.tally.reads += reads;
    this.tally.visits += reads * sweeps * this.problem.variables;
    this.tally.sweeps = Math.max(this.tally.sweeps, sweeps);
  }

  /** Why the search was stopped from outside. */
  get reason(): unknown {
    return this.#signal?.reason;
  }

  /** If it is time, reports progress and lets timers and messages run. */
  async breathe(): Promise<void> {
    if (!this.#pace.due) return;
    this.#onNews(this);
    await this.#pace.breathe();
  }

  news(): void {
    this.#onNews(this);
  }
}
