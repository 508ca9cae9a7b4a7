/**
 * Coins: bits that are 1 with a given probability, 128 at a time, one for each replica.
 *
 * A coin of probability f is B or R: B has the first COIN_BITS binary places of f as its probability and is built from
 * as many random vectors, R is the rare rest, drawn by jumping from one success to the next. Its probability is f to
 * the precision of a double, and no branch depends on the bits. Levels whose f is too small for B are R alone.
 *
 * Level k of the coin block, in bytes from k · COIN_STRIDE: COIN_BITS + 1 masks, the rare successes of the visit under
 * way, and a mask that turns the coin round (for probabilities above ½, f is 1 − p).
 */

import { refill, TAPE_END } from "../lib/tape";

export const COIN_BITS: i32 = 10;
export const COIN_STRIDE: i32 = (COIN_BITS + 3) << 4;
const RARE: i32 = (COIN_BITS + 1) << 4;
const TURN: i32 = (COIN_BITS + 2) << 4;
const COIN_BYTES: i32 = COIN_BITS << 4;

/** Logarithms kept ready; they lie behind their read position, 16 bytes into the block. */
const LOGS: i32 = 64;

let tape: i32 = 0;
let tapeAt: i32 = 0;
let tapeEnd: i32 = 0;
let logs: i32 = 0;
let logAt: i32 = 0;

/** Takes the random tape and the block of logarithms up where {@link suspend} left them. */
export function resume(tapeBlock: i32, logBlock: i32): void {
  tape = tapeBlock;
  tapeAt = load<i32>(tapeBlock, 256);
  tapeEnd = tapeBlock + <i32>TAPE_END;
  logs = logBlock;
  logAt = load<i32>(logBlock);
}

export function suspend(): void {
  store<i32>(tape, tapeAt, 256);
  store<i32>(logs, logAt);
}

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** ln x for normal x in (0, 1), operation by operation as `log` of @basin/energy-core/random. */
@inline function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p: f64 = 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const halfSquare = 0.5 * f * f;
  const exponent = <f64>k;
  return exponent * LN2_HIGH - (halfSquare - (s * (halfSquare + 2 * z * p) + exponent * LN2_LOW) - f);
}

/** Many at once, because one after the other each would wait for the one before. */
function refillLogs(): void {
  if (tapeAt + (LOGS << 3) > tapeEnd) tapeAt = <i32>refill(tape);
  const first = logs + 16;
  for (let at = first, end = first + (LOGS << 3); at < end; at += 8) {
    const high = load<u32>(tapeAt) >> 6;
    const low = load<u32>(tapeAt, 4) >> 6;
    tapeAt += 8;
    // An odd multiple of 2⁻⁵³, never 0 nor 1.
    store<f64>(at, log((<f64>high * 67108864.0 + <f64>low + 0.5) * 2.220446049250313e-16));
  }
  logAt = first;
}

/** Failures before the next success of trials with 1 / ln(1 − f) = scale. */
@inline function gap(scale: f64): f64 {
  if (logAt == logs + 16 + (LOGS << 3)) refillLogs();
  const value = load<f64>(logAt);
  logAt += 8;
  return Math.floor(value * scale);
}

@inline function visitOf(position: f64): i32 {
  return <i32>Math.min(2147483647, Math.floor(position * 0.0078125));
}

/**
 * Prepares the coins of a sweep: `row` holds for each level 16 bytes from 16 on: the leading places of f (i32), −1 to
 * turn the coin round (i32), 1 / ln(1 − r) for the rest r (f64). Trials of a level are numbered through the sweep, 128 a
 * visit; `rare` keeps for each level the number of the next success (f64) and the scale (f64).
 *
 * Returns the first visit that has a rare success.
 */
