import { exactSum } from "./exact-sum.ts";

/**
 * Returns the double nearest to the sum of the first `count` values, by compensated addition (Neumaier 1974), and
 * exactly where the bound on what that misses leaves the rounding open: many times faster than {@link exactSum}, and
 * the same bits.
 */
export function roundedSum(values: Float64Array, count = values.length): number {
  let high = 0;
  let low = 0;
  let missed = 0;
  let whole = true;
  for (let t = 0; t < count; t++) {
    const value = values[t];
    const sum = high + value;
    const part = sum - high;
    const lost = high - (sum - part) + (value - part);
    high = sum;
    if (lost === 0) continue;
    const rest = low + lost;
    const back = rest - low;
    if (low - (rest - back) + (lost - back) !== 0) whole = false;
    missed += Math.abs(lost);
    low = rest;
  }
  const total = high + low;
  // Where nothing was lost from the small sum either, the two are the sum.
  if (whole) return total;
  const rest = low - (total - high);
  const bound = count * missed * 2 ** -52;
  if (total + (rest + bound) === total && total + (rest - bound) === total) return total;
  return exactSum(values.subarray(0, count));
}
