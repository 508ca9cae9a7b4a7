/**
 * exp and log that give the same bits in every engine and in wasm. `Math.exp` and `Math.log` differ between engines in
 * the last place; these use only IEEE 754 additions, multiplications and divisions, in a fixed order, and stay within
 * 1 ulp of the true value (tested). The AssemblyScript twins repeat them operation by operation.
 */

const LN2_HIGH = 0.6931471803691238; // upper 33 bits of ln 2, so that k · LN2_HIGH is exact for |k| < 2^11
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;

const bits = new DataView(new ArrayBuffer(8));

/** Returns 2^k for an integer k in [−1022, 1023]. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/**
 * Returns e^x, the same bits on every platform; 0 below −745.14 and +∞ above 709.79.
 *
 * Method: x = k ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor polynomial of degree 13 of e^r (its remainder is below
 * 5e-18) and a scaling by 2^k.
 *
 * @example
 * ```ts
 * import { exp } from "@basin/energy-core/random";
 *
 * console.log(exp(1)); // 2.718281828459045
 * ```
 */
export function exp(x: number): number {
  if (!(x > -745.2)) return x <= -745.2 ? 0 : Number.NaN;
  if (x > 709.79) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  let p = 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  // The rounding error of r is carried along; 1 + r is added last, where it loses least.
  const correction = high - r - low;
  const value = 1 + (r + (r * r * p + correction));
  // Two factors, because 2^k alone leaves the normal range at both ends.
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/**
 * Returns ln x, the same bits on every platform; −∞ at 0 and NaN below.
 *
 * Method: x = 2^k m with m in [√½, √2), s = (m − 1)/(m + 1), ln m = 2 artanh s by its odd series to s²³.
 *
 * @example
 * ```ts
 * import { log } from "@basin/energy-core/random";
 *
 * console.log(log(2)); // 0.6931471805599453
 * ```
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let m = x;
  if (m < 2.2250738585072014e-308) {
    m *= 18014398509481984; // 2^54 lifts a subnormal into the normal range
    k = -54;
  }
  bits.setFloat64(0, m);
  const high = bits.getUint32(0);
  k += (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p = 1 / 23;
  p = p * z + 1 / 21;
  p = p * z + 1 / 19;
  p = p * z + 1 / 17;
  p = p * z + 1 / 15;
  p = p * z + 1 / 13;
  p = p * z + 1 / 11;
  p = p * z + 1 / 9;
  p = p * z + 1 / 7;
  p = p * z + 1 / 5;
  p = p * z + 1 / 3;
  // 2 artanh s = f − (f²/2 − s (f²/2 + 2 z p)): the form of FreeBSD's msun, where the leading f is exact.
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + 2 * z * p) + k * LN2_LOW) - f);
}
