import { COIN_BYTES, toss } from "./coins";
import { constantBit } from "./carry";
import { atMost, drawThreshold } from "./shared";

@inline function visitNode(
  self: i32, entry: i32, entries: i32, total: i32, constant: i32, width: i32, scratch: i32,
  complement: i32, turnMask: v128, uphill: v128, coins: i32, shared: f64): v128 {
  const spin = v128.load(self);
  const turn = v128.xor(spin, turnMask);
  const top = scratch + (width << 4);
  for (let k = 0; k < width; k++) v128.store(scratch + (k << 4), constantBit(constant, k));
  for (let end = entry + (entries << 3); entry < end; entry += 8) {
    let carry = v128.load(load<i32>(entry));
    for (let at = scratch + (load<i32>(entry, 4) << 4); at < top && v128.any_true(carry); at += 16) {
      const bit = v128.load(at);
      v128.store(at, v128.xor(bit, carry));
      carry = v128.and(bit, carry);
    }
  }
  let carry = total & 1 ? i64x2.splat(0) : turn;
  for (let at = scratch; at < top; at += 16) {
    const bit = v128.xor(v128.load(at), turn);
    v128.store(at, v128.xor(bit, carry));
    carry = v128.and(bit, carry);
  }
  const negative = v128.load(top - 16);
  let alive = v128.andnot(uphill, negative);
  // The sign bit is not part of the digits; zeros above the count complete the last one.
  v128.store(top - 16, i64x2.splat(0));
  v128.store(top, i64x2.splat(0));
  v128.store(top, i64x2.splat(0), 16);
  const odd = total & 1;
  let coin = coins + odd * COIN_BYTES;
  let zeroToo = odd;
  if (shared > 0) {
    const threshold = drawThreshold(shared, odd);
    let within = i64x2.splat(-1);
    for (let at = scratch, k = 0; at < top - 16; at += 16, k++) within = atMost(within, v128.load(at), threshold, k);
    alive = threshold < 0 ? i64x2.splat(0) : threshold >> (width - 1) ? alive : v128.and(alive, within);
  }
  for (let at = scratch; shared === 0 && at < top - 16; at += 48) {
    const success = toss(3, coin, v128.load(at), v128.load(at, 16), v128.load(at, 32), zeroToo, top + 32);
    alive = v128.and(alive, success);
    coin = at == scratch ? coins + 2 * COIN_BYTES : coin + COIN_BYTES;
    zeroToo = 0;
  }
  const flips = v128.or(negative, alive);
  const flipped = v128.xor(spin, flips);
  v128.store(self, flipped);
  if (complement) v128.store(self + complement, v128.not(flipped));
  return flips;
}

/**
 * Visits `count` nodes whose couplings are any integers: each of a node's entries (address, level) adds 2^level to the
 * count, whose `width` bits lie in `scratch`. The rest is as for nodes with one size of coupling. Returns the flips.
 */
export function visitWide(
  first: i32, count: i32, firstEntry: i32, entriesEach: i32, total: i32, start: i32, width: i32,
  complement: i32, turnMask: v128, uphill: v128, coins: i32, scratch: i32, shared: f64): v128 {
  let changed = i64x2.splat(0);
  let entry = firstEntry;
  for (let self = first, end = first + (count << 4); self < end; self += 16) {
    changed = v128.or(changed, visitNode(
      self, entry, entriesEach, total, start, width, scratch, complement, turnMask, uphill, coins, shared));
    entry += entriesEach << 3;
  }
  return changed;
}
