import { FormatError } from "./format-error.ts";
import { Blocks, type TextSource } from "./text-source.ts";

/** A line of fields: what they say, and the column at which each begins. */
export interface Row {
  readonly cells: readonly string[];
  readonly columns: readonly number[];
  readonly line: number;
  /** What stands between braces at the end of the line, where networkx writes the data of an edge. */
  readonly data?: string;
}

/** Characters between fields; "" stands for blanks. */
export type Delimiter = "," | ";" | "\t" | "|" | "";

const DELIMITERS = [",", ";", "\t", "|"] as const;

/**
 * Hands out the lines of fields that a text holds, with the character between them: the one that the first line has, or
 * blanks. Blank lines and comments are passed over, wherever they stand: what begins with #, % or //, at the start of a
 * line or after a blank.
 */
export function* rowsOf(text: TextSource): Generator<Row & { readonly delimiter: Delimiter }> {
  let delimiter: Delimiter | undefined;
  let line = 0;
  for (const whole of linesOf(text)) {
    line++;
    const [, head, data] = /^([^{"]*\s)\{(.*)\}\s*$/.exec(whole) ?? [undefined, whole];
    const content = head.includes('"') ? head : withoutComment(head);
    if (content.trim() === "" || COMMENT.test(content)) continue;
    // A line that begins with the word c may be a comment, whose commas separate nothing.
    const perhaps = /^\s*c /i.test(content);
    if (perhaps && delimiter !== undefined && delimiter !== "" && !content.includes(delimiter)) continue;
    if (!perhaps) delimiter ??= DELIMITERS.find((character) => content.includes(character)) ?? "";
    const between = delimiter ?? "";
    const row = content.includes('"') ? quotedRow(content, between, line) : plainRow(content, between, line);
    if (between === "," && DECIMAL_COMMA.test(content)) {
      throw new FormatError(
        "a decimal comma after names between blanks; write numbers with a point",
        line,
        1,
      );
    }
    yield { ...row, data, delimiter: between };
  }
}

const DECIMAL_COMMA = /^\s*[^\s,]+\s+[^\s,]+\s+[+-]?\d+,\d+\s*$/;
const COMMENT = /^\s*(#|%|\/\/)/;

function withoutComment(line: string): string {
  if (!/[#%/]/.test(line)) return line;
  return line.replace(/(^|\s)(#|%|\/\/)[\s\S]*$/, "");
}

function plainRow(content: string, delimiter: Delimiter, line: number): Row {
  const cells: string[] = [];
  const columns: number[] = [];
  if (delimiter === "") {
    for (const word of content.matchAll(/\S+/g)) {
      cells.push(word[0]);
      columns.push(word.index + 1);
    }
    return { cells, columns, line };
  }
  let at = 0;
  for (const cell of content.split(delimiter)) {
    cells.push(cell.trim());
    columns.push(at + 1);
    at += cell.length + 1;
  }
  return { cells, columns, line };
}

/** Fields between quotes keep their blanks and delimiters; a quote in them is written twice. */
function quotedRow(content: string, delimiter: Delimiter, line: number): Row {
  const cells: string[] = [];
  const columns: number[] = [];
  const end = (at: number) => at >= content.length || isEnd(content[at], delimiter);
  for (let at = 0; at <= content.length; at++) {
    while (isBlank(content[at]) && content[at] !== delimiter) at++;
    if (delimiter === "" && at >= content.length) break;
    columns.push(at + 1);
    if (content[at] !== '"') {
      const start = at;
      while (!end(at)) at++;
      cells.push(content.slice(start, at).trim());
      continue;
    }
    const [quoted] = /^"(?:[^"]|"")*"/.exec(content.slice(at)) ?? [];
    if (quoted === undefined) throw new FormatError("a quote that is not closed", line, at + 1);
    cells.push(quoted.slice(1, -1).replaceAll('""', '"'));
    at += quoted.length;
    while (isBlank(content[at]) && !end(at)) at++;
    if (!end(at)) throw new FormatError("text beside a quoted field", line, at + 1);
  }
  return { cells, columns, line };
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\r";
}

function isEnd(character: string, delimiter: Delimiter): boolean {
  return delimiter === "" ? isBlank(character) : character === delimiter;
}

function* linesOf(text: TextSource): Generator<string> {
  const blocks = new Blocks(text);
  let line = 1;
  for (let block = blocks.next(line); block !== undefined; block = blocks.next(line)) {
    for (let at = line === 1 && block.charCodeAt(0) === 0xfeff ? 1 : 0; at < block.length; line++) {
      const end = block.indexOf("\n", at);
      yield block.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? block.length : end + 1;
    }
  }
}
