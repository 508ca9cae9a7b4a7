/** Returns the numbers of 16-bit floats (IEEE 754 binary16), given as the integers that their bits are. */
export function halfFloats(bits: ArrayLike<number>): Float32Array {
  return Float32Array.from(bits, (word) => {
    const sign = word & 0x8000 ? -1 : 1;
    const [exponent, fraction] = [(word >> 10) & 31, word & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
