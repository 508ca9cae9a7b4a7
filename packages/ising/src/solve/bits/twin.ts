import { log } from "@basin/energy-core/random";
import type { SolveExports } from "./kernel.ts";
import { COIN_BITS, COIN_STRIDE, LOG_END, LOG_START, narrowWidth, ROW_BYTES, RUN_BYTES } from "./layout.ts";
import { TapeTwin } from "./tape-twin.ts";

const RARE = 16 * (COIN_BITS + 1);
const TURN = 16 * (COIN_BITS + 2);

/** The kernel of assembly/solve.ts in plain TypeScript, over the same memory and with the same bits. */
export function solveTwin(buffer: ArrayBuffer): SolveExports {
  return { sweeps: (from, to, job) => new SolveTwin(buffer, job).sweeps(from, to) };
}

class SolveTwin {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #floats: Float64Array;
  readonly #tape: TapeTwin;
  readonly #job: Int32Array;
  /** Bits of the count of the node under way: bit k of word w at 4 k + w. */
  readonly #count = new Int32Array(4 * 17);
  #next = 0;

  constructor(buffer: ArrayBuffer, job: number) {
    this.#words = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#floats = new Float64Array(buffer);
    this.#job = this.#words.slice(job >> 2, (job >> 2) + 13);
    this.#tape = new TapeTwin(this.#words, this.#job[11]);
  }

  sweeps(from: number, to: number): number {
    let changed = 0;
    for (let s = from; s < to; s++) changed = this.#sweep(this.#job[0] + s * ROW_BYTES);
    this.#tape.save();
    return changed === 0 ? 0 : 1;
  }

