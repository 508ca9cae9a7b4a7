import { type AbortSignal, type KernelOption, type Pacer, throwIfAborted } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer } from "@basin/energy-core/run";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import type { Sample } from "../sample-set.ts";
import type { ScheduleName } from "../schedule.ts";
import { BestStates } from "./best-states.ts";

/** What bounds a search, and how it anneals; all of it can be cloned. */
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

/** What a search has done so far. */
export interface Tally {
  /** States that were brought down to the end, by whatever method. */
  reads: number;
  /** Sweeps of the longest of them. */
  sweeps: number;
  /** Visited spins. */
  visits: number;
  range?: readonly [hot: number, cold: number];
}

/** The best state so far, and when it was found. */
export interface Find {
  readonly state: Int8Array;
  readonly energy: number;
  readonly seconds: number;
}

/** What a search within a limit of time goes on from. */
export interface KeptSearch {
  readonly best: Find | undefined;
  readonly ends: readonly Sample[];
  readonly tally: Tally;
  readonly seconds: number;
  /** How often it has been gone on with: each time it draws from other streams. */
  readonly runs: number;
}

/** A search under way: what it has found, what it has done, and when it must stop. */
export class Search {
  readonly problem: SpinProblem;
  readonly limits: SearchLimits;
  readonly rng: Rng;
  readonly tally: Tally = { reads: 0, sweeps: 0, visits: 0 };
  best: Find | undefined;
  /** States that reads and descents ended in. */
  readonly ends: BestStates;
  readonly #signal: AbortSignal | undefined;
  readonly #onNews: (search: Search) => void;
  readonly #pace: Pacer;
  /** Seconds of the runs before this one. */
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
    // An end from outside is no error once there is something to return, so that breathing must not throw.
    throwIfAborted(signal);
    this.#pace = pacer({});
  }

  get seconds(): number {
    return this.secondsBefore + this.#pace.elapsed / 1000;
  }

  /** Goes on from where an earlier run stood. */
  resume({ best, ends, tally, seconds }: KeptSearch): void {
    this.best = best;
    this.ends.addAll(ends);
    Object.assign(this.tally, tally);
    this.secondsBefore = seconds;
  }

  /** Seconds that are left, +∞ without a limit. */
  get secondsLeft(): number {
    return (this.limits.timeLimit ?? Number.POSITIVE_INFINITY) / 1000 - this.seconds;
  }

  get reached(): boolean {
    return this.best !== undefined && this.best.energy <= this.limits.target;
  }

  /** Whether the signal says to stop. */
  get isStopped(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** Whether to stop: the target is reached, or a signal or the clock says so and there is something to return. */
  get over(): boolean {
    if (this.isStopped) return true;
    return this.best !== undefined && (this.reached || this.secondsLeft <= 0);
  }

  /** Keeps `state`, as a copy, when it is the best so far. */
  offer(state: Int8Array, energy = this.problem.energy(state)): boolean {
    if (this.best !== undefined && energy >= this.best.energy) return false;
    this.best = { state: state.slice(), energy, seconds: this.seconds };
    this.#onNews(this);
    return true;
  }

  /** Counts `state` as one that a read or a descent ended in; whether it is the best so far. */
  end(state: Int8Array, energy: number): boolean {
    this.ends.add(state, energy);
    return this.offer(state, energy);
  }

  /** The best states so far; that of an interrupted read stands among them where it is the best. */
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

  /** Why it was told to stop from outside. */
  get reason(): unknown {
    return this.#signal?.reason;
  }

  /** Passes on the news and lets timers and messages have their turn, where that is due. */
  async breathe(): Promise<void> {
    if (!this.#pace.due) return;
    this.#onNews(this);
    await this.#pace.breathe();
  }

  news(): void {
    this.#onNews(this);
  }
}
