import { TAPE_END, TAPE_POSITION, TAPE_START } from "./layout.ts";

/** The tape of random vectors of assembly/lib/tape.ts at `block`, counted in 32-bit words. */
export class TapeTwin {
  /** Index of the next word. */
  at: number;
  readonly #memory: Int32Array;
  readonly #block: number;

  constructor(memory: Int32Array, block: number) {
    this.#memory = memory;
    this.#block = block >> 2;
    this.at = memory[(block + TAPE_POSITION) >> 2] >> 2;
  }

  /** Makes sure that `vectors` vectors can be read on from `at`. */
  need(vectors: number): void {
    if (this.at + 4 * vectors > this.#block + (TAPE_END >> 2)) this.#refill();
  }

  save(): void {
    this.#memory[this.#block + (TAPE_POSITION >> 2)] = this.at << 2;
  }

  #refill(): void {
    for (let lane = 0; lane < 16; lane++) this.#fillLane(lane >> 2, lane & 3);
    this.at = this.#block + (TAPE_START >> 2);
  }

  /** xoshiro128++ (Blackman & Vigna 2021): one lane writes every fourth vector's word `lane`. */
  #fillLane(group: number, lane: number): void {
    const memory = this.#memory;
    const state = this.#block + 16 * group + lane;
    let [a, b, c, d] = [memory[state], memory[state + 4], memory[state + 8], memory[state + 12]];
    const end = this.#block + (TAPE_END >> 2);
    for (let at = this.#block + (TAPE_START >> 2) + 4 * group + lane; at < end; at += 16) {
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
