import { FormatError } from "./format-error.ts";
import { type TextSource, wholeText } from "./text-source.ts";
import { MOST_TERMS } from "./tokens.ts";

/** The fields of a JSON object, checked, with errors at the place of what is wrong. */
export class JsonFields {
  readonly #text: string;
  readonly #object: Record<string, unknown>;

  constructor(source: TextSource) {
    const text = wholeText(source);
    this.#text = text;
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      throw atPosition(text, (error as Error).message);
    }
    if (!isRecord(parsed)) throw this.error("the file is not a JSON object");
    this.#object = parsed;
  }

  /**
   * An error at a field, or at an entry of the list of numbers that it holds; without a field, at the start of the
   * text.
   */
  error(message: string, name?: string, entry?: number): FormatError {
    const at = name === undefined ? 0 : placeOf(this.#text, name, entry);
    const before = this.#text.slice(0, at).split("\n");
    return new FormatError(message, before.length, (before.at(-1) as string).length + 1);
  }

  /** Names of the fields that are not among `known`. */
  others(known: readonly string[]): string[] {
    return Object.keys(this.#object).filter((name) => !known.includes(name));
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined;
  }

  value(name: string): unknown {
    if (this.#object[name] === undefined) throw this.error(`${name} is missing`);
    return this.#object[name];
  }

  number(name: string): number {
    const value = this.value(name);
    if (isNumber(value)) return value;
    throw this.error(`${name} is ${shown(value)}, expected a finite number`, name);
  }

  integer(name: string): number {
    const value = this.number(name);
    if (Number.isInteger(value) && value >= 0 && value <= MOST_TERMS) return value;
    throw this.error(`${name} is ${value}, expected an integer from 0 to ${MOST_TERMS}`, name);
  }

  numbers(name: string, length: number): number[] {
    const values = this.list(name, length);
    const wrong = values.findIndex((value) => !isNumber(value));
    if (wrong >= 0)
      throw this.error(`${name}[${wrong}] is ${shown(values[wrong])}, expected a finite number`, name, wrong);
    return values as number[];
  }

  indices(name: string, length: number, variables: number): number[] {
    const values = this.numbers(name, length);
    const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < variables));
    if (wrong < 0) return values;
    const message = `${name}[${wrong}] is ${values[wrong]}, expected an integer from 0 to ${variables - 1}`;
    throw this.error(message, name, wrong);
  }

  labels(name: string, length?: number): (string | number)[] {
    return this.list(name, length).map(labelOf);
  }

  list(name: string, length?: number): unknown[] {
    const value = this.value(name);
    if (!Array.isArray(value)) throw this.error(`${name} is ${shown(value)}, expected a list`, name);
    if (length !== undefined && value.length !== length)
      throw this.error(`${name} has length ${value.length}, expected ${length}`, name);
    return value;
  }

  /** The entries of a list of objects. */
  records(name: string): Record<string, unknown>[] {
    const values = this.list(name);
    const wrong = values.findIndex((value) => !isRecord(value));
    if (wrong >= 0)
      throw this.error(`${name}[${wrong}] is ${shown(values[wrong])}, expected an object`, name);
    return values as Record<string, unknown>[];
  }

  /** A number of an entry of a list of objects. */
  numberIn(name: string, entry: number, record: Record<string, unknown>, field: string): number {
    const value = record[field];
    if (isNumber(value)) return value;
    throw this.error(`${name}[${entry}].${field} is ${shown(value)}, expected a finite number`, name);
  }
}

/** A name as it stands in the file; what is neither text nor number is written as JSON. */
export function labelOf(label: unknown): string | number {
  return typeof label === "number" || typeof label === "string" ? label : JSON.stringify(label);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Where the value of a field begins, or an entry of the list that it holds: enough of JSON for numbers. */
function placeOf(text: string, name: string, entry = 0): number {
  const key = text.indexOf(`"${name}"`);
  if (key < 0) return 0;
  let at = text.indexOf(":", key) + 1;
  const skipBlank = () => {
    while (at < text.length && text.charCodeAt(at) <= 32) at++;
  };
  skipBlank();
  if (text[at] !== "[" || entry === 0) return at;
  for (let k = 0; k < entry; k++) at = text.indexOf(",", at) + 1;
  skipBlank();
  return at;
}

export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Engines say where JSON breaks in words of their own; a position is all that is taken from them. */
function atPosition(text: string, message: string): FormatError {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  return new FormatError("the file is not valid JSON", before.length, (before.at(-1) as string).length + 1);
}
