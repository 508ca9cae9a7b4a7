import { ArgumentError, DimensionError, type NdArrayLike } from "@basin/energy-core";
import { checkLength, checkName, halfFloat, kindOf } from "@basin/energy-core/internal";

/**
 * An array with its shape: an ndarray, `{ data, shape }`, or `{ data, dims }` as in ONNX Runtime Web and
 * transformers.js.
 */
export type ShapedRows =
  | NdArrayLike
  | { readonly data: ArrayLike<unknown>; readonly dims: readonly number[]; readonly type?: string };

/** One row for each input: nested arrays, an array with its shape, or a flat array if the width of a row is known. */
export type RowsLike = ShapedRows | readonly ArrayLike<number>[] | ArrayLike<number>;

/** What the numbers given as logits are. */
const logitMeanings = ["logits", "probabilities"] as const;
export type LogitMeaning = (typeof logitMeanings)[number];

/** Options of every score of logits. */
export interface LogitOptions {
  /** Number of classes; needed only for a flat array. */
  classes?: number;
  /**
   * What the numbers are. "logits" accepts numbers that look like probabilities. "probabilities" uses their logarithms,
   * for scores that do not change when a constant is added to the logits. Default: logits, and numbers that look like
   * probabilities are refused.
   */
  of?: LogitMeaning;
}

/** Rows of numbers, dense and row-major. */
export interface Rows {
  readonly data: Float64Array | Float32Array;
  readonly count: number;
  readonly width: number;
  /** Name of the rows in errors. */
  readonly what: string;
}

interface Opening {
  /** Numbers in a row, if that is known. */
  width?: number;
  /** Whether axes after the second are flattened into the row. Otherwise they are refused. */
  flatten?: boolean;
}

/**
 * Returns rows to read. Dense 32-bit and 64-bit floats are not copied.
 *
 * @throws {ArgumentError} for a value that is not an array of numbers or has two readings; {DimensionError} for rows of
 * the wrong width.
 */
export function openRows(source: RowsLike, what: string, { width, flatten = true }: Opening = {}): Rows {
  const rows = read(source, what, width, flatten);
  if (rows.count > 0 && rows.width === 0) throw new DimensionError(`${what} has rows of no numbers`);
  if (width !== undefined && rows.count > 0) checkLength(`a row of ${what}`, rows.width, width);
  return { ...rows, width: width ?? rows.width, what };
}

type Dense = Omit<Rows, "what">;

function read(source: RowsLike, what: string, width: number | undefined, flatten: boolean): Dense {
  checkHere(source, what);
  if ("data" in source) return readShaped(source, what, flatten);
  const [first] = Array.isArray(source) ? source : [];
  if (typeof first === "object") {
    const nested = source as readonly ArrayLike<number>[];
    const columns = nested[0].length;
    for (const [r, row] of nested.entries()) checkLength(`${what} row ${r}`, row?.length, columns);
    const data = Float64Array.from(nested.flatMap((row) => Array.from(row)));
    return { data, count: nested.length, width: columns };
  }
  const { length } = source as ArrayLike<number>;
  if (length > 0 && width === undefined)
    throw new DimensionError(
      `${what} is ${length} numbers in one array: one row or several: give { data, shape }`,
    );
  return readShaped(
    { data: source as ArrayLike<number>, shape: [length / (width ?? 1), width ?? 0] },
    what,
    flatten,
  );
}

/**
 * Refuses values that are not arrays, and tensors of tfjs, whose numbers must be fetched. (A tensor of ONNX Runtime on
 * a GPU throws by itself.)
 */
