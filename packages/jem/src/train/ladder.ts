import type { TrainState } from "./checkpoint.ts";

/**
 * The states that divergences go back to. Trouble may have begun long before it shows, so states of several ages are kept, about
 * equally spaced in the logarithm of their age and, where there is room for two, the first among them. A state is given up once it was
 * gone back to, so that a divergence that follows goes back further.
 */
export class Ladder {
  readonly #most: number;
  readonly #rungs: TrainState[];

  /** @param most states kept, at least one. */
  constructor(first: readonly TrainState[], most: number) {
    this.#rungs = [...first];
    this.#most = most;
  }

  /** Oldest first. */
  get rungs(): readonly TrainState[] {
    return this.#rungs;
  }

  get newest(): TrainState {
    return this.#rungs[this.#rungs.length - 1];
  }

  add(state: TrainState): void {
    const rungs = this.#rungs;
    rungs.push(state);
    while (rungs.length > this.#most)
      rungs.splice(this.#most === 1 ? 0 : crowded(rungs.map(({ updates }) => updates)), 1);
  }

  /** Returns the newest state, and steps down from it unless it is the last one left. */
  take(): TrainState {
    return this.#rungs.length > 1 ? (this.#rungs.pop() as TrainState) : this.#rungs[0];
  }
}

/** Returns which of at least three times, neither the first nor the last, leaves the narrowest gap in log age when it goes. */
function crowded(times: readonly number[]): number {
  // The newest counts as one spacing old: its logarithm is asked for.
  const last = times.length - 1;
  const spacing = Math.max(1, times[last] - times[last - 1]);
  const age = (k: number): number => times[last] - times[k] + spacing;
  let [least, which] = [Number.POSITIVE_INFINITY, 1];
  for (let k = 1; k < last; k++) {
    const gap = age(k - 1) / age(k + 1);
    if (gap < least) [least, which] = [gap, k];
  }
  return which;
}
