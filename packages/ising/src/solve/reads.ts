import { matrix } from "@basin/energy-core";
import type { Pacer } from "@basin/energy-core/internal";
import { type Progress, pacer, type RunOptions } from "@basin/energy-core/run";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { SampleSet } from "./sample-set.ts";

/** What an `onProgress` callback receives; `done` and `total` count reads. */
export interface AnnealProgress extends Progress {
  /** Least energy so far; +∞ until the first read ends. */
  readonly energy: number;
  /** The state with that energy, if it has arrived. */
  readonly state: Int8Array | undefined;
}

/** Collects the reads of a run and keeps the page, the caller and the clock informed. */
export class Reads {
  readonly set: SampleSet;
  readonly #problem: SpinProblem;
  readonly #pace: Pacer<AnnealProgress>;
  #energy = Number.POSITIVE_INFINITY;
  #lowest: number | undefined;
  #done = 0;
  /** When the least energy was first reached. */
  secondsToLowest = 0;
  /** Number of the first read, if these reads are part of a larger run. */
  readonly first: number;

  constructor(problem: SpinProblem, reads: number, options: RunOptions<AnnealProgress> = {}, first = 0) {
    this.first = first;
    const { variables } = problem;
    this.#problem = problem;
    this.#pace = pacer(options);
    this.set = {
      states: matrix(new Int8Array(reads * variables), reads, variables),
      energies: new Float64Array(reads),
      counts: new Int32Array(reads).fill(1),
    };
  }

  get seconds(): number {
    return this.#pace.elapsed / 1000;
  }

  /** Returns the row for the state of `read`. */
  state(read: number): Int8Array {
    const { variables } = this.#problem;
    return this.set.states.data.subarray(read * variables, (read + 1) * variables);
  }

  /** Records that `read` has ended with `energy`. */
  end(read: number, energy: number): void {
    this.set.energies[read] = energy;
    this.#done++;
    if (energy < this.#energy) {
      this.#energy = energy;
      this.#lowest = read;
      this.secondsToLowest = this.seconds;
    }
  }

  get #lowestState(): Int8Array | undefined {
    return this.#lowest === undefined ? undefined : this.state(this.#lowest).slice();
  }

  /** Passes on progress from a part that another thread works on. */
  report(done: number, energy: number): void {
    this.#pace.report(() => this.#progress(done, energy));
  }

  #progress(done: number, energy: number): AnnealProgress {
    const state = energy < this.#energy ? undefined : this.#lowestState;
    return { done, total: this.set.energies.length, energy: Math.min(energy, this.#energy), state };
  }

  /** If it is time, reports progress and lets timers and messages run. @throws the signal's reason. */
  async breathe(): Promise<void> {
    if (this.#pace.due) await this.#pace.breathe(() => this.#progress(this.#done, this.#energy));
  }
}
