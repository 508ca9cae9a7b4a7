import { FormatError } from "./format-error.ts";
import { Blocks, type TextSource } from "./text-source.ts";

/** Most variables that a reader takes: a few bytes of junk must not ask for all memory. */
export const MOST_VARIABLES = 2 ** 24;
export const MOST_TERMS = 2147483646;

/** Walks whitespace-separated words of a text line by line, remembering where each began. */
export class Tokens {
  readonly #blocks: Blocks;
  /** Whole lines, of which the present one is among. */
  #text = "";
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** Where the word last read began. */
  line = 1;
  column = 1;

  constructor(source: TextSource) {
    this.#blocks = new Blocks(source);
    this.#load();
  }

  #load(): boolean {
    const block = this.#blocks.next(this.#line);
    if (block === undefined) return false;
    this.#text = block;
    this.#at = 0;
    this.#lineStart = 0;
    return true;
  }

  /** Returns the next word of the current line, or `undefined` at its end. */
  word(): string | undefined {
    const text = this.#text;
    while (this.#at < text.length && isBlank(text.charCodeAt(this.#at))) this.#at++;
    this.line = this.#line;
    this.column = this.#at - this.#lineStart + 1;
    const start = this.#at;
    while (this.#at < text.length && !isSpace(text.charCodeAt(this.#at))) this.#at++;
    return this.#at > start ? text.slice(start, this.#at) : undefined;
  }

  /** Moves to the start of the next line; false at the end of the text. */
  nextLine(): boolean {
    const end = this.#text.indexOf("\n", this.#at);
    if (end < 0) {
      this.#at = this.#text.length;
      return false;
    }
    this.#at = end + 1;
    this.#line++;
    this.#lineStart = this.#at;
    // The end of a block is the end of the text only when no other follows.
    if (this.#at === this.#text.length) this.#load();
    return true;
  }

  /** Moves over blank lines; false when no word is left. */
  skipBlank(): boolean {
    for (;;) {
      if (!this.atEndOfLine()) return true;
      if (!this.nextLine()) return false;
    }
  }

  /** Returns the next word of the line as an integer from `min` to `max`. */
  integer(what: string, min: number, max: number): number {
    const before = this.#at;
    const quick = this.#digits();
    if (quick >= min && quick <= max) return quick;
    this.#at = before;
    const word = this.word();
    const value = word !== undefined && /^[+-]?\d+$/.test(word) ? Number(word) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw this.error(`${what} is ${shown(word)}, expected an integer from ${min} to ${max}`);
  }

  /** Returns the next word of the line as a finite number. */
  number(what: string): number {
    const quick = this.#digits();
    if (quick >= 0) return quick;
    const word = this.word();
    const value = word !== undefined && DECIMAL.test(word) ? Number(word) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw this.error(`${what} is ${shown(word)}, expected a finite number`);
  }

  /** Returns the next word when it is one to fifteen digits and moves behind it, else −1 without moving. */
  #digits(): number {
    const text = this.#text;
    let at = this.#at;
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    const start = at;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= 48 && code <= 57; code = text.charCodeAt(++at)) {
      value = 10 * value + (code - 48);
    }
    const ends = at === text.length || isSpace(text.charCodeAt(at));
    if (at === start || at - start > 15 || !ends) return -1;
    this.line = this.#line;
    this.column = start - this.#lineStart + 1;
    this.#at = at;
    return value;
  }

  /** Returns the next character that is not blank without moving; "" at the end of the text. */
  peek(): string {
    this.atEndOfLine();
    return this.#text.charAt(this.#at);
  }

  /** Returns what is left of the line. */
  rest(): string {
    const end = this.#text.indexOf("\n", this.#at);
    return this.#text.slice(this.#at, end < 0 ? undefined : end);
  }

  /** Whether the line has no further word. */
  atEndOfLine(): boolean {
    const text = this.#text;
    while (this.#at < text.length && isBlank(text.charCodeAt(this.#at))) this.#at++;
    return this.#at >= text.length || text.charCodeAt(this.#at) === 10;
  }

  /** Holds that the line has no further word. */
  endOfLine(): void {
    const word = this.word();
    if (word !== undefined) throw this.error(`unexpected ${shown(word)} at the end of the line`);
  }

  /** An error at the word last read. */
  error(message: string): FormatError {
    return new FormatError(message, this.line, this.column);
  }
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function shown(word: string | undefined): string {
  if (word === undefined) return "missing";
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}…` : word);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

function isSpace(code: number): boolean {
  return code <= 32;
}
