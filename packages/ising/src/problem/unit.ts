const FRACTION_BITS = 40;

/**
 * Returns the greatest u of which every value is an integer multiple; of doubles with at most {@link FRACTION_BITS}
 * binary places; `undefined` where sums of all of them would round.
 */
export function commonUnit(arrays: readonly Float64Array[]): number | undefined {
  let scale = 1;
  let largest = 0;
  for (const values of arrays) {
    for (const value of values) {
      while (!Number.isInteger(value * scale)) {
        if (scale >= 2 ** FRACTION_BITS) return undefined;
        scale *= 2;
      }
      largest = Math.max(largest, Math.abs(value));
    }
  }
  if (largest === 0) return 1;
  if (largest * scale > Number.MAX_SAFE_INTEGER) return undefined;
  let divisor = 0;
  for (const values of arrays) {
    for (const value of values) divisor = greatestCommonDivisor(divisor, Math.abs(value * scale));
  }
  const unit = divisor / scale;
  let total = 0;
  for (const values of arrays) for (const value of values) total += Math.abs(value / unit);
  return total <= Number.MAX_SAFE_INTEGER ? unit : undefined;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
