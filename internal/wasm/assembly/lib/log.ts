/** Logarithms, by ln m = 2 artanh((m − 1)/(m + 1)) for a mantissa m in [√½, √2) unless it says otherwise. */

/** ln x for normal x in (0, 1), operation by operation as `log` of @basin/energy-core/random. */
@inline export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p: f64 = 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const halfSquare = 0.5 * f * f;
  const exponent = <f64>k;
  return exponent * 0.6931471803691238 - (halfSquare - (s * (halfSquare + 2 * z * p) + exponent * 1.9082149292705877e-10) - f);
}

/** ln x of four normal floats in (0, 1]. The twin is `log32` of @basin/energy-core/internal. */
@inline export function log32(x: v128): v128 {
  const k = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(x, i32x4.shl(k, 23));
  const f = f32x4.sub(m, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(z, f32x4.splat(0.1111111111111111)), f32x4.splat(0.14285714285714285));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.3333333333333333));
  const t = f32x4.add(s, s);
  return f32x4.add(
    f32x4.mul(f32x4.convert_i32x4_s(k), f32x4.splat(0.6931471805599453)),
    f32x4.add(t, f32x4.mul(t, f32x4.mul(z, p))),
  );
}

/**
 * −log₂ u of four random words, u an odd multiple of 2⁻³¹ until rounding, by a polynomial of its mantissa; the error is
 * below 3e-6. The twin is `minusLog2` of @basin/energy-core/internal.
 */
@inline export function minusLog2(words: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.convert_i32x4_s(v128.or(i32x4.shr_u(words, 1), i32x4.splat(1)));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_u(u, 23));
  const t = f32x4.sub(v128.or(v128.and(u, i32x4.splat(0x7fffff)), i32x4.splat(0x3f800000)), one);
  let q = f32x4.add(f32x4.mul(f32x4.splat(-0.025841420888646553), t), f32x4.splat(0.0959564017528214));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-0.18194884299518166));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.27560030231587385));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-0.4425449427178053));
  const mantissa = f32x4.mul(t, f32x4.add(f32x4.mul(f32x4.sub(t, one), q), one));
  return f32x4.sub(f32x4.sub(f32x4.splat(158), exponent), mantissa);
}
