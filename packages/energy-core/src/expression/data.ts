import { ArgumentError } from "../errors.ts";
import { kindOf } from "../kind-of.ts";
import { toMatrix, toVector } from "../matrix.ts";

/**
 * Returns the numbers and the shape of data for `operation`; a Float64Array is not copied.
 *
 * @throws {ArgumentError} for what is no vector or matrix of numbers, and for NaN, with its place.
 */
export function readData(data: object, operation: string): { values: Float64Array; shape: number[] } {
  const found = read(data, operation);
  const bad = found.values.findIndex(Number.isNaN);
  if (bad >= 0) {
    const given: unknown = found.shape.length === 1 ? (data as ArrayLike<unknown>)[bad] : Number.NaN;
    throw new ArgumentError(`${operation} was given data with ${kindOf(given ?? Number.NaN)} at ${bad}`);
  }
  return found;
}

function read(data: object, operation: string): { values: Float64Array; shape: number[] } {
  if (data instanceof Float64Array) return { values: data, shape: [data.length] };
  const { shape } = data as { shape?: number[] };
  const list = data as ArrayLike<number>;
  const isVector = shape === undefined && Number.isSafeInteger(list.length) && typeof list[0] !== "object";
  if ((isVector && list.length > 0) || shape?.length === 1) {
    const values = Float64Array.from(toVector(list, `the data of ${operation}`), number);
    return { values, shape: [values.length] };
  }
  if (shape?.length === 2 || Array.isArray(data)) {
    const matrix = toMatrix(data as number[][], Float64Array, `the data of ${operation}`);
    if (matrix.data.length > 0) return { values: matrix.data, shape: [...matrix.shape] };
  }
  throw new ArgumentError(`${operation} was given ${kindOf(data)}, expected a value, a vector or a matrix`);
}

/** Booleans count as 0 and 1; what is no number becomes NaN, which is refused with its place. */
function number(value: unknown): number {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : Number.NaN;
}
