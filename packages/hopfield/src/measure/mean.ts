/** A mean over independent networks, with its standard error. */
export interface Estimate {
  readonly mean: number;
  /** Standard deviation between networks divided by √networks; NaN for a single one. */
  readonly standardError: number;
}

/** Returns the mean of independent values and its standard error. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: n > 1 ? Math.sqrt(square / (n * (n - 1))) : Number.NaN };
}
