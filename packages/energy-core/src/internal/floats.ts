/**
 * Twins of the float lanes of internal/wasm/assembly/lib: every operation in the same order, rounded to 32 bits by
 * `Math.fround`, so that both give the same bits. (Rounding a double result of +, −, ×, ÷ or √ of two floats gives the
 * float result.)
 */

const f = Math.fround;
const LOG2E = f(Math.LOG2E);
const LN2 = f(Math.LN2);
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
/** Adding and subtracting 1.5 · 2²³ rounds to the nearest integer, ties to even. */
const MAGIC = 12582912;
const EXP = [1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1].map(f);
const LOG = [1 / 9, 1 / 7, 1 / 5, 1 / 3].map(f);
const LOG2 = [
  -0.025841420888646553, 0.0959564017528214, -0.18194884299518166, 0.27560030231587385, -0.4425449427178053,
].map(f);

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The polynomial of these coefficients, highest first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let p = coefficients[0];
  for (let n = 1; n < coefficients.length; n++) p = f(f(p * x) + coefficients[n]);
  return p;
}

/** Returns e^x of a float x ≤ 0, and 0 below −87. */
export function expBelow(x: number): number {
  if (!(x >= -87)) return 0;
  const k = f(f(f(x * LOG2E) + MAGIC) - MAGIC);
  const r = f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));
  const p = polynomial(EXP, r);
  bits[0] = (k + 127) << 23;
  return f(p * float[0]);
}

/** Returns ln x of a normal float in (0, 1]. */
export function log32(x: number): number {
  float[0] = x;
  const k = (bits[0] - 0x3f3504f3) >> 23;
  bits[0] -= k << 23;
  const m = f(float[0] - 1);
  const s = f(m / f(m + 2));
  const z = f(s * s);
  const t = f(s + s);
  return f(f(k * LN2) + f(t + f(t * f(z * polynomial(LOG, z)))));
}

/** Returns −log₂ u of a random word, u an odd multiple of 2⁻³¹ until rounding. */
export function minusLog2(word: number): number {
  float[0] = (word >>> 1) | 1;
  const exponent = bits[0] >>> 23;
  bits[0] = (bits[0] & 0x7fffff) | 0x3f800000;
  const t = f(float[0] - 1);
  const mantissa = f(t * f(f(f(t - 1) * polynomial(LOG2, t)) + 1));
  return f(f(158 - exponent) - mantissa);
}
