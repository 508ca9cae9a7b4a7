import { ArgumentError } from "@basin/energy-core";
import { type LogitOptions, openLogits, otherThanDistribution, type Rows, type RowsLike } from "./rows.ts";

/** The smallest logarithm whose exponential is above 0. */
const LEAST = -745;

/**
 * Returns logits `[n, classes]` to read, for a score that does not change when a constant is added to the logits of a
 * row. Probabilities, if `of` declares them, are replaced by their logarithms.
 *
 * @throws {ArgumentError} naming the row that does not hold probabilities.
 */
export function openShiftFree(source: RowsLike, options: LogitOptions = {}): Rows {
  const rows = openLogits(source, options, true);
  if (options.of !== "probabilities") return rows;
  const other = otherThanDistribution(rows, (p) => p);
  if (other < rows.count)
    throw new ArgumentError(`row ${other} of the probabilities is not within [0, 1] and of sum 1`);
  return { ...rows, data: Float64Array.from(rows.data, (p) => Math.max(LEAST, Math.log(p))) };
}
