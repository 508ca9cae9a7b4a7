import { ArgumentError } from "@basin/energy-core";

// Strings are matched first, so that words inside them stay.
const TOKENS = /"(?:[^"\\]|\\.)*"|[+-]?\b(?:Infinity|NaN)\b/g;

/**
 * Returns the value of JSON text in which NaN and ±Infinity may stand, as Python writes them. NaN becomes null.
 *
 * @throws {ArgumentError} for text that is no JSON, with the place.
 */
export function parseJson(text: string): unknown {
  const clean = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(clean);
  } catch {
    // Strict JSON has no such numbers, but a number beyond the doubles is legal and infinite.
    const strict = clean.replace(TOKENS, (token) =>
      token.startsWith('"')
        ? token
        : token.endsWith("NaN")
          ? "null"
          : token.startsWith("-")
            ? "-1e999"
            : "1e999",
    );
    try {
      return JSON.parse(strict);
    } catch (cause) {
      throw new ArgumentError(`this is not JSON: ${(cause as Error).message}`, { cause });
    }
  }
}

/** Nested lists of numbers as they stand in JSON: null is NaN. */
export type Nested = number | boolean | null | readonly Nested[];

/**
 * Returns nested lists as numbers in row-major order, and their shape.
 *
 * @throws {ArgumentError} for ragged lists, and for anything but numbers, booleans and null, naming the value.
 */
export function flatten(name: string, values: unknown): { shape: number[]; data: Float64Array } {
  const shape: number[] = [];
  for (let inner: unknown = values; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  const data = new Float64Array(shape.reduce((size, length) => size * length, 1));
  let at = 0;
  const visit = (value: unknown, axis: number): void => {
    if (axis === shape.length) data[at++] = numberOf(name, value);
    else if (Array.isArray(value) && value.length === shape[axis]) {
      for (const inner of value) visit(inner, axis + 1);
    } else throw new ArgumentError(`the variable "${name}" is ragged: its lists differ in length`);
  };
  visit(values, 0);
  return { shape, data };
}

function numberOf(name: string, value: unknown): number {
  if (value === null) return Number.NaN;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (Array.isArray(value))
    throw new ArgumentError(`the variable "${name}" is ragged: its lists differ in depth`);
  throw new ArgumentError(`the variable "${name}" holds ${JSON.stringify(value)}, expected a number`);
}
