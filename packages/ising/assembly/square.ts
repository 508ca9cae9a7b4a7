import { position, refill, setPosition, tapeEnd } from "../../../internal/wasm/assembly/lib/tape";
import { aside, wrapRows } from "./lib/tiles";

export { setBits, unlikeBonds } from "./lib/tiles";

/** Whether two of the four share a set bit. */
@inline function overlap(a: v128, b: v128, c: v128, d: v128): bool {
  return v128.any_true(v128.or(v128.or(v128.and(a, b), v128.and(c, d)), v128.and(v128.or(a, b), v128.or(c, d))));
}

const METROPOLIS = 0;
const HEAT_BATH = 1;

/** Bits of the lanes that are undecided for the next threshold bit: ~0 where the bit is set. */
@inline function spread(q: u64): v128 {
  return i64x2.splat(<i64>q >> 63);
}

/**
 * Updates every spin of one color, four rows of one column of vectors at a time.
 *
 * A spin's class is the number of its unlike neighbors, its threshold a for one, b for none; Metropolis gives all
 * others 63/64, the heat bath takes three as one and four as none. Its event is "its random bits, read from the top,
 * are below its threshold". The first six bits are every spin's own; then the spins still undecided are few, and as
 * soon as no two of the four vectors have one in the same place, they share vectors of bits without sharing a bit. What
 * an event means is the rule's: see ../src/sweep/rules.ts.
 */
