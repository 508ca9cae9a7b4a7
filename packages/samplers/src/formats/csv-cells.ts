import { ArgumentError } from "@basin/energy-core";
import { type CsvRecord, parseRecords, readNumber } from "@basin/energy-core/internal";
import { ownNames } from "./stan-names.ts";

/** Text as a table: names, records, and the comments that stand before, between and after them. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly CsvRecord[];
  /** Lines that begin with #, without it, and the number of rows above each. */
  readonly comments: readonly { readonly text: string; readonly rowsAbove: number }[];
  readonly notes: readonly string[];
}

/** Separators of fields, as they are named to a reader. The first that splits the lines alike is taken. */
const DELIMITERS: Readonly<Record<string, string>> = {
  "\t": "tabs",
  ";": "semicolons",
  ",": "commas",
  " ": "blanks",
};

/**
 * Returns the tables of one text: one, or several where the header is repeated because files were put after each other.
 *
 * @throws {ArgumentError} for text without draws, without names, or with rows of different lengths.
 */
export function readTables(text: string, header: boolean | undefined): TextTable[] {
  const clean = text.replace(/^\uFEFF/, "");
  const delimiter = delimiterOf(clean);
  const spaced = delimiter === " " ? joinBlanks(clean) : clean;
  const records = parseRecords(spaced, {
    file: "this is not CSV",
    delimiter: delimiter === " " ? "\t" : delimiter,
  });
  const comments = commentsOf(clean);
  const names = headerOf(
    records,
    comments,
    delimiter,
    header ?? (ownNames(comments).length > 0 || undefined),
  );
  const body = decimalPoints(names.inRecords ? records.slice(1) : records, delimiter);
  const starts = [0];
  for (const [r, { fields }] of body.entries()) {
    if (names.fields.every((name, c) => fields[c] === name)) starts.push(r);
  }
  return starts.map((from, part) => {
    const repeated = part > 0 ? 1 : 0;
    const end = starts[part + 1] ?? body.length;
    const above = part === 0 ? 0 : (body[from - 1]?.line ?? 0);
    const below = part + 1 < starts.length ? (body[end - 1]?.line ?? 0) : Infinity;
    const rows = body.slice(from + repeated, end);
    const own = comments.filter(({ line }) => line > above && line <= below);
    const open = end === body.length && !/[\r\n]$/.test(clean);
    const notes = part === 0 ? [...names.notes, ...rowsInComments(own, rows, delimiter)] : [];
    return evenTable(names.fields, rows, open, notes, own);
  });
}

interface Comment {
  readonly text: string;
  readonly line: number;
}

function commentsOf(text: string): Comment[] {
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, i) => (line.startsWith("#") ? [{ text: line.slice(1).trim(), line: i + 1 }] : []));
}

/** Runs of blanks outside quotes become one tab. */
function joinBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/gm, "").replace(/("[^"]*")|[ \t]+/g, (_, quoted) => quoted ?? "\t");
}

function delimiterOf(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const sample = [...lines.slice(0, 3), ...lines.slice(-2, -1)];
  for (const delimiter of Object.keys(DELIMITERS)) {
    const [first, ...rest] = sample.map((line) => widthOf(line, delimiter));
    // A header may lack a name for the row names of R.
    const alike = rest.length > 0 && rest.every((width) => width === rest[0]);
    if (alike && rest[0] > 1 && (first === rest[0] || first + 1 === rest[0])) return delimiter;
  }
  return ",";
}

function widthOf(line: string, delimiter: string): number {
  const bare = line.trim().replace(/"[^"]*"/g, "q");
  return bare.split(delimiter === " " ? /[ \t]+/ : delimiter).length;
}

/** Between semicolons a comma is the decimal point of half the world. */
function decimalPoints(rows: readonly CsvRecord[], delimiter: string): readonly CsvRecord[] {
  if (delimiter !== ";") return rows;
  const point = (field: string) =>
    /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(field) ? field.replace(",", ".") : field;
  return rows.map(({ fields, line }) => ({ line, fields: fields.map(point) }));
}

interface Header {
  readonly fields: readonly string[];
  readonly inRecords: boolean;
  readonly notes: readonly string[];
}

