import { checkNumber } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { StateArray } from "../run/draws.ts";

/** Numbers that states are made of. */
type Numbers = StateArray | Float32Array;

/**
 * A pool of states from which persistent chains continue. Each draw takes random members, restarts a few of them, and
 * puts the new states back (persistent contrastive divergence: Tieleman 2008; with restarts: Du & Mordatch 2019).
 */
export class ReplayBuffer<X extends Numbers = Float32Array> {
  readonly size: number;
  readonly capacity: number;
  readonly restartProbability: number;
  /** The states, row-major `[capacity, size]`: what a checkpoint saves. */
  readonly states: X;
  readonly #fresh: (rng: Rng, out: X, place: number) => void;

  /**
   * @param states the memory, of whole states.
   * @param size numbers a state.
   * @param fresh writes a fresh state for a place, 0 to capacity − 1, into `out`.
   * @param rng fills the buffer.
   * @param restartProbability probability that a drawn state restarts, in [0, 1].
   */
  constructor(
    states: X,
    size: number,
    fresh: (rng: Rng, out: X, place: number) => void,
    rng: Rng,
    restartProbability = 0.05,
  ) {
    this.size = checkNumber("size", size, { min: 1, integer: true });
    this.capacity = checkNumber("capacity", states.length / size, { min: 1, integer: true });
    this.restartProbability = checkNumber("restartProbability", restartProbability, { min: 0, max: 1 });
    this.states = states;
    this.#fresh = fresh;
    for (let k = 0; k < this.capacity; k++) fresh(rng, this.#row(states, k), k);
  }

  /** Fills `out`, `[count, size]`, with starting states and returns the places that {@link put} returns them to. */
  draw(rng: Rng, out: X): Uint32Array {
    const places = new Uint32Array(out.length / this.size);
    for (let k = 0; k < places.length; k++) {
      places[k] = rng.index(this.capacity);
      const row = this.#row(out, k);
      if (rng.bernoulli(this.restartProbability)) this.#fresh(rng, row, places[k]);
      else row.set(this.#row(this.states, places[k]));
    }
    return places;
  }

  /** Puts states back where {@link draw} took them from. */
  put(places: Uint32Array, states: X): void {
    checkLength("states", states.length, places.length * this.size);
    for (let k = 0; k < places.length; k++) this.#row(this.states, places[k]).set(this.#row(states, k));
  }

  #row(all: X, k: number): X {
    return all.subarray(k * this.size, (k + 1) * this.size) as X;
  }
}
