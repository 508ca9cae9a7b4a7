/**
 * What the gradients of nets need beyond tfjs's own kernels, on tensors of 32-bit floats in somebody else's memory:
 * pointers are byte addresses, and nothing else is touched. The TypeScript twin in src/tensor/kernels/twin.ts repeats
 * every operation in the same order.
 */
import { turn } from "../../../internal/wasm/assembly/lib/vectors";

export { product, trim } from "./lib/product";

@inline function copy(to: usize, from: usize, bytes: usize): void {
  const end = from + bytes;
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, v128.load(from));
  for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(from));
}

@inline function zero(to: usize, bytes: usize): void {
  const end = to + bytes;
  for (; to + 16 <= end; to += 16) v128.store(to, i64x2.splat(0));
  for (; to < end; to += 4) store<f32>(to, 0);
}

@inline function accumulate(to: usize, from: usize, bytes: usize): void {
  const end = from + bytes;
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** to += from, `count` floats. */
export function add(to: usize, from: usize, count: i32): void {
  accumulate(to, from, <usize>count << 2);
}

/** Sets `count` floats to zero. */
export function clear(to: usize, count: i32): void {
  zero(to, <usize>count << 2);
}

/**
 * Transposes `rows` × `columns`: squares of four in strips of sixteen rows, so that each line written is written whole.
 */
export function transpose(from: usize, to: usize, rows: i32, columns: i32): void {
  const down = <usize>columns << 2, across = <usize>rows << 2;
  for (let top = 0; top < rows; top += 16) {
    const bottom = min(top + 16, rows);
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      let r = top;
      for (; r + 4 <= bottom; r += 4) {
        turn(from + <usize>r * down + (<usize>c << 2), down, to + <usize>c * across + (<usize>r << 2), across);
      }
      for (; r < bottom; r++) {
        for (let k = c; k < c + 4; k++) element(from, to, r, k, down, across);
      }
    }
    for (; c < columns; c++) {
      for (let r = top; r < bottom; r++) element(from, to, r, c, down, across);
    }
  }
}

@inline function element(from: usize, to: usize, r: i32, c: i32, down: usize, across: usize): void {
  store<f32>(to + <usize>c * across + (<usize>r << 2), load<f32>(from + <usize>r * down + (<usize>c << 2)));
}

/**
 * Writes the patches of `n` images [h, w, c] as rows [n·oh·ow, kh·kw·c]: what a filter tap at (a, b) sees of output (i,
 * j) is the pixel (i·sh + a·dh − top, j·sw + b·dw − left), zero outside.
 */
export function patches(
  x: usize, out: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  const pixel = <usize>c << 2, run = <usize>kw * pixel;
  for (let image = 0; image < n; image++, x += <usize>(h * w) * pixel) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++) {
        const x0 = j * sw - left;
        for (let a = 0; a < kh; a++, out += run) {
          const y = i * sh + a * dh - top;
          if (<u32>y >= <u32>h) zero(out, run);
          else if (dw == 1) {
            const first = min(max(-x0, 0), kw), last = max(min(w - x0, kw), first);
            zero(out, <usize>first * pixel);
            copy(out + <usize>first * pixel, x + <usize>(y * w + x0 + first) * pixel, <usize>(last - first) * pixel);
            zero(out + <usize>last * pixel, <usize>(kw - last) * pixel);
          } else {
            for (let b = 0; b < kw; b++) {
              const at = x0 + b * dw, to = out + <usize>b * pixel;
              if (<u32>at >= <u32>w) zero(to, pixel);
              else copy(to, x + <usize>(y * w + at) * pixel, pixel);
            }
          }
        }
      }
    }
  }
}

/** The transpose of {@link patches}: adds every row back to the pixels it was taken from. */
export function addPatches(
  x: usize, rows: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  const pixel = <usize>c << 2, run = <usize>kw * pixel;
  for (let image = 0; image < n; image++, x += <usize>(h * w) * pixel) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++) {
        const x0 = j * sw - left;
        for (let a = 0; a < kh; a++, rows += run) {
          const y = i * sh + a * dh - top;
          if (<u32>y >= <u32>h) continue;
          if (dw == 1) {
            const first = min(max(-x0, 0), kw), last = max(min(w - x0, kw), first);
            accumulate(x + <usize>(y * w + x0 + first) * pixel, rows + <usize>first * pixel, <usize>(last - first) * pixel);
          } else {
            for (let b = 0; b < kw; b++) {
              const at = x0 + b * dw;
              if (<u32>at < <u32>w) accumulate(x + <usize>(y * w + at) * pixel, rows + <usize>b * pixel, pixel);
            }
          }
        }
      }
    }
  }
}

