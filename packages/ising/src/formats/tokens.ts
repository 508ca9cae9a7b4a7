import { FormatError } from "./format-error.ts";
import { Blocks, type TextSource } from "./text-source.ts";

/** Most variables that a reader takes: a few bytes of junk must not ask for all memory. */
export const MOST_VARIABLES = 2 ** 24;
export const MOST_TERMS = 2147483646;

/**
 * Walks whitespace-separated words of a text line by line, remembering where each began. Comments are passed over
 * wherever they stand: what follows #, % or //, and lines whose first word is c.
 */
export class Tokens {
  readonly #blocks: Blocks;
  /** Whole lines, of which the present one is among. */
  #text = "";
  #at = 0;
  #line = 1;
  #lineStart = 0;
  readonly #onComment: (text: string) => void;
  /** Where the word last read began. */
  line = 1;
  column = 1;

  /** @param onComment told of the comments that {@link skipBlank} passes. */
  constructor(source: TextSource, onComment: (text: string) => void = () => {}) {
    this.#blocks = new Blocks(source);
    this.#onComment = onComment;
    this.#load();
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
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
    const ended = this.atEndOfLine();
    this.line = this.#line;
    this.column = this.#at - this.#lineStart + 1;
    if (ended) return undefined;
    const start = this.#at;
    while (this.#at < text.length && !isSpace(text.charCodeAt(this.#at))) this.#at++;
    return text.slice(start, this.#at);
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

  /** Moves over blank lines and comments; false when no word is left. */
  skipBlank(): boolean {
    for (;;) {
      if (!this.atEndOfLine() && !this.#atCommentLine()) return true;
      this.#onComment(this.rest());
      if (!this.nextLine()) return false;
    }
  }

  /** Whether a line begins here whose first word is c: of formats of numbers, which have no such word. */
  #atCommentLine(): boolean {
    const text = this.#text;
    if ((text.charCodeAt(this.#at) | 32) !== 99 || text.slice(this.#lineStart, this.#at).trim() !== "")
      return false;
    return this.#at + 1 === text.length || isSpace(text.charCodeAt(this.#at + 1));
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

  /** Returns what is left of the line. */
  rest(): string {
    const end = this.#text.indexOf("\n", this.#at);
    return this.#text.slice(this.#at, end < 0 ? undefined : end);
  }

  /** Whether the line has no further word; a comment is none. */
  atEndOfLine(): boolean {
    const text = this.#text;
    while (this.#at < text.length && isBlank(text.charCodeAt(this.#at))) this.#at++;
    const code = text.charCodeAt(this.#at);
    if (this.#at >= text.length || code === 10 || code === 35 || code === 37) return true;
    return code === 47 && text.charCodeAt(this.#at + 1) === 47;
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

/** What stands between words: blanks and control characters, commas and semicolons, and the end of a line. */
function isSpace(code: number): boolean {
  return code <= 32 || code === 44 || code === 59;
}

function isBlank(code: number): boolean {
  return isSpace(code) && code !== 10;
}
