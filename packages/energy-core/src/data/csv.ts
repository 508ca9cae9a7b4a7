import { parse } from "csv-parse/browser/esm/sync";
import { ArgumentError } from "../errors.ts";
import { type Matrix, matrix } from "../ndarray.ts";
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

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
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
  const { file = "data", delimiter = "," } = options;
  if (delimiter === "") throw new ArgumentError('delimiter is "", expected at least one character');
  const rows = parseRecords(file, text, delimiter);
  const named = options.header ?? (rows.length > 0 && rows[0].record.every((field) => !isNumber(field)));
  const columns = named ? rows[0]?.record : undefined;
  const body = named ? rows.slice(1) : rows;
  const width = (columns ?? body[0]?.record)?.length ?? 0;
  const data = new Float64Array(body.length * width);
  for (const [r, { record, info }] of body.entries()) {
    if (record.length !== width) {
      throw new DataError(`${file}, line ${info.lines}`, -1, `${record.length} fields, expected ${width}`);
    }
    for (const [c, field] of record.entries()) {
      if (!isNumber(field)) {
        const column = columns === undefined ? `${c + 1}` : `${c + 1} ("${columns[c]}")`;
        throw new DataError(
          `${file}, line ${info.lines}`,
          -1,
          `field ${column} is "${field}", expected a number`,
        );
      }
      data[r * width + c] = Number(field);
    }
  }
  return columns === undefined
    ? matrix(data, body.length, width)
    : { ...matrix(data, body.length, width), columns };
}

function parseRecords(file: string, text: string, delimiter: string): Row[] {
  try {
    return parse(text, {
      bom: true,
      comment: "#",
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Row[];
  } catch (error) {
    throw new DataError(file, -1, error instanceof Error ? error.message : String(error));
  }
}

/** NaN and the infinities are spelled as JavaScript and NumPy spell them. */
function isNumber(field: string): boolean {
  return field !== "" && (!Number.isNaN(Number(field)) || field === "NaN");
}
