import { TAPE_POSITION } from "../bits/layout.ts";
import { TapeTwin } from "../bits/tape-twin.ts";
import type { LaneExports } from "./kernel.ts";
import { LANES } from "./layout.ts";

const { fround } = Math;
const QUOTIENT = [
  -0.025841420888646553, 0.0959564017528214, -0.18194884299518166, 0.27560030231587385, -0.4425449427178053,
].map(fround);

/** The kernel of assembly/lanes.ts in plain TypeScript, over the same memory and with the same bits. */
export function laneTwin(buffer: ArrayBuffer): LaneExports {
  const words = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  return {
    laneFields(count, nodes, spins, starts, site) {
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < LANES; r++) {
          let sum = floats[(site >> 2) + i];
          for (let entry = words[(starts >> 2) + i]; entry < words[(starts >> 2) + i + 1]; entry += 8) {
            const spin = floats[((words[entry >> 2] - nodes + spins) >> 2) + r];
            sum = fround(sum + fround(spin * fround(floats[(entry >> 2) + 1] * 0.5)));
          }
          floats[(nodes >> 2) + LANES * i + r] = sum;
        }
      }
    },
    laneSweeps(count, nodes, spins, starts, betas, sweeps, tape) {
      const thresholds = new Thresholds(words, floats, tape);
      for (let s = 0; s < sweeps; s++) {
        const beta = floats[(betas >> 2) + s];
        for (let i = 0; i < count; i++) {
          const at = thresholds.next();
          for (let r = 0; r < LANES; r++) {
            const own = (spins >> 2) + LANES * i + r;
            const field = floats[(nodes >> 2) + LANES * i + r];
            if (!(fround(fround(floats[own] * field) * beta) <= floats[at + r])) continue;
            floats[own] = -floats[own];
            for (let entry = words[(starts >> 2) + i]; entry < words[(starts >> 2) + i + 1]; entry += 8) {
              floats[(words[entry >> 2] >> 2) + r] += fround(floats[own] * floats[(entry >> 2) + 1]);
            }
          }
        }
      }
      thresholds.save();
    },
  };
}

/** −log₂ u, eight at a time, from the tape of random words. */
class Thresholds {
  readonly #words: Int32Array;
  readonly #floats: Float32Array;
  readonly #block: number;
  readonly #tape: TapeTwin;

  constructor(words: Int32Array, floats: Float32Array, block: number) {
    this.#words = words;
    this.#floats = floats;
    this.#block = block;
    this.#tape = new TapeTwin(words, block);
    this.#tape.at += block >> 2;
  }

  /** Returns where the next eight are. */
  next(): number {
    const before = this.#tape.at;
    this.#tape.need(2);
    const { at } = this.#tape;
    if (at !== before) this.#takeLogarithms(at);
    this.#tape.at += LANES;
    return at;
  }

  save(): void {
    this.#words[(this.#block + TAPE_POSITION) >> 2] = (this.#tape.at << 2) - this.#block;
  }

  #takeLogarithms(first: number): void {
    const [words, floats] = [this.#words, this.#floats];
    for (let at = first; at < first + 1024; at++) {
      floats[at] = (words[at] >>> 1) | 1;
      const exponent = words[at] >>> 23;
      words[at] = (words[at] & 0x7fffff) | 0x3f800000;
      const t = fround(floats[at] - 1);
      const q = QUOTIENT.slice(1).reduce((sum, c) => fround(fround(sum * t) + c), QUOTIENT[0]);
      const mantissa = fround(t * fround(fround(fround(t - 1) * q) + 1));
      floats[at] = fround(158 - exponent) - mantissa;
    }
  }
}
