import { FormatError } from "./format-error.ts";
import { labelOf } from "./json-fields.ts";

/** Numbers the names of a file in the order in which they are stated. */
export class Names {
  readonly #numbers = new Map<string | number, number>();

  /** The number of a name, a new one where it is new. */
  number(name: string | number): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** The number of a name that was stated, `undefined` for another. */
  find(name: unknown): number | undefined {
    return this.#numbers.get(labelOf(name));
  }

  /** States a name. @throws {FormatError} for one that is stated already. */
  add(name: unknown, line = 1): void {
    const label = labelOf(name);
    if (this.#numbers.has(label))
      throw new FormatError(`${JSON.stringify(label)} names two variables, expected one each`, line, 1);
    this.number(label);
  }

  get size(): number {
    return this.#numbers.size;
  }

  get labels(): (string | number)[] {
    return [...this.#numbers.keys()];
  }
}
