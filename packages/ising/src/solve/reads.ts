import { matrix } from "@basin/energy-core";
import { type AbortSignalLike, now, throwIfAborted, yieldToEvents } from "@basin/energy-core/platform";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { SampleSet } from "./sample-set.ts";

/** What an `onProgress` callback is told. */
export interface AnnealProgress {
  readonly readsDone: number;
  readonly reads: number;
  /** Least energy so far, +∞ before the first read has ended. */
  readonly energy: number;
  /** The state with that energy, where it has come in already. */
  readonly state: Int8Array | undefined;
}

/** Collects the reads of a run and keeps the page, the caller and the clock informed. */
export class Reads {
  readonly set: SampleSet;
  readonly #problem: SpinProblem;
  readonly #signal: AbortSignalLike | undefined;
  readonly #onProgress: ((progress: AnnealProgress) => void) | undefined;
  readonly #start = now();
  #breath = this.#start;
  #energy = Number.POSITIVE_INFINITY;
  #lowest: number | undefined;
  #done = 0;
  /** When the least energy was first reached. */
  secondsToLowest = 0;
  /** Number of the first read, where these are a part of a run. */
  readonly first: number;

  constructor(
    problem: SpinProblem,
    reads: number,
    signal: AbortSignalLike | undefined,
    onProgress: ((progress: AnnealProgress) => void) | undefined,
    first = 0,
  ) {
    this.first = first;
    const { variables } = problem;
    this.#problem = problem;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.set = {
      states: matrix(new Int8Array(reads * variables), reads, variables),
      energies: new Float64Array(reads),
      counts: new Int32Array(reads).fill(1),
    };
  }

  get seconds(): number {
    return (now() - this.#start) / 1000;
  }

  /** The row that the state of `read` belongs in. */
  state(read: number): Int8Array {
    const { variables } = this.#problem;
    return this.set.states.data.subarray(read * variables, (read + 1) * variables);
  }

  /** Notes that `read` has ended with `energy`. */
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

  /** Passes on the news of a part that another thread works on. */
  report(readsDone: number, energy: number): void {
    const reads = this.set.energies.length;
    const state = energy < this.#energy ? undefined : this.#lowestState;
    this.#onProgress?.({ readsDone, reads, energy: Math.min(energy, this.#energy), state });
  }

  /** Every 50 ms, reports progress and lets timers and messages have their turn. @throws the signal's reason. */
  async breathe(): Promise<void> {
    if (!this.#signal?.aborted && now() - this.#breath < 50) return;
    this.report(this.#done, this.#energy);
    throwIfAborted(this.#signal);
    await yieldToEvents();
    throwIfAborted(this.#signal);
    this.#breath = now();
  }
}