function headerOf(
  records: readonly CsvRecord[],
  comments: readonly Comment[],
  delimiter: string,
  given: boolean | undefined,
): Header {
  if (records.length === 0) throw new ArgumentError("this text holds no draws");
  const [{ fields, line }] = records;
  const numbers = fields.filter((field) => readNumber(field) !== undefined);
  if (given === true || (given === undefined && numbers.length === 0)) {
    return { fields, inRecords: true, notes: [] };
  }
  const commented = comments.find((comment) => comment.line === line - 1);
  const names = commented === undefined ? [] : namesInComment(commented.text, delimiter);
  if (given === undefined && names.length === fields.length) {
    return {
      fields: names,
      inRecords: false,
      notes: [`names are taken from the comment on line ${commented?.line}`],
    };
  }
  if (given === false) {
    const counted = Array.from(fields, (_, i) => `x[${i}]`);
    return { fields: counted, inRecords: false, notes: ["the columns have no names and are numbered"] };
  }
  const shown = fields.length > 4 ? `${fields.slice(0, 4).join(",")},…` : fields.join(",");
  throw new ArgumentError(
    `line ${line} (${shown}) holds numbers where names of the columns are expected; say whether it is draws (header: false, --no-header) or names (header: true, --header)`,
  );
}

/** Returns the names in a comment such as NumPy's `savetxt` writes above its numbers; none where it is prose. */
function namesInComment(text: string, delimiter: string): string[] {
  const fields = text.split(delimiter === " " ? /[ \t]+/ : delimiter).map((field) => field.trim());
  return fields.every((field) => /^[^\s=]+$/.test(field) && readNumber(field) === undefined) ? fields : [];
}

/** A row that was taken out by hand and a comment are told apart by those who read the note. */
function rowsInComments(
  comments: readonly Comment[],
  rows: readonly CsvRecord[],
  delimiter: string,
): string[] {
  const width = rows[0]?.fields.length ?? 0;
  const alike = comments.filter(({ text }) => {
    const fields = text.split(delimiter === " " ? /[ \t]+/ : delimiter).map((field) => field.trim());
    return width > 1 && fields.length === width && fields.every((field) => readNumber(field) !== undefined);
  });
  if (alike.length === 0) return [];
  return [
    `${alike.length} lines that begin with # hold numbers like a row and are taken for comments, the first on line ${alike[0].line}`,
  ];
}

/** Returns a table whose rows are as long as its header. `open`: the text stops without ending its last line. */
function evenTable(
  header: readonly string[],
  rows: readonly CsvRecord[],
  open: boolean,
  notes: string[],
  comments: readonly Comment[],
): TextTable {
  let names = whole(header, rows[0]?.fields.length);
  let kept = rows;
  const last = rows.at(-1);
  const usual = rows[0]?.fields.length ?? names.length;
  if (rows.length > 1 && last !== undefined && isCut(last.fields, usual, open)) {
    notes.push(
      `line ${last.line}, the last, is cut off in field ${last.fields.length} of ${usual} and is left out`,
    );
    kept = rows.slice(0, -1);
  }
  if (kept.length > 0 && kept.every(({ fields }) => fields.length === names.length + 1)) {
    if (kept.every(({ fields }) => fields.at(-1) === "")) {
      kept = kept.map(({ fields, line }) => ({ line, fields: fields.slice(0, -1) }));
    } else names = ["", ...names];
  }
  if (kept.length === 0) throw new ArgumentError("this text holds no draws, only names of columns");
  for (const { fields, line } of kept) {
    if (fields.length !== names.length) {
      throw new ArgumentError(
        `line ${line} has ${fields.length} fields, the header has ${names.length} names`,
      );
    }
  }
  const placed = comments.map(({ text, line }) => ({
    text,
    rowsAbove: kept.filter((row) => row.line < line).length,
  }));
  return { header: names, rows: kept, comments: placed, notes };
}

/** Whether a row is the beginning of one: it is short, or stops in a field that is no number. */
function isCut(fields: readonly string[], usual: number, open: boolean): boolean {
  const last = fields[fields.length - 1];
  return (
    fields.length < usual ||
    (open &&
      fields.length === usual &&
      /^[-+]?(?:[.\d]*(?:e[-+]?)?|na?|in?)$/i.test(last) &&
      readNumber(last) === undefined)
  );
}

/** Joins the parts of names such as `theta[1,2]`, which nobody quoted, where that gives as many as there are fields. */
function whole(header: readonly string[], width: number | undefined): readonly string[] {
  if (header.length === width) return header;
  const joined: string[] = [];
  for (const part of header) {
    const open = joined.at(-1)?.match(/\[[^\]]*$/);
    if (open) joined[joined.length - 1] += `,${part}`;
    else joined.push(part);
  }
  return joined.length === width || joined.length + 1 === width ? joined : header;
}

/** One column of a table. */
export interface Column {
  readonly name: string;
  readonly texts: readonly string[];
  /** Its numbers; undefined where no field is one. */
  readonly numbers?: Float64Array;
}
