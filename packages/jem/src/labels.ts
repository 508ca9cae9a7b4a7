import { ArgumentError } from "@basin/energy-core";
import { checkLength, kindOf } from "@basin/energy-core/internal";

/**
 * Returns `labels` if they are classes from 0 to `classes` − 1, one for each input.
 *
 * @param count how many inputs there are; as many as labels when left out.
 * @throws {ArgumentError} naming what they are instead: one-hot rows, names, classes from 1 on, a tensor, a promise;
 * {DimensionError} for another number of them.
 */
export function checkLabels(labels: ArrayLike<number>, classes: number, count?: number): ArrayLike<number> {
  const n = (labels as ArrayLike<number> | undefined)?.length;
  const isList = typeof labels === "object" && Number.isSafeInteger(n);
  if (!isList) throw new ArgumentError(`labels is ${kindOf(labels)}, expected a class an input, from 0 on`);
  const oneHot = typeof labels[0] === "object" && labels[0] !== null;
  const flat =
    count !== undefined && count > 0 && classes > 1 && n === count * classes && isOneHot(labels, classes);
  if (oneHot || flat)
    throw new ArgumentError(
      `labels are ${oneHot ? kindOf(labels) : `${count} rows with a 1 in each`}, expected a class an input: of one-hot rows, the place of the 1 (row.indexOf(1))`,
    );
  if (count !== undefined) checkLength("labels", labels.length, count);
  const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < classes;
  for (let i = 0; i < labels.length; i++) {
    if (isClass(labels[i])) continue;
    throw new ArgumentError(
      `label ${i} is ${kindOf(labels[i])}, expected an integer from 0 to ${classes - 1}${advice(labels, labels[i], classes)}`,
    );
  }
  return labels;
}

function advice(labels: ArrayLike<number>, label: unknown, classes: number): string {
  if (typeof label === "string") return "; number names by their place in a list (names.indexOf(name))";
  if (typeof label === "bigint") return "; make them numbers (Array.from(labels, Number))";
  const fromOne =
    label === classes && Array.from(labels).every((y) => Number.isInteger(y) && y >= 1 && y <= classes);
  return fromOne ? "; these run from 1: subtract 1" : "";
}

function isOneHot(values: ArrayLike<number>, classes: number): boolean {
  let ones = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0 && values[i] !== 1) return false;
    ones += values[i];
    if ((i + 1) % classes === 0 && ones !== (i + 1) / classes) return false;
  }
  return true;
}
