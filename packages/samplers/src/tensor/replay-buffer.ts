import { checkLength, checkNumber } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";

/** Options of {@link ReplayBuffer}. */
export interface ReplayBufferOptions {
  /** States kept, at least 1. Default 10 000 (Du & Mordatch 2019; Grathwohl et al. 2020). */
  capacity?: number;
  /** Probability that a drawn state is started afresh, in [0, 1]. Default 0.05. */
  restartProbability?: number;
}

/**
 * A pool of states that persistent chains continue from: each draw takes random members, a few of them started afresh, and what
 * the chains made of them is put back (persistent contrastive divergence: Tieleman 2008; with restarts: Du & Mordatch 2019).
 */
export class ReplayBuffer {
  readonly size: number;
  readonly capacity: number;
  readonly restartProbability: number;
  /** The states, row-major `[capacity, size]`: what a checkpoint saves. */
  readonly states: Float32Array;
  readonly #fresh: (rng: Rng, out: Float32Array, place: number) => void;

  /**
   * @param size numbers a state.
   * @param fresh writes a fresh state for a place, 0 to capacity − 1, into `out`.
   * @param rng fills the buffer.
   */
  constructor(
    size: number,
    fresh: (rng: Rng, out: Float32Array, place: number) => void,
    rng: Rng,
    { capacity = 10_000, restartProbability = 0.05 }: ReplayBufferOptions = {},
  ) {
    this.size = checkNumber("size", size, { min: 1, integer: true });
    this.capacity = checkNumber("capacity", capacity, { min: 1, integer: true });
    this.restartProbability = checkNumber("restartProbability", restartProbability, { min: 0, max: 1 });
    this.states = new Float32Array(capacity * size);
    this.#fresh = fresh;
    for (let k = 0; k < capacity; k++) fresh(rng, this.#view(k), k);
  }

  /** Returns `count` starting states `[count, size]` and the places that {@link put} returns them to. */
  draw(rng: Rng, count: number): { states: Float32Array; places: Uint32Array } {
    const states = new Float32Array(count * this.size);
    const places = new Uint32Array(count);
    for (let k = 0; k < count; k++) {
      places[k] = rng.index(this.capacity);
      const out = states.subarray(k * this.size, (k + 1) * this.size);
      if (rng.bernoulli(this.restartProbability)) this.#fresh(rng, out, places[k]);
      else out.set(this.#view(places[k]));
    }
    return { states, places };
  }

  /** Puts states back where {@link draw} took them from. */
  put(places: Uint32Array, states: Float32Array): void {
    checkLength("states", states.length, places.length * this.size);
    for (let k = 0; k < places.length; k++) {
      this.#view(places[k]).set(states.subarray(k * this.size, (k + 1) * this.size));
    }
  }

  #view(place: number): Float32Array {
    return this.states.subarray(place * this.size, (place + 1) * this.size);
  }
}
