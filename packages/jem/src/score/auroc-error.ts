import { ArgumentError } from "@basin/energy-core";

/**
 * Returns the standard error of an AUROC P(E_out > E_in) + ½ P(E_out = E_in), from the variances of the placements of each set among the
 * other (DeLong, DeLong & Clarke-Pearson 1988).
 *
 * @throws {ArgumentError} for fewer than two energies in a set.
 *
 * @example
 * ```ts
 * import { aurocStandardError } from "@basin/jem";
 *
 * console.log(aurocStandardError([0, 1, 2, 3], [2, 3, 4, 5]).toFixed(3));
 * ```
 */
export function aurocStandardError(inside: ArrayLike<number>, outside: ArrayLike<number>): number {
  for (const [name, set] of [
    ["in-distribution", inside],
    ["outlier", outside],
  ] as const) {
    if (set.length < 2)
      throw new ArgumentError(`there is ${set.length} ${name} energy, expected at least two for an error`);
  }
  const [a, b] = [Float64Array.from(inside).sort(), Float64Array.from(outside).sort()];
  return Math.sqrt(variance(placements(a, b)) / a.length + variance(placements(b, a)) / b.length);
}

/** Share of `others` below each of the sorted `values`, ties counted half. */
function placements(values: Float64Array, others: Float64Array): Float64Array {
  let [below, upTo] = [0, 0];
  return values.map((value) => {
    while (below < others.length && others[below] < value) below++;
    while (upTo < others.length && others[upTo] <= value) upTo++;
    return (below + upTo) / 2 / others.length;
  });
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