@inline function updateColor(
  rule: i32, own: usize, other: usize, width: i32, height: i32, joined: i32, color: i32, a: u64, b: u64, block: usize,
): void {
  const row = <usize>width << 4;
  const end = tapeEnd(block);
  const ones = i32x4.splat(-1);
  let tape = position(block);
  for (let y = 0; y < height; y += 4) {
    const up = other + row * (y - 1);
    for (let w = 0; w < width; w++) {
      const at = <usize>w << 4;
      const n0 = v128.load(up + at), n1 = v128.load(up + row + at), n2 = v128.load(up + 2 * row + at);
      const n3 = v128.load(up + 3 * row + at), n4 = v128.load(up + 4 * row + at), n5 = v128.load(up + 5 * row + at);
      const mine = own + row * y + at;
      const s0 = v128.load(mine), s1 = v128.load(mine + row), s2 = v128.load(mine + 2 * row), s3 = v128.load(mine + 3 * row);
      if (tape + 24 * 16 > end) tape = refill(block);
      let coin0 = ones, coin1 = ones, coin2 = ones, coin3 = ones;
      if (rule === HEAT_BATH) {
        // The first bits, which the spins without a majority of their neighbors leave unused.
        coin0 = v128.load(tape); coin1 = v128.load(tape, 16); coin2 = v128.load(tape, 32); coin3 = v128.load(tape, 48);
      }
      let qa: u64, qb: u64, first = tape;
      let x0: v128, x1: v128, x2: v128, x3: v128, o: v128, p: v128, m: v128, q: v128;

      x0 = v128.xor(s0, n1); x1 = v128.xor(s0, aside(up + row, w, width, color, joined));
      x2 = v128.xor(s0, n0); x3 = v128.xor(s0, n2);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      const two0 = v128.or(v128.or(m, q), v128.and(o, p));
      const odd0 = rule === METROPOLIS ? v128.or(o, p) : v128.xor(v128.xor(x0, x1), v128.xor(x2, x3));
      const most0 = rule === METROPOLIS ? two0 : v128.or(v128.and(m, p), v128.and(q, o));
      let u0 = rule === METROPOLIS ? ones : v128.not(v128.andnot(two0, most0));
      let hit0 = i32x4.splat(0);
      x0 = v128.xor(s1, n2); x1 = v128.xor(s1, aside(up + 2 * row, w, width, 1 - color, joined));
      x2 = v128.xor(s1, n1); x3 = v128.xor(s1, n3);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      const two1 = v128.or(v128.or(m, q), v128.and(o, p));
      const odd1 = rule === METROPOLIS ? v128.or(o, p) : v128.xor(v128.xor(x0, x1), v128.xor(x2, x3));
      const most1 = rule === METROPOLIS ? two1 : v128.or(v128.and(m, p), v128.and(q, o));
      let u1 = rule === METROPOLIS ? ones : v128.not(v128.andnot(two1, most1));
      let hit1 = i32x4.splat(0);
      // Six bits each for two rows, then for the other two: four at once would not fit the registers.
      qa = a; qb = b;
      for (let round = 0; round < 6; round++) {
        const r0 = v128.load(first), r1 = v128.load(first, 16);
        first += 64;
        if (<i64>qa < 0) {
          if (<i64>qb < 0) {
            hit0 = v128.or(hit0, v128.andnot(u0, r0)); u0 = v128.and(u0, r0);
            hit1 = v128.or(hit1, v128.andnot(u1, r1)); u1 = v128.and(u1, r1);
          } else {
            let d: v128;
            d = v128.and(u0, v128.xor(r0, odd0)); hit0 = v128.or(hit0, v128.and(d, odd0)); u0 = v128.andnot(u0, d);
            d = v128.and(u1, v128.xor(r1, odd1)); hit1 = v128.or(hit1, v128.and(d, odd1)); u1 = v128.andnot(u1, d);
          }
        } else if (<i64>qb < 0) {
          let t: v128, d: v128;
          t = rule === METROPOLIS ? v128.or(two0, v128.not(odd0)) : v128.not(odd0);
          d = v128.and(u0, v128.xor(r0, t)); hit0 = v128.or(hit0, v128.and(d, t)); u0 = v128.andnot(u0, d);
          t = rule === METROPOLIS ? v128.or(two1, v128.not(odd1)) : v128.not(odd1);
          d = v128.and(u1, v128.xor(r1, t)); hit1 = v128.or(hit1, v128.and(d, t)); u1 = v128.andnot(u1, d);
        } else if (rule === METROPOLIS) {
          u0 = v128.andnot(u0, v128.xor(r0, two0));
          u1 = v128.andnot(u1, v128.xor(r1, two1));
        } else {
          u0 = v128.andnot(u0, r0);
          u1 = v128.andnot(u1, r1);
        }
        qa <<= 1; qb <<= 1;
      }
      if (rule === METROPOLIS) {
        // A spin with two or more unlike neighbors has the threshold 63/64, 111111 in binary: still undecided, it
        // stays.
        hit0 = v128.or(hit0, v128.andnot(two0, u0)); u0 = v128.andnot(u0, two0);
        hit1 = v128.or(hit1, v128.andnot(two1, u1)); u1 = v128.andnot(u1, two1);
      }

      x0 = v128.xor(s2, n3); x1 = v128.xor(s2, aside(up + 3 * row, w, width, color, joined));
      x2 = v128.xor(s2, n2); x3 = v128.xor(s2, n4);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      const two2 = v128.or(v128.or(m, q), v128.and(o, p));
      const odd2 = rule === METROPOLIS ? v128.or(o, p) : v128.xor(v128.xor(x0, x1), v128.xor(x2, x3));
      const most2 = rule === METROPOLIS ? two2 : v128.or(v128.and(m, p), v128.and(q, o));
      let u2 = rule === METROPOLIS ? ones : v128.not(v128.andnot(two2, most2));
      let hit2 = i32x4.splat(0);
      x0 = v128.xor(s3, n4); x1 = v128.xor(s3, aside(up + 4 * row, w, width, 1 - color, joined));
      x2 = v128.xor(s3, n3); x3 = v128.xor(s3, n5);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      const two3 = v128.or(v128.or(m, q), v128.and(o, p));
      const odd3 = rule === METROPOLIS ? v128.or(o, p) : v128.xor(v128.xor(x0, x1), v128.xor(x2, x3));
      const most3 = rule === METROPOLIS ? two3 : v128.or(v128.and(m, p), v128.and(q, o));
      let u3 = rule === METROPOLIS ? ones : v128.not(v128.andnot(two3, most3));
      let hit3 = i32x4.splat(0);
      first = tape;
      qa = a; qb = b;
      for (let round = 0; round < 6; round++) {
        const r2 = v128.load(first, 32), r3 = v128.load(first, 48);
        first += 64;
        if (<i64>qa < 0) {
          if (<i64>qb < 0) {
            hit2 = v128.or(hit2, v128.andnot(u2, r2)); u2 = v128.and(u2, r2);
            hit3 = v128.or(hit3, v128.andnot(u3, r3)); u3 = v128.and(u3, r3);
          } else {
            let d: v128;
            d = v128.and(u2, v128.xor(r2, odd2)); hit2 = v128.or(hit2, v128.and(d, odd2)); u2 = v128.andnot(u2, d);
            d = v128.and(u3, v128.xor(r3, odd3)); hit3 = v128.or(hit3, v128.and(d, odd3)); u3 = v128.andnot(u3, d);
          }
        } else if (<i64>qb < 0) {
          let t: v128, d: v128;
          t = rule === METROPOLIS ? v128.or(two2, v128.not(odd2)) : v128.not(odd2);
          d = v128.and(u2, v128.xor(r2, t)); hit2 = v128.or(hit2, v128.and(d, t)); u2 = v128.andnot(u2, d);
          t = rule === METROPOLIS ? v128.or(two3, v128.not(odd3)) : v128.not(odd3);
          d = v128.and(u3, v128.xor(r3, t)); hit3 = v128.or(hit3, v128.and(d, t)); u3 = v128.andnot(u3, d);
        } else if (rule === METROPOLIS) {
          u2 = v128.andnot(u2, v128.xor(r2, two2));
          u3 = v128.andnot(u3, v128.xor(r3, two3));
        } else {
          u2 = v128.andnot(u2, r2);
          u3 = v128.andnot(u3, r3);
        }
        qa <<= 1; qb <<= 1;
      }
      if (rule === METROPOLIS) {
        hit2 = v128.or(hit2, v128.andnot(two2, u2)); u2 = v128.andnot(u2, two2);
        hit3 = v128.or(hit3, v128.andnot(two3, u3)); u3 = v128.andnot(u3, two3);
      }
      tape = first;
      while (overlap(u0, u1, u2, u3)) {
        if (tape + 64 > end) tape = refill(block);
        const ma = spread(qa), mb = spread(qb);
        let t: v128, d: v128;
        t = v128.bitselect(ma, mb, odd0); d = v128.and(u0, v128.xor(v128.load(tape), t));
        hit0 = v128.or(hit0, v128.and(d, t)); u0 = v128.andnot(u0, d);
        t = v128.bitselect(ma, mb, odd1); d = v128.and(u1, v128.xor(v128.load(tape, 16), t));
        hit1 = v128.or(hit1, v128.and(d, t)); u1 = v128.andnot(u1, d);
        t = v128.bitselect(ma, mb, odd2); d = v128.and(u2, v128.xor(v128.load(tape, 32), t));
        hit2 = v128.or(hit2, v128.and(d, t)); u2 = v128.andnot(u2, d);
        t = v128.bitselect(ma, mb, odd3); d = v128.and(u3, v128.xor(v128.load(tape, 48), t));
        hit3 = v128.or(hit3, v128.and(d, t)); u3 = v128.andnot(u3, d);
        tape += 64;
        qa <<= 1; qb <<= 1;
      }
      let u = v128.or(v128.or(u0, u1), v128.or(u2, u3));
      if (v128.any_true(u)) {
        const odd = v128.or(v128.or(v128.and(u0, odd0), v128.and(u1, odd1)), v128.or(v128.and(u2, odd2), v128.and(u3, odd3)));
        let hit = i32x4.splat(0);
        do {
          if (tape + 16 > end) tape = refill(block);
          const t = v128.bitselect(spread(qa), spread(qb), odd);
          const d = v128.and(u, v128.xor(v128.load(tape), t));
          hit = v128.or(hit, v128.and(d, t));
          u = v128.andnot(u, d);
          tape += 16;
          qa <<= 1; qb <<= 1;
        } while (v128.any_true(u));
        hit0 = v128.or(hit0, v128.and(hit, u0)); hit1 = v128.or(hit1, v128.and(hit, u1));
        hit2 = v128.or(hit2, v128.and(hit, u2)); hit3 = v128.or(hit3, v128.and(hit, u3));
      }
      if (rule === METROPOLIS) {
        v128.store(mine, v128.xor(s0, hit0));
        v128.store(mine + row, v128.xor(s1, hit1));
        v128.store(mine + 2 * row, v128.xor(s2, hit2));
        v128.store(mine + 3 * row, v128.xor(s3, hit3));
      } else {
        // The event is "against the majority of the neighbors"; without a majority the first bit decides.
        x0 = v128.andnot(two0, v128.or(most0, odd0)); x1 = v128.xor(hit0, most0);
        v128.store(mine, v128.xor(s0, v128.bitselect(coin0, x1, x0)));
        x0 = v128.andnot(two1, v128.or(most1, odd1)); x1 = v128.xor(hit1, most1);
        v128.store(mine + row, v128.xor(s1, v128.bitselect(coin1, x1, x0)));
        x0 = v128.andnot(two2, v128.or(most2, odd2)); x1 = v128.xor(hit2, most2);
        v128.store(mine + 2 * row, v128.xor(s2, v128.bitselect(coin2, x1, x0)));
        x0 = v128.andnot(two3, v128.or(most3, odd3)); x1 = v128.xor(hit3, most3);
        v128.store(mine + 3 * row, v128.xor(s3, v128.bitselect(coin3, x1, x0)));
      }
    }
  }
  setPosition(block, tape);
}

