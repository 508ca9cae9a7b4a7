/**
 * Returns mean and standard deviation of the share of m fresh draws below the k-th of n earlier ones, k = ⌈(n + 1)
 * keep⌉, whatever they are drawn from: a beta-binomial law with mean k/(n + 1).
 */
export function lawOfKept(keep: number, n: number, m: number): { exact: number; standardError: number } {
  // In whole hundredths, as the slider has them, so that rounding adds no digit.
  const k = Math.min(n + 1, Math.ceil(((n + 1) * Math.round(100 * keep)) / 100));
  const exact = k / (n + 1);
  return { exact, standardError: Math.sqrt(exact * (1 - exact) * (1 / m + (1 - 1 / m) / (n + 2))) };
}
