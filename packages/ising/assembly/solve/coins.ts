/**
 * Coins: for each of 128 replicas, a bit that is 1 with a probability of the replica's own, given by a digit 0 … 7.
 *
 * Probability p of a digit is drawn in two parts. The first PLACES binary places of p are compared with as many random
 * vectors; which bit of p a replica compares with is a polynomial over GF(2) in the bits of its digit. The rare rest
 * (p − leading)/(1 − leading) is at most ρ for every digit; jumping from one trial of probability ρ to the next, the
 * few replicas hit draw once more against rest/ρ. So p holds to the precision of a double, and no branch depends on a
 * bit.
 *
 * A coin's block, in bytes: 0 bits of the digits that have leading places (i32), 4 visits until the next trial hits
 * (i32), 8 where in that visit (f64), 16 1/ln(1 − ρ) (f64), 32 ln(rest/ρ) of each digit (8 f64), 96 the polynomials:
 * for each place, last first, 8 vectors.
 */

import { nextLog, take } from "./logs";

const PLACES: i32 = 10;
const POLYNOMIALS: i32 = 96;
export const COIN_BYTES: i32 = POLYNOMIALS + PLACES * 128;
/**
 * Bytes of a coin in a row of the sweep table: bits (i32), unused, 1/ln(1 − ρ) (f64), 8 ln(rest/ρ) (f64), 8 leading
 * places (i32).
 */
const ROW_COIN: i32 = 112;

/** Prepares `count` coins for a sweep from their row of the table. */
export function beginCoins(row: i32, count: i32, coins: i32): void {
  for (let c = 0; c < count; c++) {
    const source = row + 16 + c * ROW_COIN;
    const coin = coins + c * COIN_BYTES;
    const bits = load<i32>(source);
    store<i32>(coin, bits);
    store<f64>(coin, load<f64>(source, 8), 16);
    for (let x = 0; x < 64; x += 8) store<f64>(coin + x, load<f64>(source + x, 16), 32);
    if (bits > 0) writePolynomials(coin, source + 80);
    setNext(coin, Math.floor(nextLog() * load<f64>(coin, 16)));
  }
}

/** The coefficients of x ↦ bit of places[x], by the Möbius transform over the subsets of the digit's bits. */
function writePolynomials(coin: i32, places: i32): void {
  for (let place = 0; place < PLACES; place++) {
    let values = 0;
    for (let x = 0; x < 8; x++) values |= ((load<i32>(places + (x << 2)) >> place) & 1) << x;
    values ^= (values & 0x55) << 1;
    values ^= (values & 0x33) << 2;
    values ^= (values & 0x0f) << 4;
    const at = coin + POLYNOMIALS + (place << 7);
    for (let x = 0; x < 8; x++) v128.store(at + (x << 4), i32x4.splat((values << (31 - x)) >> 31));
  }
}

function setNext(coin: i32, trials: f64): void {
  const visits = Math.min(2147483647, Math.floor(trials * 0.0078125));
  store<i32>(coin, <i32>visits, 4);
  store<f64>(coin, trials - 128 * visits, 8);
}

/** One place: b | ~r where the bit of p is 1, b & r where it is 0. */
@inline function compare(b: v128, p: v128, r: i32, offset: i32): v128 {
  return v128.xor(v128.and(v128.xor(b, p), v128.load(r + offset)), p);
}

@inline function term(bits: v128, at: i32, x: i32): v128 {
  return v128.and(bits, v128.load(at + (x << 4)));
}

/** Leading places of digits 0 and 1. */
function leading1(coin: i32, d0: v128): v128 {
  const random = take(PLACES << 4);
  let at = coin + POLYNOMIALS;
  let b = i64x2.splat(0);
  for (let r = random, end = random + (PLACES << 4); r < end; r += 32) {
    b = compare(b, v128.xor(v128.load(at), term(d0, at, 1)), r, 0);
    b = compare(b, v128.xor(v128.load(at + 128), term(d0, at + 128, 1)), r, 16);
    at += 256;
  }
  return b;
}

