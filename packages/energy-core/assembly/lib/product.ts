import { turn } from "../../../../internal/wasm/assembly/lib/vectors";
import { tile1, tile3, tile6 } from "./tiles";

/**
 * Terms of a product's sums that are worked on at a time: eight columns of b and six rows of a stay in the first cache.
 */
const DEPTH = 128;

/**
 * c += op(a)·op(b) for op(a) [m, depth], op(b) [depth, n] and c [m, n rounded up to eights], all by rows; a flag says
 * that its matrix is held transposed. b is packed into panels of eight columns and a, unless transposed, into panels of
 * six rows: `scratch` takes DEPTH · (n rounded up to eights + 6) floats. Every sum is taken in the order of its terms.
 */
export function product(
  a: usize, b: usize, c: usize, m: i32, depth: i32, n: i32, transposedA: bool, transposedB: bool, scratch: usize,
): void {
  const panels = (n + 7) >> 3, row = <usize>panels << 5;
  const rowsOfA = scratch + DEPTH * row;
  for (let k = 0; k < depth; k += DEPTH) {
    const deep = min(DEPTH, depth - k);
    if (transposedB) packTransposed(b + (<usize>k << 2), scratch, deep, n, <usize>depth << 2);
    else pack(b + (<usize>k * <usize>n << 2), scratch, deep, n);
    for (let i = 0; i < m; ) {
      const left = m - i, rows = left >= 6 ? 6 : left >= 3 ? 3 : 1;
      let from: usize, across: usize;
      if (transposedA) {
        from = a + (<usize>k * <usize>m + <usize>i << 2);
        across = <usize>m << 2;
      } else {
        across = <usize>rows << 2;
        from = rowsOfA;
        packRows(a + (<usize>i * <usize>depth + <usize>k << 2), from, rows, deep, <usize>depth << 2);
      }
      let to = c + <usize>i * row, panel = scratch;
      for (let j = 0; j < panels; j++, to += 32, panel += <usize>deep << 5) {
        if (rows == 6) tile6(from, across, panel, deep, to, row);
        else if (rows == 3) tile3(from, across, panel, deep, to, row);
        else tile1(from, across, panel, deep, to, row);
      }
      i += rows;
    }
  }
}

/** Panels of eight columns of b [rows, n], the last one filled up with zeros. */
@inline function pack(b: usize, to: usize, rows: i32, n: i32): void {
  const stride = <usize>n << 2;
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j);
    let from = b + (<usize>j << 2);
    for (let r = 0; r < rows; r++, from += stride, to += 32) {
      if (width == 8) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else {
        for (let x = 0; x < 8; x++) store<f32>(to + (x << 2), x < width ? load<f32>(from + (x << 2)) : 0);
      }
    }
  }
}

/** The same panels from b held transposed, [n, …] with rows `stride` apart: squares of four are turned in registers. */
@inline function packTransposed(b: usize, to: usize, rows: i32, n: i32, stride: usize): void {
  for (let j = 0; j < n; j += 8, to += <usize>rows << 5) {
    const width = min(8, n - j);
    const from = b + <usize>j * stride;
    let r = 0;
    if (width == 8) {
      for (; r + 4 <= rows; r += 4) {
        const at = from + (<usize>r << 2), out = to + (<usize>r << 5);
        turn(at, stride, out, 32);
        turn(at + 4 * stride, stride, out + 16, 32);
      }
    }
    for (; r < rows; r++) {
      for (let x = 0; x < 8; x++) {
        store<f32>(
          to + (<usize>r << 5) + (x << 2),
          x < width ? load<f32>(from + <usize>x * stride + (<usize>r << 2)) : 0,
        );
      }
    }
  }
}

/** `rows` rows of a, `stride` apart, by columns. */
@inline function packRows(a: usize, to: usize, rows: i32, deep: i32, stride: usize): void {
  for (let r = 0; r < rows; r++, a += stride) {
    let out = to + (<usize>r << 2);
    for (let k = 0; k < deep; k++, out += <usize>rows << 2) store<f32>(out, load<f32>(a + (<usize>k << 2)));
  }
}

/** Copies the first n columns of c [m, n rounded up to eights]. */
export function trim(c: usize, out: usize, m: i32, n: i32): void {
  const row = <usize>((n + 7) & ~7) << 2, bytes = <usize>n << 2;
  for (let i = 0; i < m; i++, c += row) {
    for (let x: usize = 0; x < bytes; x += 4, out += 4) store<f32>(out, load<f32>(c + x));
  }
}
