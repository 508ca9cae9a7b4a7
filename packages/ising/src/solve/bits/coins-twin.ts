import { Tape } from "@basin/energy-core/internal";
import { log } from "@basin/energy-core/random";
import { COIN_BYTES, LOG_END, LOG_START, PLACES, POLYNOMIALS, ROW_COIN, ROW_HEAD } from "./layout.ts";

/** assembly/solve/coins.ts and logs.ts in plain TypeScript, over the same memory. */
export class CoinsTwin {
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #tape: Tape;
  readonly #coins: number;
  readonly #count: number;
  readonly #log: number;

  constructor(buffer: ArrayBuffer, job: Int32Array) {
    this.#words = new Int32Array(buffer);
    this.#floats = new Float64Array(buffer);
    [this.#coins, this.#count] = job.subarray(7, 9);
    this.#tape = new Tape(this.#words, job[10]);
    this.#log = job[11];
  }

  save(): void {
    this.#tape.save();
  }

  begin(row: number): void {
    for (let c = 0; c < this.#count; c++) {
      const source = row + ROW_HEAD + c * ROW_COIN;
      const coin = this.#coins + c * COIN_BYTES;
      this.#words[coin >> 2] = this.#words[source >> 2];
      this.#floats[(coin >> 3) + 2] = this.#floats[(source >> 3) + 1];
      for (let x = 0; x < 8; x++) this.#floats[(coin >> 3) + 4 + x] = this.#floats[(source >> 3) + 2 + x];
      for (let place = 0; place < PLACES; place++) this.#writePlaces(coin, source, place);
      this.#setNext(coin, Math.floor(this.#nextLog() * this.#floats[(coin >> 3) + 2]));
    }
  }

  /** The twin looks up a place by its digit; the kernel evaluates a polynomial. */
  #writePlaces(coin: number, source: number, place: number): void {
    const at = (coin + POLYNOMIALS + 128 * place) >> 2;
    for (let x = 0; x < 8; x++) this.#words[at + x] = (this.#words[((source + 80) >> 2) + x] >> place) & 1;
  }

  /** `bits` holds the three bits of the digits, four words for each bit. */
  toss(c: number, bits: Int32Array, zeroToo: boolean): Int32Array {
    const coin = this.#coins + c * COIN_BYTES;
    const success = new Int32Array(4);
    if (this.#words[coin >> 2] > 0) this.#leading(coin, bits, success);
    if (this.#words[(coin >> 2) + 1]-- === 0) this.#rare(coin, bits, success);
    if (!zeroToo) for (let w = 0; w < 4; w++) success[w] |= ~(bits[w] | bits[4 + w] | bits[8 + w]);
    return success;
  }

  /** The bound on e that all replicas of a visit share. */
  drawThreshold(perUnit: number, odd: number): number {
    return Math.min(1073741823, Math.floor((this.#nextLog() * -perUnit - 2 * odd) * 0.25));
  }

  #leading(coin: number, bits: Int32Array, success: Int32Array): void {
    this.#tape.need(PLACES);
    for (let replica = 0; replica < 128; replica++) {
      const digit = digitOf(bits, replica);
      let b = 0;
      for (let place = 0; place < PLACES; place++) {
        const r = (this.#words[this.#tape.at + 4 * place + (replica >> 5)] >>> (replica & 31)) & 1;
        const p = this.#words[((coin + POLYNOMIALS + 128 * place) >> 2) + digit];
        b = p === 1 ? b | (1 - r) : b & r;
      }
      success[replica >> 5] |= b << (replica & 31);
    }
    this.#tape.at += 4 * PLACES;
  }

  #rare(coin: number, bits: Int32Array, success: Int32Array): void {
    const scale = this.#floats[(coin >> 3) + 2];
    let position = this.#floats[(coin >> 3) + 1];
    do {
      const digit = digitOf(bits, position);
      if (this.#nextLog() < this.#floats[(coin >> 3) + 4 + digit])
        success[position >> 5] |= 1 << (position & 31);
      position += 1 + Math.floor(this.#nextLog() * scale);
    } while (position < 128);
    this.#setNext(coin, position - 128);
  }

  #setNext(coin: number, trials: number): void {
    const visits = Math.min(2147483647, Math.floor(trials / 128));
    this.#words[(coin >> 2) + 1] = visits;
    this.#floats[(coin >> 3) + 1] = trials - 128 * visits;
  }

  #nextLog(): number {
    const at = this.#words[this.#log >> 2];
    if (at === this.#log + LOG_END) {
      this.#refillLogs();
      return this.#nextLog();
    }
    this.#words[this.#log >> 2] = at + 8;
    return this.#floats[at >> 3];
  }

  #refillLogs(): void {
    this.#tape.need((LOG_END - LOG_START) >> 4);
    for (let at = this.#log + LOG_START; at < this.#log + LOG_END; at += 8) {
      const high = this.#words[this.#tape.at] >>> 6;
      const low = this.#words[this.#tape.at + 1] >>> 6;
      this.#tape.at += 2;
      this.#floats[at >> 3] = log((high * 67108864 + low + 0.5) * 2.220446049250313e-16);
    }
    this.#words[this.#log >> 2] = this.#log + LOG_START;
  }
}

function digitOf(bits: Int32Array, replica: number): number {
  const [w, shift] = [replica >> 5, replica & 31];
  return (
    ((bits[w] >>> shift) & 1) | (((bits[4 + w] >>> shift) & 1) << 1) | (((bits[8 + w] >>> shift) & 1) << 2)
  );
}