export function metropolis(
  first: usize, second: usize, width: i32, height: i32, joined: i32,
  aHigh: u32, aLow: u32, bHigh: u32, bLow: u32, block: usize, sweeps: i32,
): void {
  const a = (<u64>aHigh << 32) | <u64>aLow, b = (<u64>bHigh << 32) | <u64>bLow;
  for (let i = 0; i < sweeps; i++) {
    wrapRows(second, width, height, joined);
    updateColor(METROPOLIS, first, second, width, height, joined, 0, a, b, block);
    wrapRows(first, width, height, joined);
    updateColor(METROPOLIS, second, first, width, height, joined, 1, a, b, block);
  }
}

export function heatBath(
  first: usize, second: usize, width: i32, height: i32, joined: i32,
  aHigh: u32, aLow: u32, bHigh: u32, bLow: u32, block: usize, sweeps: i32,
): void {
  const a = (<u64>aHigh << 32) | <u64>aLow, b = (<u64>bHigh << 32) | <u64>bLow;
  for (let i = 0; i < sweeps; i++) {
    wrapRows(second, width, height, joined);
    updateColor(HEAT_BATH, first, second, width, height, joined, 0, a, b, block);
    wrapRows(first, width, height, joined);
    updateColor(HEAT_BATH, second, first, width, height, joined, 1, a, b, block);
  }
}
