import { checkLength, checkNumber, type NumberRange } from "../errors.ts";
import { toVector, type VectorLike } from "../matrix.ts";

/**
 * Returns `length` numbers: those given, or one number for all of them; each within `range`. Errors call them `name`.
 */
export function oneEach(
  name: string,
  given: number | VectorLike,
  length: number,
  range: NumberRange = {},
): Float64Array {
  const values = typeof given === "number" ? given : toVector(given, name);
  if (typeof values !== "number") checkLength(name, values.length, length);
  return Float64Array.from({ length }, (_, i) =>
    checkNumber(`${name}[${i}]`, typeof values === "number" ? values : values[i], range),
  );
}