function checkHere(source: RowsLike, what: string): void {
  const isObject = Object(source) === source;
  const isArray = ArrayBuffer.isView(source) || Array.isArray(source) || (isObject && "data" in source);
  if (!isArray || "dataSync" in source)
    throw new ArgumentError(`${what} is ${kindOf(source)}, expected rows of numbers or { data, shape }`);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

function readShaped(source: ShapedRows, what: string, flatten: boolean): Dense {
  const shape = "dims" in source ? source.dims : source.shape;
  const known = Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  const isMatrix = known && shape.length > 1 && (flatten || shape.slice(1).filter((n) => n !== 1).length < 2);
  if (!isMatrix)
    throw new DimensionError(`${what} has shape ${JSON.stringify(shape)}, expected [rows, columns]`);
  const [count, width] = [shape[0], sizeOf(shape.slice(1))];
  const type = "type" in source ? source.type : undefined;
  const data = floats(source.data as ArrayLike<number>, what, type);
  const { stride = [], offset = 0 } = source as NdArrayLike;
  const isDense = stride.every((step, axis) => step === sizeOf(shape.slice(axis + 1)));
  if (!isDense || offset !== 0) {
    const [down, across, ...more] = isDense ? [width, 1] : stride;
    if (more.length > 0)
      throw new DimensionError(`${what} has strides ${JSON.stringify(stride)}, expected two`);
    // Numbers beyond the data are NaN, which is refused with its row.
    const at = (k: number) => offset + Math.floor(k / width) * down + (k % width) * across;
    return { data: Float64Array.from({ length: count * width }, (_, k) => data[at(k)]), count, width };
  }
  checkLength(`${what} of shape ${JSON.stringify(shape)}`, data.length, count * width);
  return { data, count, width };
}

/** Returns numbers as floats. An array of floats is returned as it is. */
function floats(values: ArrayLike<number>, what: string, type?: string): Float64Array | Float32Array {
  if (values instanceof Float32Array || values instanceof Float64Array) return values;
  const name = ArrayBuffer.isView(values) ? values.constructor.name : "Array";
  if (name === "Uint16Array" && type === "float16") return Float32Array.from(values, halfFloat);
  const bits = name === "Uint16Array" && type === undefined;
  if (bits || (/8/.test(name) && what === "logits"))
    throw new ArgumentError(
      `${what} is a ${name}: ${bits ? '16-bit floats (say type: "float16")' : "quantized (give floats)"}, or integers (give Float32Array.from(data))`,
    );
  const bad = Array.from(values).findIndex((value) => typeof value !== "number");
  if (bad >= 0) throw new ArgumentError(`${what} number ${bad} is ${kindOf(values[bad])}, expected a number`);
  return Float64Array.from(values);
}

/**
 * Returns logits `[n, classes]` to read.
 *
 * @param shiftFree whether the score is unchanged when a constant is added to the logits of a row.
 * @throws {ArgumentError} for numbers that look like probabilities if `of` is not given.
 */
export function openLogits(source: RowsLike, { classes, of }: LogitOptions = {}, shiftFree = false): Rows {
  const rows = openRows(source, "logits", { width: classes, flatten: false });
  const { count, width } = rows;
  if (of !== undefined) checkName("of", of, shiftFree ? logitMeanings : logitMeanings.slice(0, 1));
  if (of !== undefined || count === 0 || width < 2) return rows;
  const looks = (weight: (value: number) => number) => otherThanDistribution(rows, weight) === count;
  if (!looks((p) => p) && (shiftFree || !looks(Math.exp))) return rows;
  throw new ArgumentError(
    `all ${count} rows of logits look like probabilities or their logarithms: give what goes into the softmax, or say of: "logits"${
      shiftFree ? ' or "probabilities"' : ""
    }`,
  );
}

/** Rounding allowed in a row of probabilities. */
const ROUNDING = 1e-3;

/** Returns the first row whose numbers are not in [0, 1] or do not sum to 1, or the number of rows if there is none. */
export function otherThanDistribution(
  { data, count, width }: Rows,
  weight: (value: number) => number,
): number {
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = i * width; k < (i + 1) * width; k++) {
      const p = weight(data[k]);
      if (!(p >= 0 && p <= 1 + ROUNDING)) return i;
      sum += p;
    }
    if (Math.abs(sum - 1) > ROUNDING) return i;
  }
  return count;
}

/**
 * Returns one number for each row.
 *
 * @param rule computes it from the numbers from `from` up to `to`. They are finite; logits may be −∞, but not all of a
 * row.
 * @throws {ArgumentError} naming the row and column of a number that is not allowed.
 */
export function mapRows(
  rows: Rows,
  rule: (data: Rows["data"], from: number, to: number) => number,
): Float64Array {
  const { data, count, width } = rows;
  const result = new Float64Array(count);
  for (let i = 0, from = 0; i < count; i++, from += width) {
    checkRow(rows, i);
    result[i] = rule(data, from, from + width);
  }
  return result;
}

/**
 * Returns rows in which every number is finite, or a logit of −∞ beside others. @throws {ArgumentError} naming the row
 * and column of a number that is not allowed.
 */
export function finite(rows: Rows): Rows {
  for (let i = 0; i < rows.count; i++) checkRow(rows, i);
  return rows;
}

/** @throws {ArgumentError} for a number in a row that is neither finite nor a logit of −∞ beside others. */
export function checkRow({ data, width, what }: Rows, i: number): void {
  const [from, to] = [i * width, (i + 1) * width];
  let zero = 0;
  for (let k = from; k < to; k++) zero += 0 * data[k];
  if (zero === 0) return;
  const row = data.subarray(from, to);
  const some = what === "logits" && row.some(Number.isFinite);
  const bad = row.findIndex((value) => !(Number.isFinite(value) || (some && value < 0)));
  if (bad < 0) return;
  throw new ArgumentError(`${what} row ${i}, column ${bad} is ${row[bad]}, expected a finite number`);
}
