// Densities of the sampler benchmarks. All pointers are bytes; the caller lays out the memory.

import { expOfMinusSize } from "../../internal/wasm/assembly/lib/exp";

/** g = P x for a dense d × d matrix, d a multiple of 4; returns ½ xᵀ P x. */
export function gaussian(p: usize, x: usize, g: usize, d: i32): f64 {
  let energy = f64x2.splat(0);
  const width = usize(d) << 3;
  for (let i: usize = 0; i < width; i += 32) {
    const r0 = p + i * usize(d);
    const r1 = r0 + width;
    const r2 = r1 + width;
    const r3 = r2 + width;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let j: usize = 0; j < width; j += 16) {
      const v = v128.load(x + j);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(r0 + j), v));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(r1 + j), v));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(r2 + j), v));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(r3 + j), v));
    }
    const low = pairs(s0, s1);
    const high = pairs(s2, s3);
    v128.store(g + i, low);
    v128.store(g + i, high, 16);
    energy = f64x2.add(energy, f64x2.mul(low, v128.load(x + i)));
    energy = f64x2.add(energy, f64x2.mul(high, v128.load(x + i, 16)));
  }
  return 0.5 * (f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1));
}

// @ts-ignore: decorator
@inline
function pairs(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/**
 * Logistic regression with prior N(0, 1): g = ∇E and the return value E for coefficients at `beta`. `z` holds d columns
 * of n values y_i x_ij with y = ±1, n a multiple of 8; `sums` is scratch of (d + 1) · 16 bytes, whose last two numbers
 * return factors whose logarithms the caller adds. E = Σ log(1 + exp(−m_i)) + ½ |β|², m = Z β.
 */
export function logistic(z: usize, beta: usize, g: usize, sums: usize, n: i32, d: i32): f64 {
  const height = usize(n) << 3;
  memory.fill(sums, 0, usize(d) << 4);
  let product = f64x2.splat(1);
  let energy = f64x2.splat(0);
  for (let i: usize = 0; i < height; i += 64) {
    let m0 = f64x2.splat(0);
    let m1 = m0;
    let m2 = m0;
    let m3 = m0;
    let at = z + i;
    for (let j: usize = 0; j < usize(d) << 3; j += 8) {
      const b = v128.load64_splat(beta + j);
      m0 = f64x2.add(m0, f64x2.mul(v128.load(at), b));
      m1 = f64x2.add(m1, f64x2.mul(v128.load(at, 16), b));
      m2 = f64x2.add(m2, f64x2.mul(v128.load(at, 32), b));
      m3 = f64x2.add(m3, f64x2.mul(v128.load(at, 48), b));
      at += height;
    }
    // With e = exp(−|m|): log(1 + exp(−m)) = max(−m, 0) + log(1 + e). The factors 1 + e lie in (1, 2], so 1000 of them
    // fit a double.
    const zero = f64x2.splat(0);
    const one = f64x2.splat(1);
    const e0 = expOfMinusSize(m0);
    const e1 = expOfMinusSize(m1);
    const e2 = expOfMinusSize(m2);
    const e3 = expOfMinusSize(m3);
    const f0 = f64x2.add(one, e0);
    const f1 = f64x2.add(one, e1);
    const f2 = f64x2.add(one, e2);
    const f3 = f64x2.add(one, e3);
    product = f64x2.mul(f64x2.mul(product, f64x2.mul(f0, f1)), f64x2.mul(f2, f3));
    energy = f64x2.sub(energy, f64x2.add(f64x2.add(f64x2.pmin(m0, zero), f64x2.pmin(m1, zero)), f64x2.add(f64x2.pmin(m2, zero), f64x2.pmin(m3, zero))));
    const w0 = weight(m0, e0, f0);
    const w1 = weight(m1, e1, f1);
    const w2 = weight(m2, e2, f2);
    const w3 = weight(m3, e3, f3);
    at = z + i;
    for (let j: usize = 0; j < usize(d) << 4; j += 16) {
      const a = f64x2.add(f64x2.mul(v128.load(at), w0), f64x2.mul(v128.load(at, 16), w1));
      const b = f64x2.add(f64x2.mul(v128.load(at, 32), w2), f64x2.mul(v128.load(at, 48), w3));
      v128.store(sums + j, f64x2.sub(v128.load(sums + j), f64x2.add(a, b)));
      at += height;
    }
  }
  let total = f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1);
  v128.store(sums + (usize(d) << 4), product);
  for (let j: usize = 0; j < usize(d); j++) {
    const b = load<f64>(beta + (j << 3));
    const sum = v128.load(sums + (j << 4));
    store<f64>(g + (j << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) + b);
    total += 0.5 * b * b;
  }
  return total;
}

/** σ(−m) from e = exp(−|m|) and f = 1 + e. */
// @ts-ignore: decorator
@inline
function weight(m: v128, e: v128, f: v128): v128 {
  return f64x2.div(v128.bitselect(f64x2.splat(1), e, f64x2.lt(m, f64x2.splat(0))), f);
}
