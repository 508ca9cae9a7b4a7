import { ArgumentError } from "@basin/energy-core";
import { type LogitOptions, openLogits, otherThanDistribution, type Rows, type RowsLike } from "./rows.ts";

/** Of which the exponential is the least above 0. */
const LEAST = -745;

/**
 * Returns logits `[n, classes]` to read, for a score that stays as it is when a constant is added to the logits of a
 * row: for probabilities, if they are said to be such, their logarithms.
 *
 * @throws {ArgumentError} naming the row that is no probabilities.
 */
export function openShiftFree(source: RowsLike, options: LogitOptions = {}): Rows {
  const rows = openLogits(source, options, true);
  if (options.of !== "probabilities") return rows;
  const other = otherThanDistribution(rows, (p) => p);
  if (other < rows.count)
    throw new ArgumentError(`row ${other} of the probabilities is not within [0, 1] and of sum 1`);
  return { ...rows, data: Float64Array.from(rows.data, (p) => Math.max(LEAST, Math.log(p))) };
}
