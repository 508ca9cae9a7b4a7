import { clearRare, pass, rareSuccesses } from "./coins";
import { constantBit } from "./carry";
import { entryAt, leaveVisits, nextRare, visits } from "./visits";

@inline function visitNode(
  self: i32, entry: i32, entries: i32, total: i32, constant: i32, width: i32, scratch: i32,
  complement: i32, turnMask: v128, uphill: v128, coinLevels: i32, coins: i32): v128 {
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
  for (let level = width - 1; level > 0; level--) {
    alive = pass(alive, v128.load(scratch + ((level - 1) << 4)), level, coinLevels, coins);
  }
  if (total & 1) alive = pass(alive, alive, 0, coinLevels, coins);
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
  first: i32, count: i32, entriesEach: i32, total: i32, start: i32, width: i32, scratch: i32, complement: i32,
  turnMask: v128, uphill: v128, coinLevels: i32, levels: i32, coins: i32, rare: i32): v128 {
  let changed = i64x2.splat(0);
  let entry = entryAt;
  let visit = visits;
  let next = nextRare;
  for (let self = first, end = first + (count << 4); self < end; self += 16) {
    const hasRare = visit == next;
    if (hasRare) next = rareSuccesses(visit, levels, coins, rare);
    changed = v128.or(changed, visitNode(
      self, entry, entriesEach, total, start, width, scratch, complement, turnMask, uphill, coinLevels, coins));
    if (hasRare) clearRare(levels, coins);
    entry += entriesEach << 3;
    visit++;
  }
  leaveVisits(entry, visit, next);
  return changed;
}
