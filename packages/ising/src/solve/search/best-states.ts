import { row } from "@basin/energy-core";
import { lowestFirst, type Sample, type SampleSet, stateKey } from "../sample-set.ts";

/**
 * The best distinct states that a search ended in, lowest first and then in the order found, with the count of each.
 */
export class BestStates {
  readonly #most: number;
  readonly #samples = new Map<string, Sample>();
  #worst = Number.POSITIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  get samples(): readonly Sample[] {
    return lowestFirst([...this.#samples.values()]);
  }

  /**
   * Takes a copy of a state. The worst of the kept states only falls, so a state that is refused once is never kept
   * later, and the counts are complete.
   */
  add(state: Int8Array, energy: number, count = 1): void {
    if (energy > this.#worst) return;
    const key = stateKey(state);
    const found = this.#samples.get(key);
    if (found === undefined) {
      if (energy === this.#worst) return;
      this.#samples.set(key, { state: state.slice(), energy, count });
      this.#drop();
    } else this.#samples.set(key, { ...found, count: found.count + count });
  }

  /** Takes the states of all reads. */
  addSet({ states, energies, counts }: SampleSet): void {
    for (const [r, energy] of energies.entries()) this.add(row(states, r), energy, counts[r]);
  }

  addAll(samples: readonly Sample[]): void {
    for (const { state, energy, count } of samples) this.add(state, energy, count);
  }

  #drop(): void {
    if (this.#samples.size < this.#most) return;
    const order = this.samples;
    if (order.length > this.#most) this.#samples.delete(stateKey(order[this.#most].state));
    this.#worst = order[this.#most - 1].energy;
  }
}
