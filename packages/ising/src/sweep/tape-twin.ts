import { TAPE_END, TAPE_POSITION, TAPE_START } from "./tiles.ts";

const START = TAPE_START >> 2;
const END = TAPE_END >> 2;

/** The tape of random vectors of assembly/lib/tape.ts, over the same memory, counted in 32-bit words. */
export class TapeTwin {
  /** Index of the next word. */
  at: number;
  readonly #memory: Int32Array;

  constructor(memory: Int32Array) {
    this.#memory = memory;
    this.at = memory[TAPE_POSITION >> 2] >> 2;
  }

  /** Makes sure that `vectors` vectors can be read on from `at`. */
  need(vectors: number): void {
    if (this.at + 4 * vectors > END) this.#refill();
  }

  /** Returns the index of the next word, and moves on. */
  next(): number {
    if (this.at === END) this.#refill();
    return this.at++;
  }

  save(): void {
    this.#memory[TAPE_POSITION >> 2] = this.at << 2;
  }

  #refill(): void {
    for (let lane = 0; lane < 16; lane++) this.#fillLane(lane >> 2, lane & 3);
    this.at = START;
  }

  /** xoshiro128++ (Blackman & Vigna 2021): one lane writes every fourth vector's word `lane`. */
  #fillLane(group: number, lane: number): void {
    const memory = this.#memory;
    const state = 16 * group + lane;
    let a = memory[state];
    let b = memory[state + 4];
    let c = memory[state + 8];
    let d = memory[state + 12];
    for (let at = START + 4 * group + lane; at < END; at += 16) {
      const sum = (a + d) | 0;
      memory[at] = (((sum << 7) | (sum >>> 25)) + a) | 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    memory[state] = a;
    memory[state + 4] = b;
    memory[state + 8] = c;
    memory[state + 12] = d;
  }
}