@inline function polynomial2(at: i32, d0: v128, d1: v128, d01: v128): v128 {
  return v128.xor(v128.xor(v128.load(at), term(d0, at, 1)), v128.xor(term(d1, at, 2), term(d01, at, 3)));
}

/** Leading places of digits 0 … 3. */
function leading2(coin: i32, d0: v128, d1: v128): v128 {
  const random = take(PLACES << 4);
  const d01 = v128.and(d0, d1);
  let at = coin + POLYNOMIALS;
  let b = i64x2.splat(0);
  for (let r = random, end = random + (PLACES << 4); r < end; r += 32) {
    b = compare(b, polynomial2(at, d0, d1, d01), r, 0);
    b = compare(b, polynomial2(at + 128, d0, d1, d01), r, 16);
    at += 256;
  }
  return b;
}

/** Leading places of digits 0 … 7. */
function leading3(coin: i32, d0: v128, d1: v128, d2: v128): v128 {
  const random = take(PLACES << 4);
  const d01 = v128.and(d0, d1), d02 = v128.and(d0, d2), d12 = v128.and(d1, d2);
  const d012 = v128.and(d01, d2);
  let at = coin + POLYNOMIALS;
  let b = i64x2.splat(0);
  for (let r = random, end = random + (PLACES << 4); r < end; r += 16) {
    const upper = v128.xor(v128.xor(term(d2, at, 4), term(d02, at, 5)), v128.xor(term(d12, at, 6), term(d012, at, 7)));
    b = compare(b, v128.xor(polynomial2(at, d0, d1, d01), upper), r, 0);
    at += 128;
  }
  return b;
}

/** The replicas that the rare rest accepts at this visit; draws the next trial. */
function rare(coin: i32, d0: v128, d1: v128, d2: v128, scratch: i32): v128 {
  v128.store(scratch, d0);
  v128.store(scratch, d1, 16);
  v128.store(scratch, d2, 32);
  v128.store(scratch, i64x2.splat(0), 48);
  let position = load<f64>(coin, 8);
  const scale = load<f64>(coin, 16);
  do {
    const replica = <i32>position;
    const at = scratch + (replica >> 3);
    const shift = replica & 7;
    const low = (<i32>load<u8>(at) >> shift) & 1;
    const middle = (<i32>load<u8>(at, 16) >> shift) & 1;
    const high = (<i32>load<u8>(at, 32) >> shift) & 1;
    const digit = low | (middle << 1) | (high << 2);
    if (nextLog() < load<f64>(coin + (digit << 3), 32)) store<u8>(at, <u8>(<i32>load<u8>(at, 48) | (1 << shift)), 48);
    position += 1.0 + Math.floor(nextLog() * scale);
  } while (position < 128.0);
  setNext(coin, position - 128.0);
  return v128.load(scratch, 48);
}

/**
 * Returns the replicas whose coin succeeds, given the N bits of their digits. Without `zeroToo`, digit 0 always
 * succeeds.
 */
@inline export function toss(N: i32, coin: i32, d0: v128, d1: v128, d2: v128, zeroToo: i32, scratch: i32): v128 {
  const bits = load<i32>(coin);
  const digits = N > 2 ? v128.or(v128.or(d0, d1), d2) : N > 1 ? v128.or(d0, d1) : d0;
  let success = i64x2.splat(0);
  if (N > 2 && bits > 2) success = leading3(coin, d0, d1, d2);
  else if (N > 1 && bits > 1) {
    success = leading2(coin, d0, d1);
    if (N > 2) success = v128.andnot(success, d2);
  } else if (bits > 0) {
    success = leading1(coin, d0);
    if (N > 2) success = v128.andnot(success, v128.or(d1, d2));
    else if (N > 1) success = v128.andnot(success, d1);
  }
  const left = load<i32>(coin, 4);
  store<i32>(coin, left - 1, 4);
  if (left == 0) success = v128.or(success, rare(coin, d0, N > 1 ? d1 : i64x2.splat(0), N > 2 ? d2 : i64x2.splat(0), scratch));
  return zeroToo ? success : v128.or(success, v128.not(digits));
}
