import { ArgumentError } from "../errors.ts";
import { nextWord } from "../internal/xoshiro.ts";
import { standardNormal } from "./normal.ts";
import { philox4x32 } from "./philox.ts";

/**
 * A seeded stream of random numbers. The same seed gives the same bits on every platform.
 *
 * Discrete kernels draw only through {@link bernoulli} and {@link index}, so a test can follow every branch.
 */
export interface Rng {
  /** Returns a uniform integer in [0, 2³²). */
  uint32(): number;
  /** Returns a uniform number in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Returns a draw of the standard normal distribution. */
  normal(): number;
  /** Returns true with probability `p` (clamped to [0, 1]), to within 2⁻⁵³. */
  bernoulli(p: number): boolean;
  /** Returns a uniform integer in [0, n), without bias, for 1 ≤ n ≤ 2³². */
  index(n: number): number;
  /**
   * Returns an independent stream, determined by the key of this stream and `label` only. It does not depend on what
   * has been drawn, so chains, workers and subtasks can get streams in any order.
   */
  split(label: number): Rng;
  /** Returns the state as six unsigned 32-bit words, for checkpoints. */
  save(): RngState;
}

/** The key (two words) and the xoshiro128++ state (four words) of a stream. */
export type RngState = readonly [number, number, number, number, number, number];

// The third counter word says what a Philox block is for, so that no two uses ever share a block.
const DRAW_DOMAIN = 0;
const SPLIT_DOMAIN = 1;
const LANE_DOMAIN = 2;

/**
 * Returns a stream of random numbers for a seed.
 *
 * Philox 4×32-10 (Salmon et al. 2011) keys and splits the streams; each stream is drawn by xoshiro128++ (Blackman &
 * Vigna 2021) from a state that Philox gives. The 64-bit key is the seed itself; a child's key is a Philox block, so
 * two of n streams coincide with a probability of about n²/2⁶⁵.
 *
 * @param seed an integer in [0, 2⁵³).
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 *
 * const rng = createRng(42);
 * console.log(rng.uniform(), rng.normal(), rng.index(6));
 * console.log(rng.split(1).uint32() === createRng(42).split(1).uint32()); // true
 * ```
 *
 * @throws {ArgumentError} for any other seed.
 */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ArgumentError(`seed is ${seed}, expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return Xoshiro128.fromKey(seed >>> 0, Math.floor(seed / 2 ** 32));
}

/**
 * Returns a stream in a state that {@link Rng.save} gave.
 *
 * @example
 * ```ts
 * import { createRng, restoreRng } from "@basin/energy-core/random";
 *
 * const rng = createRng(1);
 * const copy = restoreRng(rng.save());
 * console.log(rng.uint32() === copy.uint32()); // true
 * ```
 *
 * @throws {ArgumentError} when the state is not six unsigned 32-bit words, or all four generator words are zero.
 */
export function restoreRng(state: readonly number[]): Rng {
  if (state.length !== 6 || state.some((word) => !Number.isInteger(word) || word < 0 || word > 0xffffffff)) {
    throw new ArgumentError(`a generator state is six unsigned 32-bit words, got [${state.join(", ")}]`);
  }
  const [k0, k1, ...words] = state;
  if (words.every((word) => word === 0))
    throw new ArgumentError("the four generator words are all zero, a state that never moves");
  return new Xoshiro128(k0, k1, words);
}

/**
 * Seeds `lanes` xoshiro128++ generators (a multiple of 4) by the key of `rng`, not by what has been drawn from it, and
 * writes them as kernels hold them: in groups of four, word w of lane l of group g at `at` + 16 g + 4 w + l.
 */
export function seedLanes(words: Uint32Array | Int32Array, at: number, rng: Rng, lanes: number): void {
  const [k0, k1] = rng.save();
  for (let lane = 0; lane < lanes; lane++) {
    const to = at + 16 * (lane >> 2) + (lane & 3);
    for (const [w, word] of seedWords(k0, k1, LANE_DOMAIN, lane).entries()) words[to + 4 * w] = word;
  }
}

function seedWords(k0: number, k1: number, domain: number, label: number): [number, number, number, number] {
  const words = philox4x32([label >>> 0, Math.floor(label / 2 ** 32), domain, 0], [k0, k1]);
  // xoshiro never leaves the all-zero state; Philox gives it once in 2^128 blocks.
  if ((words[0] | words[1] | words[2] | words[3]) === 0) words[0] = 1;
  return words;
}

class Xoshiro128 implements Rng {
  readonly #k0: number;
  readonly #k1: number;
  readonly #words = new Int32Array(4);

  constructor(k0: number, k1: number, words: readonly number[]) {
    this.#k0 = k0;
    this.#k1 = k1;
    for (let w = 0; w < 4; w++) this.#words[w] = words[w];
  }

  static fromKey(k0: number, k1: number): Xoshiro128 {
    return new Xoshiro128(k0, k1, seedWords(k0, k1, DRAW_DOMAIN, 0));
  }

  uint32(): number {
    return nextWord(this.#words, 0, 1);
  }

  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) * 1.1102230246251565e-16;
  }

  normal(): number {
    return standardNormal(this);
  }

  bernoulli(p: number): boolean {
    return this.uniform() < p;
  }

  index(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 4294967296)) {
      throw new ArgumentError(`index: n is ${n}, expected an integer from 1 to 2^32`);
    }
    if (n <= 2097152) {
      // Lemire's method (2019): the upper half of a product, which is exact in a double up to this n.
      for (;;) {
        const product = this.uint32() * n;
        if (product % 4294967296 >= 4294967296 % n) return Math.floor(product / 4294967296);
      }
    }
    const limit = 4294967296 - (4294967296 % n);
    for (;;) {
      const word = this.uint32();
      if (word < limit) return word % n;
    }
  }

  split(label: number): Rng {
    if (!Number.isSafeInteger(label) || label < 0) {
      throw new ArgumentError(
        `split: label is ${label}, expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}`,
      );
    }
    const [k0, k1] = seedWords(this.#k0, this.#k1, SPLIT_DOMAIN, label);
    return Xoshiro128.fromKey(k0, k1);
  }

  save(): RngState {
    const [a, b, c, d] = new Uint32Array(this.#words.buffer);
    return [this.#k0, this.#k1, a, b, c, d];
  }
}
