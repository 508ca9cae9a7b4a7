/** The bits of doubles, for the functions that machine code is made of. */

const bits = new DataView(new ArrayBuffer(8));

/** Returns the exponent k of a normal x = 2^k m, m in [1, 2). */
export function exponentOf(x: number): number {
  bits.setFloat64(0, x);
  return (bits.getUint32(0) >>> 20) - 1023;
}

/** Returns the mantissa m in [1, 2) of a normal x > 0. */
export function mantissaOf(x: number): number {
  bits.setFloat64(0, x);
  bits.setUint32(0, (bits.getUint32(0) & 0xfffff) | 0x3ff00000);
  return bits.getFloat64(0);
}

/** Returns 2^k for an integer k in [−1022, 1023]. */
export function twoTo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}
