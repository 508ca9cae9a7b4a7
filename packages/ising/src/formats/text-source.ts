import { FormatError } from "./format-error.ts";

/** A text, whole or in pieces that may end anywhere, such as a large file read bit by bit. */
export type TextSource = string | Iterable<string>;

/** The longest line that is taken from pieces; what is longer is no text of lines. */
const LONGEST_LINE = 2 ** 27;
/** The longest string that every engine holds. */
const LONGEST_STRING = 2 ** 29 - 24;

/** Hands a text out in blocks of whole lines. */
export class Blocks {
  readonly #pieces: Iterator<string>;
  #rest = "";

  constructor(source: TextSource) {
    this.#pieces = (typeof source === "string" ? [source] : source)[Symbol.iterator]();
  }

  /** Returns the next lines, or `undefined` at the end of the text. @param line number of the first, for the error. */
  next(line: number): string | undefined {
    const parts = [this.#rest];
    let length = this.#rest.length;
    this.#rest = "";
    for (;;) {
      const { value, done } = this.#pieces.next();
      if (done === true) return length > 0 ? parts.join("") : undefined;
      const end = value.lastIndexOf("\n") + 1;
      if (end > 0) {
        this.#rest = value.slice(end);
        parts.push(value.slice(0, end));
        return parts.join("");
      }
      parts.push(value);
      length += value.length;
      if (length > LONGEST_LINE) {
        throw new FormatError(`a line of more than ${LONGEST_LINE} characters`, line, 1);
      }
    }
  }
}

/** Returns all of a text but a byte order mark, for formats that cannot be read line by line. */
export function wholeText(source: TextSource): string {
  if (typeof source === "string") return source.replace(/^\ufeff/, "");
  const parts: string[] = [];
  let length = 0;
  for (const part of source) {
    parts.push(part);
    length += part.length;
    if (length > LONGEST_STRING) {
      throw new FormatError(
        `the text has more than ${LONGEST_STRING} characters, and this format is not read in pieces`,
        1,
        1,
      );
    }
  }
  return wholeText(parts.join(""));
}

const LINES_AT_A_TIME = 4096;

/** Joins lines into pieces of a text. */
export function* piecesOf(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < LINES_AT_A_TIME) continue;
    yield `${block.join("\n")}\n`;
    block = [];
  }
  if (block.length > 0) yield `${block.join("\n")}\n`;
}
