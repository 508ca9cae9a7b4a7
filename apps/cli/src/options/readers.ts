import type { BasinError, NumberRange } from "@basin/energy-core";
import { InvalidArgumentError } from "commander";

/** Reads the text of an option. */
export type Reader<T> = (text: string) => T | Promise<T>;

/** Returns a reader of a number within `range`. Its error names the allowed values. */
export function number(range: NumberRange = {}): Reader<number> {
  return async (text) => {
    // Number("") is 0, but an empty value is a mistake.
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const { checkNumber } = await import("@basin/energy-core");
    try {
      return checkNumber("value", value, range);
    } catch (error) {
      const expected = (error as BasinError).message.replace(/^value is .*?, e/, "E");
      throw new InvalidArgumentError(`${expected}.`);
    }
  };
}

/** Returns a reader of a whole number from `min` to `max` (default: the largest exact integer). */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return number({ integer: true, min, max });
}

/** Returns a reader of numbers separated by commas, or `from:to:step` ranges with both ends included. */
export function numberList(range: NumberRange = {}): Reader<number[]> {
  const one = number(range);
  return async (text) => (await Promise.all(text.split(",").map((part) => numbersOf(part, one)))).flat();
}

async function numbersOf(part: string, one: Reader<number>): Promise<number[]> {
  const bounds = part.split(":");
  if (bounds.length === 1) return [await one(part)];
  if (bounds.length !== 3) throw new InvalidArgumentError("Expected numbers a,b,c or ranges from:to:step.");
  const [from, to, step] = await Promise.all(bounds.map(number()));
  if (!(step > 0) || to < from)
    throw new InvalidArgumentError(`The range ${part} needs from ≤ to and a step above 0.`);
  if (from < to && step > to - from)
    throw new InvalidArgumentError(
      `The range ${part} is from:to:step, and its step is longer than the range, which leaves ${from} alone. For ${step} values from ${from} to ${to} give the step, and for one value that alone.`,
    );
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > 100_000)
    throw new InvalidArgumentError(`The range ${part} has ${count} values, at most 100000 are allowed.`);
  // Twelve digits remove the rounding error of 1.5 + 3 · 0.1 and keep the numbers that were typed.
  const at = (i: number) => String(Number((from + i * step).toPrecision(12)));
  return Promise.all(Array.from({ length: count }, (_, i) => one(at(i))));
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Returns the seconds of "10s", "2m", "500ms" or a plain number, which is in seconds. */
export function duration(text: string): number {
  const [, amount, unit] = /^(\d+\.?\d*|\.\d+)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? "s"] ?? Number.NaN);
  if (seconds > 0 && seconds <= 1e7) return seconds;
  throw new InvalidArgumentError("Expected a duration above 0, such as 10s, 2m or 500ms.");
}

/** Returns the two numbers of "0.1:8". */
export async function range(text: string): Promise<[hot: number, cold: number]> {
  const ends = await Promise.all(text.split(":").map(number({ above: 0 })));
  if (ends.length === 2 && ends[0] <= ends[1]) return [ends[0], ends[1]];
  throw new InvalidArgumentError("Expected two numbers hot:cold with hot ≤ cold, such as 0.1:8.");
}

/** Returns names separated by commas. */
export function words(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("A name between the commas is empty.");
  return refuseTwice(names);
}

/** Returns a reader that refuses a list with the same entry twice. */
export function distinct<T>(read: Reader<T[]>): Reader<T[]> {
  return async (text) => refuseTwice(await read(text));
}

function refuseTwice<T>(values: T[]): T[] {
  const twice = values.find((value, k) => values.indexOf(value) < k);
  if (twice === undefined) return values;
  throw new InvalidArgumentError(`It has ${twice} twice, expected each once.`);
}

/** Returns a temperature: a number at least 0, or Infinity. */
export function temperature(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError("Expected a number at least 0, or Infinity.");
}

const LARGEST_SIDE = 32_768;

/** Returns the side of a lattice, or its sides. */
export function sides(text: string): number | number[] {
  const found = text.split(/[x×]/).map((side) => (side.trim() === "" ? Number.NaN : Number(side)));
  if (!found.every((side) => Number.isInteger(side) && side >= 1 && side <= LARGEST_SIDE))
    throw new InvalidArgumentError(
      `Expected a side such as 64, or sides such as 64x32: integers from 1 to ${LARGEST_SIDE}.`,
    );
  return found.length === 1 ? found[0] : found;
}

/** Returns one number for all, or a list with one number for each. */
export async function numberOrList(text: string): Promise<number | number[]> {
  const values = await numberList()(text);
  return values.length === 1 ? values[0] : values;
}

/** Returns a JSON object. */
export function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The error below covers text that is not JSON, too.
  }
  throw new InvalidArgumentError('Expected a JSON object such as {"metric":"dense"}.');
}