export function beginCoins(row: i32, levels: i32, coins: i32, rare: i32): i32 {
  let next: f64 = Infinity;
  for (let k = 0; k < levels; k++) {
    const source = row + 16 + (k << 4);
    const scale = load<f64>(source, 8);
    const position = gap(scale);
    store<f64>(rare + (k << 4), position);
    store<f64>(rare + (k << 4), scale, 8);
    next = Math.min(next, position);
    writeMasks(coins + k * COIN_STRIDE, load<i32>(source), load<i32>(source, 4));
  }
  return visitOf(next);
}

/** b ← ((b ^ m) & r) ^ m for every place m of f, the last first: b | ~r where m is 1, b & r where it is 0. */
function writeMasks(masks: i32, places: i32, turn: i32): void {
  let before = 0;
  for (let b = 0; b < COIN_BITS; b++) {
    const mask = (places << (31 - b)) >> 31;
    v128.store(masks + (b << 4), i32x4.splat(mask ^ before));
    before = mask;
  }
  v128.store(masks, i32x4.splat(before), COIN_BITS << 4);
  v128.store(masks, i64x2.splat(0), RARE);
  v128.store(masks, i32x4.splat(turn), TURN);
}

/** Writes the rare successes of `visit` and returns the next visit that has any. */
export function rareSuccesses(visit: i32, levels: i32, coins: i32, rare: i32): i32 {
  let next: f64 = Infinity;
  const first = <f64>visit * 128.0;
  for (let k = 0; k < levels; k++) {
    const row = rare + (k << 4);
    let position = load<f64>(row);
    if (position < first + 128.0) {
      const mask = coins + k * COIN_STRIDE + RARE;
      const scale = load<f64>(row, 8);
      do {
        const replica = <i32>(position - first);
        const at = mask + (replica >> 3);
        store<u8>(at, <u8>(<i32>load<u8>(at) | (1 << (replica & 7))));
        position += 1.0 + gap(scale);
      } while (position < first + 128.0);
      store<f64>(row, position);
    }
    next = Math.min(next, position);
  }
  return visitOf(next);
}

export function clearRare(levels: i32, coins: i32): void {
  for (let k = 0; k < levels; k++) v128.store(coins + k * COIN_STRIDE, i64x2.splat(0), RARE);
}

@inline function coin(masks: i32): v128 {
  if (tapeAt + COIN_BYTES > tapeEnd) tapeAt = <i32>refill(tape);
  const at = tapeAt;
  let b = v128.and(v128.load(masks), v128.load(at));
  b = v128.and(v128.xor(b, v128.load(masks, 16)), v128.load(at, 16));
  b = v128.and(v128.xor(b, v128.load(masks, 32)), v128.load(at, 32));
  b = v128.and(v128.xor(b, v128.load(masks, 48)), v128.load(at, 48));
  b = v128.and(v128.xor(b, v128.load(masks, 64)), v128.load(at, 64));
  b = v128.and(v128.xor(b, v128.load(masks, 80)), v128.load(at, 80));
  b = v128.and(v128.xor(b, v128.load(masks, 96)), v128.load(at, 96));
  b = v128.and(v128.xor(b, v128.load(masks, 112)), v128.load(at, 112));
  b = v128.and(v128.xor(b, v128.load(masks, 128)), v128.load(at, 128));
  b = v128.and(v128.xor(b, v128.load(masks, 144)), v128.load(at, 144));
  tapeAt = at + COIN_BYTES;
  return v128.xor(v128.or(v128.xor(b, v128.load(masks, 160)), v128.load(masks, RARE)), v128.load(masks, TURN));
}

/**
 * Returns the replicas of `alive` that pass level `level`: those without its bit, and those whose coin succeeds. Levels
 * from `coinLevels` on have rare successes only.
 */
@inline export function pass(alive: v128, bit: v128, level: i32, coinLevels: i32, coins: i32): v128 {
  const masks = coins + level * COIN_STRIDE;
  if (level < coinLevels) return v128.andnot(alive, v128.andnot(bit, coin(masks)));
  return v128.andnot(alive, v128.andnot(bit, v128.load(masks, RARE)));
}
