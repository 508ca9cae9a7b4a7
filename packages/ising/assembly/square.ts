import { refill, TAPE_END } from "./lib/tape";

/**
 * The square lattice, a bit a spin. 128 bits of a vector are one site of 128 equal tiles, 16 across and 8 down, so the
 * neighbour of a site is the same bit of another vector, and only at a tile's edge do bits move to the next tile.
 * The two colours of the checkerboard are stored apart: row y of a colour holds the tile's sites x = 2w + (y + colour & 1).
 */

/** Moves each bit to the tile on its right, so that the result holds, for each tile, the bit of its left neighbour. */
@inline function fromLeft(v: v128): v128 {
  return v128.or(i16x8.shl(v, 1), i16x8.shr_u(v, 15));
}

@inline function fromRight(v: v128): v128 {
  return v128.or(i16x8.shr_u(v, 1), i16x8.shl(v, 15));
}

@inline function fromAbove(v: v128): v128 {
  return i8x16.shuffle(v, v, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
}

@inline function fromBelow(v: v128): v128 {
  return i8x16.shuffle(v, v, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
}

/** Writes the rows above and below the tile: those of the neighbouring tiles. */
@inline function wrapRows(colour: usize, width: i32, height: i32): void {
  const row = <usize>width << 4;
  const bottom = colour + row * (height - 1);
  for (let at: usize = 0; at < row; at += 16) {
    v128.store(colour - row + at, fromAbove(v128.load(bottom + at)));
    v128.store(bottom + row + at, fromBelow(v128.load(colour + at)));
  }
}

/** The left or right neighbours (`side` 0: left) of vector w of a row of the other colour; the same-index one is the other side. */
@inline function aside(row: usize, w: i32, width: i32, side: i32): v128 {
  if (side === 0) {
    return w === 0 ? fromLeft(v128.load(row + (<usize>(width - 1) << 4))) : v128.load(row + (<usize>(w - 1) << 4));
  }
  return w === width - 1 ? fromRight(v128.load(row)) : v128.load(row + (<usize>(w + 1) << 4));
}

@inline function overlap(a: v128, b: v128, c: v128, d: v128): bool {
  return v128.any_true(v128.or(v128.or(v128.and(a, b), v128.and(c, d)), v128.and(v128.or(a, b), v128.or(c, d))));
}

const METROPOLIS = 0;
const HEAT_BATH = 1;

/**
 * Updates every spin of one colour. A spin with ΔE = 4J is decided by an event of probability a, one with 8J by one of
 * probability b: 64-bit thresholds, compared with that spin's own random bits from the top, until every spin is
 * decided. The first six bits of a spin that needs no event decide the rest: see square.ts of the package's sources.
 */
@inline function updateColour(
  rule: i32, own: usize, other: usize, width: i32, height: i32, colour: i32, a: u64, b: u64, block: usize,
): void {
  const row = <usize>width << 4;
  const end = block + TAPE_END;
  let tape = block + <usize>load<u32>(block, 256);
  for (let y = 0; y < height; y += 4) {
    const up = other + row * (y - 1);
    for (let w = 0; w < width; w++) {
      const at = <usize>w << 4;
      const n0 = v128.load(up + at), n1 = v128.load(up + row + at), n2 = v128.load(up + 2 * row + at);
      const n3 = v128.load(up + 3 * row + at), n4 = v128.load(up + 4 * row + at), n5 = v128.load(up + 5 * row + at);
      const mine = own + row * y + at;
      const s0 = v128.load(mine), s1 = v128.load(mine + row), s2 = v128.load(mine + 2 * row), s3 = v128.load(mine + 3 * row);

      let x0 = v128.xor(s0, n1), x1 = v128.xor(s0, aside(up + row, w, width, colour));
      let x2 = v128.xor(s0, n0), x3 = v128.xor(s0, n2);
      let o = v128.or(x0, x1), p = v128.or(x2, x3), m = v128.and(x0, x1), q = v128.and(x2, x3);
      let acc0 = v128.or(v128.or(m, q), v128.and(o, p)), one0 = v128.or(o, p), u0 = v128.not(acc0);

      x0 = v128.xor(s1, n2); x1 = v128.xor(s1, aside(up + 2 * row, w, width, 1 - colour));
      x2 = v128.xor(s1, n1); x3 = v128.xor(s1, n3);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      let acc1 = v128.or(v128.or(m, q), v128.and(o, p)), one1 = v128.or(o, p), u1 = v128.not(acc1);

      x0 = v128.xor(s2, n3); x1 = v128.xor(s2, aside(up + 3 * row, w, width, colour));
      x2 = v128.xor(s2, n2); x3 = v128.xor(s2, n4);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      let acc2 = v128.or(v128.or(m, q), v128.and(o, p)), one2 = v128.or(o, p), u2 = v128.not(acc2);

      x0 = v128.xor(s3, n4); x1 = v128.xor(s3, aside(up + 4 * row, w, width, 1 - colour));
      x2 = v128.xor(s3, n3); x3 = v128.xor(s3, n5);
      o = v128.or(x0, x1); p = v128.or(x2, x3); m = v128.and(x0, x1); q = v128.and(x2, x3);
      let acc3 = v128.or(v128.or(m, q), v128.and(o, p)), one3 = v128.or(o, p), u3 = v128.not(acc3);

      let lazy0 = u0, lazy1 = u1, lazy2 = u2, lazy3 = u3; // placeholder
      lazy0 = lazy1 = lazy2 = lazy3 = i32x4.splat(-1);
      let qa = a, qb = b;
      if (tape + 24 * 16 > end) tape = refill(block);
      for (let round = 0; round < 6; round++) {
        const r0 = v128.load(tape), r1 = v128.load(tape, 16), r2 = v128.load(tape, 32), r3 = v128.load(tape, 48);
        tape += 64;
        lazy0 = v128.and(lazy0, r0); lazy1 = v128.and(lazy1, r1); lazy2 = v128.and(lazy2, r2); lazy3 = v128.and(lazy3, r3);
        if (<i64>qa < 0) {
          if (<i64>qb < 0) {
            acc0 = v128.or(acc0, v128.andnot(u0, r0)); u0 = v128.and(u0, r0);
            acc1 = v128.or(acc1, v128.andnot(u1, r1)); u1 = v128.and(u1, r1);
            acc2 = v128.or(acc2, v128.andnot(u2, r2)); u2 = v128.and(u2, r2);
            acc3 = v128.or(acc3, v128.andnot(u3, r3)); u3 = v128.and(u3, r3);
          } else {
            let d = v128.and(u0, v128.xor(r0, one0)); acc0 = v128.or(acc0, v128.and(d, one0)); u0 = v128.andnot(u0, d);
            d = v128.and(u1, v128.xor(r1, one1)); acc1 = v128.or(acc1, v128.and(d, one1)); u1 = v128.andnot(u1, d);
            d = v128.and(u2, v128.xor(r2, one2)); acc2 = v128.or(acc2, v128.and(d, one2)); u2 = v128.andnot(u2, d);
            d = v128.and(u3, v128.xor(r3, one3)); acc3 = v128.or(acc3, v128.and(d, one3)); u3 = v128.andnot(u3, d);
          }
        } else if (<i64>qb < 0) {
          let d = v128.andnot(u0, v128.xor(r0, one0)); acc0 = v128.or(acc0, v128.andnot(d, one0)); u0 = v128.andnot(u0, d);
          d = v128.andnot(u1, v128.xor(r1, one1)); acc1 = v128.or(acc1, v128.andnot(d, one1)); u1 = v128.andnot(u1, d);
          d = v128.andnot(u2, v128.xor(r2, one2)); acc2 = v128.or(acc2, v128.andnot(d, one2)); u2 = v128.andnot(u2, d);
          d = v128.andnot(u3, v128.xor(r3, one3)); acc3 = v128.or(acc3, v128.andnot(d, one3)); u3 = v128.andnot(u3, d);
        } else {
          u0 = v128.andnot(u0, r0); u1 = v128.andnot(u1, r1); u2 = v128.andnot(u2, r2); u3 = v128.andnot(u3, r3);
        }
        qa <<= 1; qb <<= 1;
      }
      while (overlap(u0, u1, u2, u3)) {
        if (tape + 64 > end) tape = refill(block);
        const ma = i64x2.splat(<i64>qa >> 63), mb = i64x2.splat(<i64>qb >> 63);
        let mm = v128.bitselect(ma, mb, one0), d = v128.and(u0, v128.xor(v128.load(tape), mm));
        acc0 = v128.or(acc0, v128.and(d, mm)); u0 = v128.andnot(u0, d);
        mm = v128.bitselect(ma, mb, one1); d = v128.and(u1, v128.xor(v128.load(tape, 16), mm));
        acc1 = v128.or(acc1, v128.and(d, mm)); u1 = v128.andnot(u1, d);
        mm = v128.bitselect(ma, mb, one2); d = v128.and(u2, v128.xor(v128.load(tape, 32), mm));
        acc2 = v128.or(acc2, v128.and(d, mm)); u2 = v128.andnot(u2, d);
        mm = v128.bitselect(ma, mb, one3); d = v128.and(u3, v128.xor(v128.load(tape, 48), mm));
        acc3 = v128.or(acc3, v128.and(d, mm)); u3 = v128.andnot(u3, d);
        tape += 64;
        qa <<= 1; qb <<= 1;
      }
      let u = v128.or(v128.or(u0, u1), v128.or(u2, u3));
      const one = v128.or(v128.or(v128.and(u0, one0), v128.and(u1, one1)), v128.or(v128.and(u2, one2), v128.and(u3, one3)));
      let acc = i32x4.splat(0);
      while (v128.any_true(u)) {
        if (tape + 16 > end) tape = refill(block);
        const mm = v128.bitselect(i64x2.splat(<i64>qa >> 63), i64x2.splat(<i64>qb >> 63), one);
        const d = v128.and(u, v128.xor(v128.load(tape), mm));
        acc = v128.or(acc, v128.and(d, mm));
        u = v128.andnot(u, d);
        tape += 16;
        qa <<= 1; qb <<= 1;
      }
      acc0 = v128.or(acc0, v128.and(acc, u0)); acc1 = v128.or(acc1, v128.and(acc, u1));
      acc2 = v128.or(acc2, v128.and(acc, u2)); acc3 = v128.or(acc3, v128.and(acc, u3));
      v128.store(mine, v128.xor(s0, v128.andnot(acc0, lazy0)));
      v128.store(mine + row, v128.xor(s1, v128.andnot(acc1, lazy1)));
      v128.store(mine + 2 * row, v128.xor(s2, v128.andnot(acc2, lazy2)));
      v128.store(mine + 3 * row, v128.xor(s3, v128.andnot(acc3, lazy3)));
    }
  }
  store<u32>(block, <u32>(tape - block), 256);
}

export function metropolis(
  first: usize, second: usize, width: i32, height: i32, aHigh: u32, aLow: u32, bHigh: u32, bLow: u32, block: usize, sweeps: i32,
): void {
  const a = (<u64>aHigh << 32) | <u64>aLow, b = (<u64>bHigh << 32) | <u64>bLow;
  for (let i = 0; i < sweeps; i++) {
    wrapRows(second, width, height);
    updateColour(METROPOLIS, first, second, width, height, 0, a, b, block);
    wrapRows(first, width, height);
    updateColour(METROPOLIS, second, first, width, height, 1, a, b, block);
  }
}
