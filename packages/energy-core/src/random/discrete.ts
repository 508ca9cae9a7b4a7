import { ArgumentError } from "../errors.ts";
import type { Rng } from "./rng.ts";

/**
 * Returns an index drawn with probability proportional to `weights`.
 *
 * @example
 * ```ts
 * import { categorical, createRng } from "@basin/energy-core/random";
 *
 * console.log(categorical(createRng(1), [0.2, 0.8])); // 0 or 1
 * ```
 *
 * @throws {ArgumentError} when a weight is negative or NaN, or their sum is not a positive finite number.
 */
export function categorical(rng: Rng, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0))
      throw new ArgumentError(`weight ${i} is ${weights[i]}, expected a number at least 0`);
    total += weights[i];
  }
  if (!(total > 0 && total < Infinity))
    throw new ArgumentError(`the weights sum to ${total}, expected a positive number`);
  let rest = rng.uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    rest -= weights[i];
    if (rest < 0) return i;
  }
  // Rounding can leave a remainder of a few ulps behind the last positive weight.
  return last;
}

/**
 * Returns a uniformly random permutation of 0, …, n − 1 (Fisher & Yates).
 *
 * @example
 * ```ts
 * import { createRng, permutation } from "@basin/energy-core/random";
 *
 * console.log(permutation(createRng(1), 4)); // 0 … 3 in some order
 * ```
 */
export function permutation(rng: Rng, n: number): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  shuffle(rng, order);
  return order;
}

/**
 * Permutes `values` in place, uniformly at random (Fisher & Yates).
 *
 * @example
 * ```ts
 * import { createRng, shuffle } from "@basin/energy-core/random";
 *
 * const deck = [1, 2, 3, 4];
 * shuffle(createRng(1), deck);
 * console.log(deck);
 * ```
 */
export function shuffle(rng: Rng, values: { length: number; [i: number]: number }): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = rng.index(i + 1);
    const kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
}