  #sweep(row: number): number {
    const words = this.#words;
    const [, runs, runCount, first, , , entries] = this.#job;
    const coinLevels = words[row >> 2];
    const uphill = words[(row >> 2) + 1];
    this.#beginCoins(row);
    let self = first >> 2;
    let entry = entries >> 2;
    let visit = 0;
    let changed = 0;
    for (let r = 0; r < runCount; r++) {
      const at = (runs + r * RUN_BYTES) >> 2;
      const [nodes, degree, total, start, wide] = words.subarray(at, at + 5);
      const width = wide || narrowWidth(total);
      for (let node = 0; node < nodes; node++) {
        this.#startCount(start, width);
        for (let e = 0; e < degree; e++) {
          this.#add(words[entry] >> 2, wide > 0 ? words[entry + 1] : 0, width);
          entry += wide > 0 ? 2 : 1;
        }
        this.#turnRound(self, total, width);
        const hasRare = visit === this.#next;
        if (hasRare) this.#next = this.#rareSuccesses(visit);
        changed |= this.#decide(self, total, width, coinLevels, uphill, wide > 0);
        if (hasRare) this.#clearRare();
        visit++;
        self += 4;
      }
    }
    return changed;
  }

  #startCount(start: number, width: number): void {
    for (let k = 0; k < width; k++) this.#count.fill((start >> k) & 1 ? -1 : 0, 4 * k, 4 * k + 4);
  }

  #add(source: number, level: number, width: number): void {
    for (let w = 0; w < 4; w++) {
      let carry = this.#words[source + w];
      for (let at = 4 * level + w; at < 4 * width && carry !== 0; at += 4) {
        const bit = this.#count[at];
        this.#count[at] = bit ^ carry;
        carry &= bit;
      }
    }
  }

  #turnRound(self: number, total: number, width: number): void {
    for (let w = 0; w < 4; w++) {
      const turn = this.#words[self + w] ^ this.#job[5];
      let carry = total & 1 ? 0 : turn;
      for (let at = w; at < 4 * width; at += 4) {
        const bit = this.#count[at] ^ turn;
        this.#count[at] = bit ^ carry;
        carry &= bit;
      }
    }
  }

  /** Flips what is to be flipped and returns a number that is 0 when nothing was. */
  #decide(
    self: number,
    total: number,
    width: number,
    coinLevels: number,
    uphill: number,
    wide: boolean,
  ): number {
    const count = this.#count;
    const top = 4 * (width - 1);
    const alive = Int32Array.from({ length: 4 }, (_, w) => uphill & ~count[top + w]);
    for (let level = width - 1; level > 0; level--) {
      if (level === 1 && total <= 1 && !wide) continue;
      this.#pass(alive, count.subarray(4 * (level - 1), 4 * level), level, coinLevels);
    }
    if (total & 1) this.#pass(alive, alive.slice(), 0, coinLevels);
    const complement = this.#job[4] >> 2;
    let changed = 0;
    for (let w = 0; w < 4; w++) {
      const flips = count[top + w] | alive[w];
      changed |= flips;
      this.#words[self + w] ^= flips;
      if (complement > 0) this.#words[self + complement + w] = ~this.#words[self + w];
    }
    return changed;
  }

  #pass(alive: Int32Array, bits: Int32Array, level: number, coinLevels: number): void {
    const words = this.#words;
    const coin = (this.#job[7] + level * COIN_STRIDE) >> 2;
    const drawn = level < coinLevels;
    if (drawn) this.#tape.need(COIN_BITS);
    for (let w = 0; w < 4; w++) {
      let success = words[coin + (RARE >> 2) + w];
      if (drawn) {
        let b = 0;
        for (let k = 0; k < COIN_BITS; k++)
          b = (b ^ words[coin + 4 * k + w]) & words[this.#tape.at + 4 * k + w];
        success = (success | (b ^ words[coin + 4 * COIN_BITS + w])) ^ words[coin + (TURN >> 2) + w];
      }
      alive[w] &= ~(bits[w] & ~success);
    }
    if (drawn) this.#tape.at += 4 * COIN_BITS;
  }

  #beginCoins(row: number): void {
    const words = this.#words;
    const rare = this.#job[8] >> 3;
    let next = Infinity;
    for (let k = 0; k < this.#job[9]; k++) {
      const source = row + 16 + 16 * k;
      const scale = this.#floats[(source >> 3) + 1];
      const position = this.#gap(scale);
      this.#floats[rare + 2 * k] = position;
      this.#floats[rare + 2 * k + 1] = scale;
      next = Math.min(next, position);
      const masks = (this.#job[7] + k * COIN_STRIDE) >> 2;
      let before = 0;
      for (let b = 0; b < COIN_BITS; b++) {
        const mask = (words[source >> 2] >> b) & 1 ? -1 : 0;
        words.fill(mask ^ before, masks + 4 * b, masks + 4 * b + 4);
        before = mask;
      }
      words.fill(before, masks + 4 * COIN_BITS, masks + 4 * COIN_BITS + 4);
      words.fill(0, masks + (RARE >> 2), masks + (RARE >> 2) + 4);
      words.fill(words[(source >> 2) + 1], masks + (TURN >> 2), masks + (TURN >> 2) + 4);
    }
    this.#next = Math.floor(next / 128);
  }

  #rareSuccesses(visit: number): number {
    const rare = this.#job[8] >> 3;
    const first = 128 * visit;
    let next = Infinity;
    for (let k = 0; k < this.#job[9]; k++) {
      const scale = this.#floats[rare + 2 * k + 1];
      let position = this.#floats[rare + 2 * k];
      for (; position < first + 128; position += 1 + this.#gap(scale)) {
        const replica = position - first;
        this.#bytes[this.#job[7] + k * COIN_STRIDE + RARE + (replica >> 3)] |= 1 << (replica & 7);
      }
      this.#floats[rare + 2 * k] = position;
      next = Math.min(next, position);
    }
    return Math.floor(next / 128);
  }

  #clearRare(): void {
    for (let k = 0; k < this.#job[9]; k++) {
      const at = (this.#job[7] + k * COIN_STRIDE + RARE) >> 2;
      this.#words.fill(0, at, at + 4);
    }
  }

  #gap(scale: number): number {
    const block = this.#job[12];
    if (this.#words[block >> 2] === block + LOG_END) this.#refillLogs(block);
    const at = this.#words[block >> 2];
    this.#words[block >> 2] = at + 8;
    return Math.floor(this.#floats[at >> 3] * scale);
  }

  #refillLogs(block: number): void {
    this.#tape.need((LOG_END - LOG_START) >> 4);
    for (let at = block + LOG_START; at < block + LOG_END; at += 8) {
      const high = this.#words[this.#tape.at] >>> 6;
      const low = this.#words[this.#tape.at + 1] >>> 6;
      this.#tape.at += 2;
      this.#floats[at >> 3] = log((high * 67108864 + low + 0.5) * 2.220446049250313e-16);
    }
    this.#words[block >> 2] = block + LOG_START;
  }
}
