import { parse } from "csv-parse/browser/esm/sync";
import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkKind } from "../errors.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { DataError, type ParseOptions } from "./error.ts";

/** The options of {@link parseCsv}. */
export interface CsvOptions extends ParseOptions {
  /** Character between fields. Default ",". */
  delimiter?: string;
  /** Whether the first record names the columns. Default: when none of its fields is a number. */
  header?: boolean;
}

/** A table of numbers. */
export interface Table extends Matrix {
  /** Names of the columns, when the file has them. */
  readonly columns?: readonly string[];
}

/** One record of a table. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** Line on which it ends, from 1. */
  readonly line: number;
}

/**
 * Returns a table of numbers from comma-separated text: quoted fields, a byte order mark, blank lines and lines that
 * begin with # are understood.
 *
 * @example
 * ```ts
 * import { parseCsv } from "@basin/energy-core/data";
 *
 * const table = parseCsv("x,y\n1,2\n3,4\n");
 * console.log(table.columns, table.shape); // ["x", "y"], [2, 2]
 * ```
 *
 * @throws {DataError} naming the file, the line and the field that is not a number, or the record of another length.
 */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  checkOptions("parseCsv", options, "delimiter header file");
  const { file = "data", delimiter = "," } = options;
  if (delimiter === "") throw new ArgumentError('delimiter is "", expected at least one character');
  const rows = parseRecords(text, { file, delimiter });
  const named =
    options.header ?? (rows.length > 0 && rows[0].fields.every((field) => readNumber(field) === undefined));
  const columns = named ? rows[0]?.fields : undefined;
  if (columns !== undefined) checkHeading(columns, rows, options.header, file);
  const body = named ? rows.slice(1) : rows;
  const width = (columns ?? body[0]?.fields)?.length ?? 0;
  const data = new Float64Array(body.length * width);
  for (const [r, { fields, line }] of body.entries()) {
    if (fields.length !== width) {
      throw new DataError(`${file}, line ${line}`, -1, `${fields.length} fields, expected ${width}`);
    }
    for (const [c, field] of fields.entries()) {
      const value = readNumber(field);
      if (value === undefined) {
        const column = columns === undefined ? `${c + 1}` : `${c + 1} ("${columns[c]}")`;
        throw new DataError(`${file}, line ${line}`, -1, `field ${column} is "${field}", expected a number`);
      }
      data[r * width + c] = value;
    }
  }
  return columns === undefined
    ? matrix(data, body.length, width)
    : { ...matrix(data, body.length, width), columns };
}

/** @throws {DataError} for a guessed heading that nothing follows, and for columns without a name beside named ones. */
function checkHeading(
  columns: readonly string[],
  rows: readonly CsvRecord[],
  header: boolean | undefined,
  file: string,
): void {
  const place = `${file}, line ${rows[0].line}`;
  if (rows.length === 1 && header === undefined)
    throw new DataError(
      place,
      -1,
      `the only line holds no number: "${columns.join(", ").slice(0, 60)}"; give header: true for a table without rows`,
    );
  const nameless = columns.indexOf("");
  if (nameless >= 0)
    throw new DataError(
      place,
      -1,
      `column ${nameless + 1} has no name, as the index that pandas and R write: leave the column out, or name it`,
    );
}

// A value that a spreadsheet could not compute begins with the sign of a comment.
const COMMENT = /^#(?!(?:N\/A|NUM!|DIV\/0!|VALUE!|REF!|NAME\?|NULL!)).*$/gm;

/**
 * Returns the records of comma-separated text: quoted fields, a byte order mark, blank lines and lines that begin with
 * # are understood. A # elsewhere belongs to its field, as in `1.#INF`. Records may differ in length.
 *
 * @throws {DataError} naming the file and the line of a quote that does not close.
 */
export function parseRecords(text: string, options: Omit<CsvOptions, "header"> = {}): CsvRecord[] {
  checkOptions("parseRecords", options, "file delimiter");
  const { file = "data", delimiter = "," } = options;
  checkKind("text", text, typeof text === "string", "the text of a table");
  try {
    const rows = parse(text.replace(/^\uFEFF/, "").replace(COMMENT, ""), {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ fields: record, line: info.lines }));
  } catch (error) {
    throw new DataError(file, -1, error instanceof Error ? error.message : String(error));
  }
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[ed][+-]?\d+)?$/i;
const INFINITE = /^([+-]?)(?:inf|infinity|1\.#inf0*)$/i;
const UNDEFINED = /^[+-]?(?:nan(?:\(\w*\))?|1\.#(?:ind|[qs]nan)0*)$/i;

/**
 * Returns the number that a field holds, or undefined where it holds none. NaN and the infinities may be spelled as C
 * (`inf`, `-nan(ind)`), Microsoft's C (`1.#INF`, `-1.#IND`), Fortran (`1.0D3`), R, Python and JavaScript spell them.
 */
export function readNumber(field: string): number | undefined {
  if (DECIMAL.test(field)) return Number(field.replace(/d/i, "e"));
  const infinite = INFINITE.exec(field);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  return UNDEFINED.test(field) ? Number.NaN : undefined;
}
