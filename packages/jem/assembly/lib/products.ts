import { madd } from "../../../../internal/wasm/assembly/lib/vectors";

/** Six queries by eight known rows: twelve sums, two known and one query number fill the registers of x64. */
@inline function tile(a: usize, b: usize, d: i32, c: usize, cs: usize, first: bool): void {
  const c1 = c + cs, c2 = c1 + cs, c3 = c2 + cs, c4 = c3 + cs, c5 = c4 + cs;
  let p0 = i64x2.splat(0), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0;
  let p3 = p0, q3 = p0, p4 = p0, q4 = p0, p5 = p0, q5 = p0;
  if (!first) {
    p0 = v128.load(c); q0 = v128.load(c, 16);
    p1 = v128.load(c1); q1 = v128.load(c1, 16);
    p2 = v128.load(c2); q2 = v128.load(c2, 16);
    p3 = v128.load(c3); q3 = v128.load(c3, 16);
    p4 = v128.load(c4); q4 = v128.load(c4, 16);
    p5 = v128.load(c5); q5 = v128.load(c5, 16);
  }
  const end = b + (<usize>d << 5);
  // Not unrolled: the compiler would bring the loads of all steps forward and run out of registers.
  for (; b < end; b += 32, a += 24) {
    const x = v128.load(b), y = v128.load(b, 16);
    let s = v128.load32_splat(a);
    p0 = madd(s, x, p0); q0 = madd(s, y, q0);
    s = v128.load32_splat(a, 4);
    p1 = madd(s, x, p1); q1 = madd(s, y, q1);
    s = v128.load32_splat(a, 8);
    p2 = madd(s, x, p2); q2 = madd(s, y, q2);
    s = v128.load32_splat(a, 12);
    p3 = madd(s, x, p3); q3 = madd(s, y, q3);
    s = v128.load32_splat(a, 16);
    p4 = madd(s, x, p4); q4 = madd(s, y, q4);
    s = v128.load32_splat(a, 20);
    p5 = madd(s, x, p5); q5 = madd(s, y, q5);
  }
  v128.store(c, p0); v128.store(c, q0, 16);
  v128.store(c1, p1); v128.store(c1, q1, 16);
  v128.store(c2, p2); v128.store(c2, q2, 16);
  v128.store(c3, p3); v128.store(c3, q3, 16);
  v128.store(c4, p4); v128.store(c4, q4, 16);
  v128.store(c5, p5); v128.store(c5, q5, 16);
}

/**
 * Numbers of each row at a time: 8 KiB of known and 6 of queries, which stay in the first-level cache even where two
 * threads share it.
 */
const DEPTH: i32 = 256;

/**
 * values[m × n] = queries · knownᵀ, both of width d, rows of values `cs` bytes apart: queries in panels of six, a
 * number of each after another, known rows in panels of eight. m is a multiple of 6 and n of 8.
 */
export function products(queries: usize, known: usize, d: i32, values: usize, cs: usize, m: i32, n: i32): void {
  for (let j = 0; j < n; j += 8, known += <usize>d << 5, values += 32) {
    for (let k = 0; k < d; k += DEPTH) {
      const b = known + (<usize>k << 5), depth = min(DEPTH, d - k);
      let a = queries + <usize>(24 * k), c = values;
      for (let i = 0; i < m; i += 6, a += <usize>(24 * d), c += 6 * cs) tile(a, b, depth, c, cs, k == 0);
    }
  }
}

/**
 * The first place, in steps of eight from `from` on, of eight of `count` floats of which one is at least `limit`, or
 * `count`, a multiple of 8.
 */
export function firstAbove(values: usize, from: i32, count: i32, limit: f32): i32 {
  const least = f32x4.splat(limit);
  for (; from < count; from += 8) {
    const at = values + (<usize>from << 2);
    if (v128.any_true(v128.or(f32x4.ge(v128.load(at), least), f32x4.ge(v128.load(at, 16), least)))) return from;
  }
  return count;
}
