/** A state of a training, as old as its updates say. */
interface Aged {
  readonly updates: number;
}

/**
 * The good states that a diverged run returns to. Divergence may begin long before it is visible, so states of several
 * ages are kept, about equally spaced in the logarithm of their age, and including the first if there is room for two.
 * After a return to a state it is dropped, so the next divergence returns to an older one.
 */
export class GoodStates<S extends Aged> {
  readonly #most: number;
  readonly #states: S[];

  /** @param most states kept, at least one. */
  constructor(first: readonly S[], most: number) {
    this.#states = [...first];
    this.#most = most;
  }

  /** Oldest first. */
  get states(): readonly S[] {
    return this.#states;
  }

  get newest(): S {
    return this.#states[this.#states.length - 1];
  }

  add(state: S): void {
    const states = this.#states;
    states.push(state);
    while (states.length > this.#most)
      states.splice(this.#most === 1 ? 0 : crowded(states.map(({ updates }) => updates)), 1);
  }

  /** Returns the newest state, and steps down from it unless it is the last one left. */
  take(): S {
    return this.#states.length > 1 ? (this.#states.pop() as S) : this.#states[0];
  }
}

/**
 * Returns which of at least three times, neither the first nor the last, leaves the narrowest gap in log age when it
 * goes.
 */
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
