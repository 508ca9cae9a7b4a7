// Asynchronous recall of Hebbian memories on the overlaps M of the state with the patterns, which are held a bit an
// entry. Integers only, so that any order of additions gives the same field. The twin is OverlapCursor of
// src/classical/overlap-energy.ts.

import { shuffle } from "../../../internal/wasm/assembly/lib/shuffle";

/** Writes the bits of `state` (bytes −1 and +1), 64 a word; the last word is filled up with zeros. */
export function pack(state: usize, bits: usize, neurons: i32): void {
  for (let from = 0; from < neurons; from += 64) {
    let word: u64 = 0;
    const to = min(from + 64, neurons);
    for (let i = from; i < to; i++) {
      const spin: i32 = load<i8>(state + usize(i));
      if (spin > 0) word |= u64(1) << u64(i - from);
    }
    store<u64>(bits + (usize(from) >> 3), word);
  }
}

/** Writes M^μ = N − 2 · (differing bits), as 16 or 32 bits, and returns Σ_μ M^μ. */
export function measure(rows: usize, bits: usize, overlaps: usize, patterns: i32, neurons: i32, wide: i32): i32 {
  const bytes = usize((neurons + 63) >> 6) << 3;
  let sum = 0;
  for (let mu = 0; mu < patterns; mu++) {
    const row = rows + usize(mu) * bytes;
    let differing: i64 = 0;
    for (let at: usize = 0; at < bytes; at += 8) differing += popcnt<i64>(load<i64>(row + at) ^ load<i64>(bits + at));
    const overlap = neurons - 2 * i32(differing);
    sum += overlap;
    if (wide) store<i32>(overlaps + (usize(mu) << 2), overlap);
    else store<i16>(overlaps + (usize(mu) << 1), i16(overlap));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function total(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

// @ts-ignore: decorator
@inline
function mask16(column: usize): v128 {
  const lanes = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  return i16x8.eq(v128.and(v128.load8_splat(column), lanes), lanes);
}

// @ts-ignore: decorator
@inline
function maskLow(column: usize): v128 {
  const lanes = i32x4(1, 2, 4, 8);
  return i32x4.eq(v128.and(v128.load8_splat(column), lanes), lanes);
}

// @ts-ignore: decorator
@inline
function maskHigh(column: usize): v128 {
  const lanes = i32x4(16, 32, 64, 128);
  return i32x4.eq(v128.and(v128.load8_splat(column), lanes), lanes);
}

/** Σ of the overlaps of the patterns whose bit is set. */
// @ts-ignore: decorator
@inline
function chosen(column: usize, overlaps: usize, bytes: usize, wide: i32): i32 {
  let sum = i32x4.splat(0);
  if (wide) {
    for (let b: usize = 0; b < bytes; b++) {
      const at = overlaps + (b << 5);
      sum = i32x4.add(sum, v128.and(maskLow(column + b), v128.load(at)));
      sum = i32x4.add(sum, v128.and(maskHigh(column + b), v128.load(at, 16)));
    }
    return total(sum);
  }
  // A set mask is −1: products of pairs are summed in 32 bits.
  for (let b: usize = 0; b < bytes; b++) sum = i32x4.add(sum, i32x4.dot_i16x8_s(mask16(column + b), v128.load(overlaps + (b << 4))));
  return -total(sum);
}

/**
 * Adds `change` · ξ to the overlaps and returns Σ ξ. Lanes beyond the last pattern go astray, but no bit ever chooses
 * them.
 */
// @ts-ignore: decorator
@inline
function add(column: usize, overlaps: usize, bytes: usize, patterns: i32, change: i32, wide: i32): i32 {
  let ones = 0;
  for (let b: usize = 0; b < bytes; b++) {
    ones += popcnt<i32>(load<u8>(column + b));
    if (wide) {
      const at = overlaps + (b << 5);
      const up = i32x4.splat(change);
      const down = i32x4.splat(-change);
      v128.store(at, i32x4.add(v128.load(at), v128.bitselect(up, down, maskLow(column + b))));
      v128.store(at, i32x4.add(v128.load(at, 16), v128.bitselect(up, down, maskHigh(column + b))), 16);
    } else {
      const at = overlaps + (b << 4);
      v128.store(at, i16x8.add(v128.load(at), v128.bitselect(i16x8.splat(i16(change)), i16x8.splat(i16(-change)), mask16(column + b))));
    }
  }
  return 2 * ones - patterns;
}

/**
 * Visits each neuron of `free` (in a random order where `random` is set; `order` is scratch for it) and sets S_i = +1
 * if unit · (Σ_μ ξ_i M − P S_i) ≥ θ_i, else −1. Returns the number of flips; `sum` points to Σ_μ M^μ, which is kept up
 * to date.
 */
export function sweep(
  columns: usize, overlaps: usize, state: usize, thresholds: usize, free: usize, order: usize,
  rng: usize, sum: usize,
  count: i32, patterns: i32, unit: f64, random: i32, wide: i32,
): i32 {
  memory.copy(order, free, usize(count) << 2);
  if (random) shuffle(rng, order, count);
  const bytes = usize((patterns + 7) >> 3);
  let balance = load<i32>(sum);
  let flips = 0;
  for (let k = 0; k < count; k++) {
    const i = usize(load<u32>(order + (usize(k) << 2)));
    const column = columns + i * bytes;
    const spin = i32(load<i8>(state + i));
    const field = 2 * chosen(column, overlaps, bytes, wide) - balance - patterns * spin;
    const next = unit * f64(field) - load<f64>(thresholds + (i << 3)) >= 0 ? 1 : -1;
    if (next === spin) continue;
    balance += 2 * next * add(column, overlaps, bytes, patterns, 2 * next, wide);
    store<i8>(state + i, i8(next));
    flips++;
  }
  store<i32>(sum, balance);
  return flips;
}
