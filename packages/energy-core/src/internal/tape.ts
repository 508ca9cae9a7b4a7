import { type Rng, seedLanes } from "../random/rng.ts";
import { nextWord } from "./xoshiro.ts";

/**
 * A tape of random bits in the memory of a kernel, in bytes from the start of its block; the drawing is in
 * internal/wasm/assembly/lib/tape.ts.
 */
const POSITION = 256;
const START = 272;
/** Bytes of a tape's block: sixteen generators, the read position, three words of the kernel's own, 256 vectors. */
export const TAPE_BYTES = START + 16 * 256;
/** Where the kernel's own three words are. */
export const TAPE_SPARE = POSITION + 4;

/** Seeds the generators of the tape whose block starts at byte `block`, and marks it as used up. */
export function seedTape(words: Uint32Array | Int32Array, rng: Rng, block = 0): void {
  seedLanes(words, block >> 2, rng, 16);
  words[(block + POSITION) >> 2] = TAPE_BYTES;
}

/** The twin of the tape, over the same memory: positions are indices of 32-bit words. */
export class Tape {
  /** Index of the next word. */
  at: number;
  readonly #memory: Int32Array;
  readonly #block: number;

  constructor(memory: Int32Array, block = 0) {
    this.#memory = memory;
    this.#block = block >> 2;
    this.at = this.#block + (memory[(block + POSITION) >> 2] >> 2);
  }

  /** Makes sure that `vectors` vectors can be read on from `at`; returns whether the tape had to be refilled. */
  need(vectors: number): boolean {
    if (this.at + 4 * vectors <= this.#block + (TAPE_BYTES >> 2)) return false;
    this.#refill();
    return true;
  }

  /** Returns the index of the next word, and moves on. */
  next(): number {
    if (this.at === this.#block + (TAPE_BYTES >> 2)) this.#refill();
    return this.at++;
  }

  save(): void {
    this.#memory[this.#block + (POSITION >> 2)] = (this.at - this.#block) << 2;
  }

  /** Lane l of group g writes word l of every fourth vector, from vector g on. */
  #refill(): void {
    const [memory, block] = [this.#memory, this.#block];
    this.at = block + (START >> 2);
    for (let lane = 0; lane < 16; lane++) {
      const state = block + 16 * (lane >> 2) + (lane & 3);
      for (let at = this.at + lane; at < block + (TAPE_BYTES >> 2); at += 16)
        memory[at] = nextWord(memory, state, 4);
    }
  }
}
