import { ExactSum } from "./exact-sum.ts";

/**
 * Returns the double nearest to Σ_t term(t), for t from 0 to `count` − 1, by compensated addition (Neumaier 1974), and exactly where the bound
 * on what that misses leaves the rounding open: many times faster than {@link ExactSum}, and the same bits.
 */
export function roundedSum(count: number, term: (t: number) => number): number {
  let high = 0;
  let low = 0;
  let missed = 0;
  for (let t = 0; t < count; t++) {
    const value = term(t);
    const sum = high + value;
    const part = sum - high;
    const lost = high - (sum - part) + (value - part);
    low += lost;
    missed += Math.abs(lost);
    high = sum;
  }
  const total = high + low;
  const rest = low - (total - high);
  const bound = count * missed * 2 ** -52;
  if (total + (rest + bound) === total && total + (rest - bound) === total) return total;
  const exact = new ExactSum();
  for (let t = 0; t < count; t++) exact.add(term(t));
  return exact.value();
}