/**
 * Adds to dx the gradient of a depthwise convolution's input: dx(y, x, c) += Σ_m dy(i, j, cm + m) · filter(a, b, c, m),
 * m < `m`.
 */
export function depthwiseInput(
  dx: usize, dy: usize, filter: usize, n: i32, h: i32, w: i32, c: i32, m: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  const pixel = <usize>c << 2, outPixel = pixel * <usize>m;
  for (let image = 0; image < n; image++, dx += <usize>(h * w) * pixel) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++, dy += outPixel) {
        for (let a = 0; a < kh; a++) {
          const y = i * sh + a * dh - top;
          if (<u32>y >= <u32>h) continue;
          for (let b = 0; b < kw; b++) {
            const at = j * sw + b * dw - left;
            if (<u32>at >= <u32>w) continue;
            let to = dx + <usize>(y * w + at) * pixel, g = dy, f = filter + <usize>(a * kw + b) * outPixel;
            const end = to + pixel;
            if (m == 1) {
              for (; to + 16 <= end; to += 16, g += 16, f += 16) {
                v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(g), v128.load(f))));
              }
            }
            for (; to < end; to += 4) {
              let sum = load<f32>(to);
              for (let k = 0; k < m; k++, g += 4, f += 4) sum += load<f32>(g) * load<f32>(f);
              store<f32>(to, sum);
            }
          }
        }
      }
    }
  }
}

/** Adds to dw the gradient of a depthwise convolution's filter: dw(a, b, c, m) += x(y, x, c) · dy(i, j, cm + m). */
export function depthwiseFilter(
  dw_: usize, x: usize, dy: usize, n: i32, h: i32, w: i32, c: i32, m: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  const pixel = <usize>c << 2, outPixel = pixel * <usize>m;
  for (let image = 0; image < n; image++, x += <usize>(h * w) * pixel) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++, dy += outPixel) {
        for (let a = 0; a < kh; a++) {
          const y = i * sh + a * dh - top;
          if (<u32>y >= <u32>h) continue;
          for (let b = 0; b < kw; b++) {
            const at = j * sw + b * dw - left;
            if (<u32>at >= <u32>w) continue;
            let from = x + <usize>(y * w + at) * pixel, g = dy, to = dw_ + <usize>(a * kw + b) * outPixel;
            const end = from + pixel;
            if (m == 1) {
              for (; from + 16 <= end; from += 16, g += 16, to += 16) {
                v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(g), v128.load(from))));
              }
            }
            for (; from < end; from += 4) {
              const value = load<f32>(from);
              for (let k = 0; k < m; k++, g += 4, to += 4) store<f32>(to, load<f32>(to) + value * load<f32>(g));
            }
          }
        }
      }
    }
  }
}

/** out[segments[i]] += x[i] for rows of `inner` floats; rows of a segment outside [0, count) are left out. */
export function segmentSum(out: usize, x: usize, segments: usize, rows: i32, inner: i32, count: i32): void {
  const bytes = <usize>inner << 2;
  for (let i = 0; i < rows; i++, x += bytes, segments += 4) {
    const at = load<i32>(segments);
    if (<u32>at < <u32>count) accumulate(out + <usize>at * bytes, x, bytes);
  }
}

/**
 * Adds the sums over the rows of x [rows, inner] to out [inner]: columns by sixteen, then by one, and rows by 256, so
 * that the rounding errors of long sums stay those of short ones.
 */
export function sumRows(out: usize, x: usize, rows: i32, inner: i32): void {
  const stride = <usize>inner << 2;
  for (let top = 0; top < rows; top += 256) {
    const from = x + <usize>top * stride, end = x + <usize>min(top + 256, rows) * stride;
    let column: usize = 0;
    for (; column + 64 <= stride; column += 64) {
      let a = f32x4.splat(0), b = a, c = a, d = a;
      for (let at = from + column; at < end; at += stride) {
        a = f32x4.add(a, v128.load(at));
        b = f32x4.add(b, v128.load(at, 16));
        c = f32x4.add(c, v128.load(at, 32));
        d = f32x4.add(d, v128.load(at, 48));
      }
      const to = out + column;
      v128.store(to, f32x4.add(v128.load(to), a));
      v128.store(to, f32x4.add(v128.load(to, 16), b), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), c), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), d), 48);
    }
    for (; column < stride; column += 4) {
      let sum: f32 = 0;
      for (let at = from + column; at < end; at += stride) sum += load<f32>(at);
      store<f32>(out + column, load<f32>(out + column) + sum);
    }
  }
}
