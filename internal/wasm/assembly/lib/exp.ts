/**
 * e^x in the three widths that kernels use: x = k ln 2 + r with |r| ≤ ln 2 / 2, Taylor's series of e^r, and 2^k from
 * exponent bits. ln 2 comes in two parts, the first exact in few bits, so that k times it is exact.
 */
import { madd } from "./vectors";

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const LOG2E: f64 = 1.4426950408889634;

@inline function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>(<u64>(k + 1023) << 52);
}

/** The `exp` of @basin/energy-core/random, operation by operation: the same bits. */
export function exp(x: f64): f64 {
  if (!(x > -745.2)) return x <= -745.2 ? 0 : NaN;
  if (x > 709.79) return Infinity;
  const k = Math.floor(x * LOG2E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  let p: f64 = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  const correction = high - r - low;
  const value = 1 + (r + (r * r * p + correction));
  const half = <i32>k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(<i32>k - half);
}

/** e^x of four floats in [−87, 88] to a few units in the last place; elsewhere it means nothing. */
@inline function exponential(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  const r = madd(n, f32x4.splat(2.12194440e-4), madd(n, f32x4.splat(-0.693359375), x));
  let p = madd(r, f32x4.splat(1.0 / 720.0), f32x4.splat(1.0 / 120.0));
  p = madd(p, r, f32x4.splat(1.0 / 24.0));
  p = madd(p, r, f32x4.splat(1.0 / 6.0));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(p, r, f32x4.splat(1));
  p = madd(p, r, f32x4.splat(1));
  return f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}

/** e^x of four floats x ≤ 0, and 0 below −87. The twin is `expBelow` of @basin/energy-core/internal. */
@inline export function expBelow(x: v128): v128 {
  return v128.and(exponential(x), f32x4.ge(x, f32x4.splat(-87)));
}

/** e^x of four floats, x clamped to [−87, 88]. */
@inline export function expClamped(x: v128): v128 {
  return exponential(f32x4.max(f32x4.splat(-87), f32x4.min(f32x4.splat(88), x)));
}

/** e^(−|x|) of two doubles to about 1e-15; |x| is held below 700. */
@inline export function expOfMinusSize(value: v128): v128 {
  const x = f64x2.neg(f64x2.pmin(f64x2.abs(value), f64x2.splat(700)));
  // Adding 1.5 · 2^52 rounds to an integer and leaves it in the low bits.
  const magic = f64x2.splat(6755399441055744);
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2E)), magic);
  const k = f64x2.sub(shifted, magic);
  let r = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let p = f64x2.splat(1 / 39916800.0);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 3628800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 362880.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 40320.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 5040.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 720.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 120.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 24.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 6.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  return f64x2.mul(p, i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52));
}

const STEP: f64 = 0.6931471805599453 / 1024;

/**
 * e^x of two doubles −708 ≤ x ≤ 0, given as u = x · 1024/ln 2, by a table of 2^(j/1024), 1024 doubles; NaN of NaN. The
 * twin is `expOfSteps` of
 * @basin/jem's outliers.
 */
@inline export function expOfSteps(u: v128, table: usize): v128 {
  const magic = f64x2.splat(6755399441055744);
  const shifted = f64x2.add(u, magic);
  const f = f64x2.sub(u, f64x2.sub(shifted, magic));
  let p = f64x2.add(f64x2.splat((STEP * STEP) / 2), f64x2.mul(f, f64x2.splat((STEP * STEP * STEP) / 6)));
  p = f64x2.add(f64x2.splat(STEP), f64x2.mul(f, p));
  p = f64x2.add(f64x2.splat(1), f64x2.mul(f, p));
  const first = v128.load64_zero(table + <usize>((i32x4.extract_lane(shifted, 0) & 1023) << 3));
  const fraction = v128.load64_lane(table + <usize>((i32x4.extract_lane(shifted, 2) & 1023) << 3), first, 1);
  // The power of two is added to the exponent.
  return f64x2.mul(i64x2.add(fraction, i64x2.shl(i64x2.shr_u(shifted, 10), 52)), p);
}
