import { CoinsTwin } from "./coins-twin.ts";
import type { SolveExports } from "./exports.ts";
import { narrowWidth, RUN_BYTES } from "./layout.ts";

/** The kernel of assembly/solve.ts in plain TypeScript, over the same memory and with the same bits. */
export function solveTwin(buffer: ArrayBuffer): Pick<SolveExports, "sweeps"> {
  return { sweeps: (from, to, job) => new SolveTwin(buffer, job).sweeps(from, to) };
}

class SolveTwin {
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #coins: CoinsTwin;
  readonly #job: Int32Array;
  /** Bits of the count of the current node: bit k of word w is at 4 k + w. */
  readonly #count = new Int32Array(4 * 20);

  constructor(buffer: ArrayBuffer, job: number) {
    this.#words = new Int32Array(buffer);
    this.#floats = new Float64Array(buffer);
    this.#job = this.#words.slice(job >> 2, (job >> 2) + 13);
    this.#coins = new CoinsTwin(buffer, this.#job);
  }

  sweeps(from: number, to: number): number {
    let changed = 0;
    for (let s = from; s < to; s++) changed = this.#sweep(this.#job[0] + s * this.#job[12]);
    this.#coins.save();
    return changed === 0 ? 0 : 1;
  }

  #sweep(row: number): number {
    const words = this.#words;
    const [, runs, runCount, first, , , entries] = this.#job;
    const uphill = words[row >> 2];
    const shared = this.#floats[(row >> 3) + 1];
    this.#coins.begin(row);
    let self = first >> 2;
    let entry = entries >> 2;
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
        changed |= this.#decide(self, total & 1, width, uphill, wide > 0, shared);
        self += 4;
      }
    }
    return changed;
  }

  /** Clears the replicas of `alive` whose count exceeds the threshold. */
  #keepBelow(alive: Int32Array, threshold: number, width: number): void {
    for (let replica = 0; replica < 128; replica++) {
      let count = 0;
      for (let k = 0; k < width - 1; k++)
        count |= ((this.#count[4 * k + (replica >> 5)] >>> (replica & 31)) & 1) << k;
      if (count > threshold) alive[replica >> 5] &= ~(1 << (replica & 31));
    }
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

  /** Makes the flips and returns 0 if there were none, else another number. */
  #decide(self: number, odd: number, width: number, uphill: number, wide: boolean, shared: number): number {
    const count = this.#count;
    const top = 4 * (width - 1);
    const negative = count.slice(top, top + 4);
    count.fill(0, top, top + 12);
    const alive = negative.map((word) => uphill & ~word);
    const digits = Math.ceil((width - 1) / 3);
    if (shared > 0) this.#keepBelow(alive, this.#coins.drawThreshold(shared, odd), width);
    for (let k = 0; k < digits && shared === 0; k++) {
      // Nodes with one size of coupling toss for their upper digit first.
      const digit = wide ? k : digits - 1 - k;
      const coin = digit === 0 ? odd : digit + 1;
      const success = this.#coins.toss(
        coin,
        count.subarray(12 * digit, 12 * digit + 12),
        digit === 0 && odd === 1,
      );
      for (let w = 0; w < 4; w++) alive[w] &= success[w];
    }
    const complement = this.#job[4] >> 2;
    let changed = 0;
    for (let w = 0; w < 4; w++) {
      const flips = negative[w] | alive[w];
      changed |= flips;
      this.#words[self + w] ^= flips;
      if (complement > 0) this.#words[self + complement + w] = ~this.#words[self + w];
    }
    return changed;
  }
}
