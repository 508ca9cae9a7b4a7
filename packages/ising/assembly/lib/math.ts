/** The exp of @basin/energy-core/random, operation by operation: the same bits. */

@inline function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>(<u64>(k + 1023) << 52);
}

export function exp(x: f64): f64 {
  if (!(x > -745.2)) return x <= -745.2 ? 0 : NaN;
  if (x > 709.79) return Infinity;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const high = x - k * 0.6931471803691238;
  const low = k * 1.9082149292705877e-10;
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
