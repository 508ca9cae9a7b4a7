import { type BasinError, checkNumber, type NumberRange } from "@basin/energy-core";
import { InvalidArgumentError, Option } from "commander";

/** Returns a parser for a number within `range`; the refusal names what is allowed. */
export function number(range: NumberRange = {}): (text: string) => number {
  return (text) => {
    // Number("") is 0, which nobody who leaves a value empty means.
    const value = text.trim() === "" ? Number.NaN : Number(text);
    try {
      return checkNumber("value", value, range);
    } catch (error) {
      throw new InvalidArgumentError(
        (error as BasinError).message.replace(/^value is .*?, e/, "E").concat("."),
      );
    }
  };
}

/** Returns a parser for a whole number from `min` to `max` (default: the largest exact integer). */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return number({ integer: true, min, max });
}

/** Returns a parser for numbers separated by commas, or `from:to:step` ranges with both ends included. */
export function numberList(range: NumberRange = {}): (text: string) => number[] {
  const one = number(range);
  return (text) =>
    text.split(",").flatMap((part) => {
      const bounds = part.split(":");
      if (bounds.length === 1) return [one(part)];
      if (bounds.length !== 3)
        throw new InvalidArgumentError("Expected numbers a,b,c or ranges from:to:step.");
      const [from, to, step] = bounds.map(number());
      if (!(step > 0) || to < from) {
        throw new InvalidArgumentError(`The range ${part} needs from ≤ to and a step above 0.`);
      }
      const count = Math.floor((to - from) / step + 1e-9) + 1;
      if (count > 100_000)
        throw new InvalidArgumentError(`The range ${part} has ${count} values, at most 100000 are allowed.`);
      // Twelve digits take the rounding noise off 1.5 + 3 · 0.1 without touching what was typed.
      return Array.from({ length: count }, (_, i) => one(String(Number((from + i * step).toPrecision(12)))));
    });
}

/**
 * Returns an option whose value is one of a set of names. They are checked where the words are read, so that a wrong one is named
 * before anything that is missing.
 *
 * @param names the names as keys, which lets the compiler see that none is left out.
 */
export function nameOption<N extends string>(
  flags: string,
  description: string,
  names: Readonly<Record<N, true>>,
  byDefault?: N,
): Option {
  const option = new Option(flags, description).choices(Object.keys(names));
  return byDefault === undefined ? option : option.default(byDefault);
}

/** The option `--seed`; a run without it picks one and reports it. */
export function seedOption(): Option {
  return new Option("--seed <integer>", "seed of all randomness; picked and reported when absent").argParser(
    integer(0),
  );
}

/** The option `--json`: one JSON object on stdout instead of text. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON object").default(false);
}

/** Returns `seed`, or a fresh one from the system's entropy for the report to name. */
export function resolveSeed(seed: number | undefined): number {
  return seed ?? crypto.getRandomValues(new Uint32Array(1))[0];
}
