import { madd } from "../../../../internal/wasm/assembly/lib/vectors";

// A tile of 6 × 8 fills the 16 registers of x64: twelve sums, two of B, one of A.
@inline function tile6(a: usize, rs: usize, ks: usize, b: usize, k: i32, c: usize, cs: usize, first: bool): void {
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
  const a1 = a + rs, a2 = a1 + rs, a3 = a2 + rs, a4 = a3 + rs, a5 = a4 + rs;
  const end = b + (<usize>k << 5);
  for (let at: usize = 0; b < end; b += 32, at += ks) {
    const x = v128.load(b), y = v128.load(b, 16);
    let s = v128.load32_splat(a + at);
    p0 = madd(s, x, p0); q0 = madd(s, y, q0);
    s = v128.load32_splat(a1 + at);
    p1 = madd(s, x, p1); q1 = madd(s, y, q1);
    s = v128.load32_splat(a2 + at);
    p2 = madd(s, x, p2); q2 = madd(s, y, q2);
    s = v128.load32_splat(a3 + at);
    p3 = madd(s, x, p3); q3 = madd(s, y, q3);
    s = v128.load32_splat(a4 + at);
    p4 = madd(s, x, p4); q4 = madd(s, y, q4);
    s = v128.load32_splat(a5 + at);
    p5 = madd(s, x, p5); q5 = madd(s, y, q5);
  }
  v128.store(c, p0); v128.store(c, q0, 16);
  v128.store(c1, p1); v128.store(c1, q1, 16);
  v128.store(c2, p2); v128.store(c2, q2, 16);
  v128.store(c3, p3); v128.store(c3, q3, 16);
  v128.store(c4, p4); v128.store(c4, q4, 16);
  v128.store(c5, p5); v128.store(c5, q5, 16);
}

@inline function tile4(a: usize, rs: usize, ks: usize, b: usize, k: i32, c: usize, cs: usize, first: bool): void {
  const c1 = c + cs, c2 = c1 + cs, c3 = c2 + cs;
  let p0 = i64x2.splat(0), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0, p3 = p0, q3 = p0;
  if (!first) {
    p0 = v128.load(c); q0 = v128.load(c, 16);
    p1 = v128.load(c1); q1 = v128.load(c1, 16);
    p2 = v128.load(c2); q2 = v128.load(c2, 16);
    p3 = v128.load(c3); q3 = v128.load(c3, 16);
  }
  const a1 = a + rs, a2 = a1 + rs, a3 = a2 + rs;
  const end = b + (<usize>k << 5);
  for (let at: usize = 0; b < end; b += 32, at += ks) {
    const x = v128.load(b), y = v128.load(b, 16);
    let s = v128.load32_splat(a + at);
    p0 = madd(s, x, p0); q0 = madd(s, y, q0);
    s = v128.load32_splat(a1 + at);
    p1 = madd(s, x, p1); q1 = madd(s, y, q1);
    s = v128.load32_splat(a2 + at);
    p2 = madd(s, x, p2); q2 = madd(s, y, q2);
    s = v128.load32_splat(a3 + at);
    p3 = madd(s, x, p3); q3 = madd(s, y, q3);
  }
  v128.store(c, p0); v128.store(c, q0, 16);
  v128.store(c1, p1); v128.store(c1, q1, 16);
  v128.store(c2, p2); v128.store(c2, q2, 16);
  v128.store(c3, p3); v128.store(c3, q3, 16);
}

@inline function tile1(a: usize, ks: usize, b: usize, k: i32, c: usize, first: bool): void {
  let p = i64x2.splat(0), q = p;
  if (!first) { p = v128.load(c); q = v128.load(c, 16); }
  const end = b + (<usize>k << 5);
  for (; b < end; b += 32, a += ks) {
    const s = v128.load32_splat(a);
    p = madd(s, v128.load(b), p);
    q = madd(s, v128.load(b, 16), q);
  }
  v128.store(c, p); v128.store(c, q, 16);
}

/** Rows of B at a time: a panel's slice of 8 KiB stays in the first-level cache. */
const DEPTH: i32 = 256;

/**
 * C[m × n] = A[m × k] B[k × n]. A has strides in bytes, so that it may be read transposed; B comes in panels of eight
 * columns as {@link pack} writes them; C is dense; n is a multiple of 8.
 */
export function gemm(a: usize, rs: usize, ks: usize, b: usize, c: usize, m: i32, n: i32, k: i32): void {
  const cs = <usize>n << 2;
  // Two rows left over from sixes are better done as two tiles of four in place of a six.
  let sixes = m / 6;
  if (m - 6 * sixes == 2 && sixes > 0) sixes--;
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const kc = min(DEPTH, k - k0), first = k0 == 0;
    const start = a + <usize>k0 * ks;
    for (let j = 0; j < n; j += 8) {
      const panel = b + ((<usize>j * <usize>k + (<usize>k0 << 3)) << 2);
      const column = c + (<usize>j << 2);
      let i = 0;
      for (; i < 6 * sixes; i += 6) tile6(start + <usize>i * rs, rs, ks, panel, kc, column + <usize>i * cs, cs, first);
      for (; i + 4 <= m; i += 4) tile4(start + <usize>i * rs, rs, ks, panel, kc, column + <usize>i * cs, cs, first);
      for (; i < m; i++) tile1(start + <usize>i * rs, ks, panel, kc, column + <usize>i * cs, first);
    }
  }
}

/** Writes B[k × n], of strides in bytes, in panels of eight columns; missing columns of the last panel are zero. */
export function pack(from: usize, rs: usize, cs: usize, k: i32, n: i32, to: usize): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    let row = from + <usize>j * cs;
    for (let i = 0; i < k; i++, row += rs, to += 32) {
      if (columns == 8 && cs == 4) {
        v128.store(to, v128.load(row));
        v128.store(to, v128.load(row, 16), 16);
        continue;
      }
      for (let q = 0; q < 8; q++) store<f32>(to + (<usize>q << 2), q < columns ? load<f32>(row + <usize>q * cs) : 0);
    }
  }
}
