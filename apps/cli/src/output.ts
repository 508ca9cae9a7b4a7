/** Returns `value` as indented JSON; NaN and ±∞ become the strings "NaN", "Infinity" and "-Infinity". */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, entry) => (ArrayBuffer.isView(entry) ? [...(entry as Float64Array)] : plain(entry)),
    2,
  );
}

function plain(entry: unknown): unknown {
  return typeof entry === "number" && !Number.isFinite(entry) ? String(entry) : entry;
}

/** Returns "mean ± standard error", with the error to two digits and the mean to its last place. */
export function withError({ mean, standardError }: { mean: number; standardError: number }): string {
  // Equal numbers have an error that is only rounding.
  if (!(standardError > 1e-12 * Math.abs(mean))) return significant(mean, 6);
  const places = Math.min(15, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
  return `${mean.toFixed(places)} ± ${standardError.toFixed(places)}`;
}

/** Returns a number with a given number of digits, without trailing zeros. */
export function significant(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** Returns an estimate and its autocorrelation time as two cells of a table. */
export function estimateCells(estimate: {
  mean: number;
  standardError: number;
  autocorrelationTime: number;
}): [string, string] {
  return [withError(estimate), `τ = ${estimate.autocorrelationTime.toPrecision(3)}`];
}

/** Returns rows as lines with aligned columns, below a heading if there is one. */
export function table(rows: readonly (readonly string[])[], head?: readonly string[]): string[] {
  const all = head ? [head, ...rows] : rows;
  const widths = all[0].map((_, k) => Math.max(...all.map((row) => row[k].length)));
  return all.map((row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k]))
      .join("   ")
      .trimEnd(),
  );
}

/** Returns the mean of independent figures and its standard error. */
export function estimateOf(values: readonly number[]): { mean: number; standardError: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: n > 1 ? Math.sqrt(square / (n * (n - 1))) : Number.NaN };
}
