import { COIN_BYTES, toss } from "./coins";
import { constantBit, majority } from "./carry";
import { atMost, drawThreshold } from "./shared";

/**
 * Visits `count` nodes with D = Σ|J| + |h| < 2^W and couplings of one size: counts, for each replica, the couplings
 * that pull the spin up (or down, where all couplings are negative), turns the count round for spins that point the
 * other way, and flips where the satisfied part e = c − ⌈D/2⌉ is negative or both coins, of its octal digits, succeed.
 *
 * The count is a number of W bits in two's complement that starts at `constant`; bit k of it is b_k, a replica a lane.
 */
@inline export function visitNodes(
  W: i32, first: i32, count: i32, firstEntry: i32, degree: i32, total: i32, constant: i32,
  complement: i32, turnMask: v128, uphill: v128, coins: i32, scratch: i32, shared: f64): v128 {
  const i0 = constantBit(constant, 0), i1 = constantBit(constant, 1), i2 = constantBit(constant, 2);
  const i3 = constantBit(constant, 3), i4 = constantBit(constant, 4), i5 = constantBit(constant, 5);
  const i6 = constantBit(constant, 6);
  const odd = total & 1;
  let changed = i64x2.splat(0);
  let entry = firstEntry;
  for (let self = first, end = first + (count << 4); self < end; self += 16) {
    const spin = v128.load(self);
    const turn = v128.xor(spin, turnMask);
    let b0 = i0, b1 = i1, b2 = i2, b3 = i3, b4 = i4, b5 = i5, b6 = i6;
    if (W >= 4) {
      for (let groups = degree >> 3; groups > 0; groups--) {
        let x = v128.load(load<i32>(entry)), y = v128.load(load<i32>(entry, 4));
        let h = v128.xor(b0, x);
        const twoA = majority(b0, x, h, y);
        b0 = v128.xor(h, y);
        x = v128.load(load<i32>(entry, 8));
        y = v128.load(load<i32>(entry, 12));
        h = v128.xor(b0, x);
        const twoB = majority(b0, x, h, y);
        b0 = v128.xor(h, y);
        h = v128.xor(b1, twoA);
        const fourA = majority(b1, twoA, h, twoB);
        b1 = v128.xor(h, twoB);
        x = v128.load(load<i32>(entry, 16));
        y = v128.load(load<i32>(entry, 20));
        h = v128.xor(b0, x);
        const twoC = majority(b0, x, h, y);
        b0 = v128.xor(h, y);
        x = v128.load(load<i32>(entry, 24));
        y = v128.load(load<i32>(entry, 28));
        h = v128.xor(b0, x);
        const twoD = majority(b0, x, h, y);
        b0 = v128.xor(h, y);
        h = v128.xor(b1, twoC);
        const fourB = majority(b1, twoC, h, twoD);
        b1 = v128.xor(h, twoD);
        h = v128.xor(b2, fourA);
        const eight = majority(b2, fourA, h, fourB);
        b2 = v128.xor(h, fourB);
        if (W > 4) {
          const c4 = v128.and(b3, eight);
          if (W > 5) {
            const c5 = v128.and(b4, c4);
            if (W > 6) b6 = v128.xor(b6, v128.and(b5, c5));
            b5 = v128.xor(b5, c5);
          }
          b4 = v128.xor(b4, c4);
        }
        b3 = v128.xor(b3, eight);
        entry += 32;
      }
    }
    if (W >= 3) {
      if (degree & 4) {
        let x = v128.load(load<i32>(entry)), y = v128.load(load<i32>(entry, 4));
        let h = v128.xor(b0, x);
        const twoA = majority(b0, x, h, y);
        b0 = v128.xor(h, y);
        x = v128.load(load<i32>(entry, 8));
        y = v128.load(load<i32>(entry, 12));
        h = v128.xor(b0, x);
        const twoB = majority(b0, x, h, y);
        b0 = v128.xor(h, y);
        h = v128.xor(b1, twoA);
        const four = majority(b1, twoA, h, twoB);
        b1 = v128.xor(h, twoB);
        if (W > 3) {
          const c3 = v128.and(b2, four);
          if (W > 4) {
            const c4 = v128.and(b3, c3);
            if (W > 5) {
              const c5 = v128.and(b4, c4);
              if (W > 6) b6 = v128.xor(b6, v128.and(b5, c5));
              b5 = v128.xor(b5, c5);
            }
            b4 = v128.xor(b4, c4);
          }
          b3 = v128.xor(b3, c3);
        }
        b2 = v128.xor(b2, four);
        entry += 16;
      }
    }
    if (degree & 2) {
      const x = v128.load(load<i32>(entry)), y = v128.load(load<i32>(entry, 4));
      const h = v128.xor(b0, x);
      const two = majority(b0, x, h, y);
      b0 = v128.xor(h, y);
      if (W > 2) {
        const c2 = v128.and(b1, two);
        if (W > 3) {
          const c3 = v128.and(b2, c2);
          if (W > 4) {
            const c4 = v128.and(b3, c3);
            if (W > 5) {
              const c5 = v128.and(b4, c4);
              if (W > 6) b6 = v128.xor(b6, v128.and(b5, c5));
              b5 = v128.xor(b5, c5);
            }
            b4 = v128.xor(b4, c4);
          }
          b3 = v128.xor(b3, c3);
        }
        b2 = v128.xor(b2, c2);
      }
      b1 = v128.xor(b1, two);
      entry += 8;
    }
    if (degree & 1) {
      const x = v128.load(load<i32>(entry));
      const c1 = v128.and(b0, x);
      b0 = v128.xor(b0, x);
      if (W > 2) {
        const c2 = v128.and(b1, c1);
        if (W > 3) {
          const c3 = v128.and(b2, c2);
          if (W > 4) {
            const c4 = v128.and(b3, c3);
            if (W > 5) {
              const c5 = v128.and(b4, c4);
              if (W > 6) b6 = v128.xor(b6, v128.and(b5, c5));
              b5 = v128.xor(b5, c5);
            }
            b4 = v128.xor(b4, c4);
          }
          b3 = v128.xor(b3, c3);
        }
        b2 = v128.xor(b2, c2);
      }
      b1 = v128.xor(b1, c1);
      entry += 4;
    }
    // Where the count is turned round it becomes ⌊D/2⌋ − a, which is −(a − D/2) for even D and ~(a − (D + 1)/2) for odd
    // D.
    b0 = v128.xor(b0, turn);
    b1 = v128.xor(b1, turn);
    if (W > 2) b2 = v128.xor(b2, turn);
    if (W > 3) b3 = v128.xor(b3, turn);
    if (W > 4) b4 = v128.xor(b4, turn);
    if (W > 5) b5 = v128.xor(b5, turn);
    if (W > 6) b6 = v128.xor(b6, turn);
    if (!odd) {
      const c1 = v128.and(b0, turn);
      b0 = v128.xor(b0, turn);
      if (W > 2) {
        const c2 = v128.and(b1, c1);
        if (W > 3) {
          const c3 = v128.and(b2, c2);
          if (W > 4) {
            const c4 = v128.and(b3, c3);
            if (W > 5) {
              const c5 = v128.and(b4, c4);
              if (W > 6) b6 = v128.xor(b6, v128.and(b5, c5));
              b5 = v128.xor(b5, c5);
            }
            b4 = v128.xor(b4, c4);
          }
          b3 = v128.xor(b3, c3);
        }
        b2 = v128.xor(b2, c2);
      }
      b1 = v128.xor(b1, c1);
    }
    const negative = W == 2 ? b1 : W == 3 ? b2 : W == 4 ? b3 : W == 5 ? b4 : W == 6 ? b5 : b6;
    let alive = v128.andnot(uphill, negative);
    if (shared > 0) {
      const threshold = drawThreshold(shared, odd);
      let within = atMost(i64x2.splat(-1), b0, threshold, 0);
      if (W > 2) within = atMost(within, b1, threshold, 1);
      if (W > 3) within = atMost(within, b2, threshold, 2);
      if (W > 4) within = atMost(within, b3, threshold, 3);
      if (W > 5) within = atMost(within, b4, threshold, 4);
      if (W > 6) within = atMost(within, b5, threshold, 5);
      alive = v128.and(alive, threshold < 0 ? i64x2.splat(0) : threshold >> (W - 1) ? i64x2.splat(-1) : within);
    } else {
      if (W > 4) {
        alive = v128.and(alive, toss(W - 4, coins + 2 * COIN_BYTES, b3, b4, b5, 0, scratch));
      }
      alive = v128.and(alive, toss(W > 4 ? 3 : W - 1, coins + odd * COIN_BYTES, b0, b1, b2, odd, scratch));
    }
    const flips = v128.or(negative, alive);
    changed = v128.or(changed, flips);
    const flipped = v128.xor(spin, flips);
    v128.store(self, flipped);
    if (complement) v128.store(self + complement, v128.not(flipped));
  }
  return changed;
}
