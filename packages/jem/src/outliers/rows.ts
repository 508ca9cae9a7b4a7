import { ArgumentError, DimensionError, type NdArrayLike } from "@basin/energy-core";
import { checkLength, checkName, halfFloat, kindOf } from "@basin/energy-core/internal";

/**
 * An array with its shape: an ndarray, `{ data, shape }`, or `{ data, dims }` as ONNX Runtime Web and transformers.js
 * call it.
 */
export type ShapedRows =
  | NdArrayLike
  | { readonly data: ArrayLike<unknown>; readonly dims: readonly number[]; readonly type?: string };

/** A row an input: nested arrays, an array with its shape, or one flat array where the width of a row is known. */
export type RowsLike = ShapedRows | readonly ArrayLike<number>[] | ArrayLike<number>;

/** What the numbers given as logits may be. */
const logitMeanings = ["logits", "probabilities"] as const;
export type LogitMeaning = (typeof logitMeanings)[number];

/** Options of every score of logits. */
export interface LogitOptions {
  /** Number of classes: needed for a flat array alone. */
  classes?: number;
  /**
   * What the numbers are. "logits" says so of numbers that look like probabilities; "probabilities" stand for their
   * logarithms, which will do for scores that no constant added to the logits changes. Default: logits, and what looks
   * like probabilities is refused.
   */
  of?: LogitMeaning;
}

/** Numbers in rows, dense and row-major. */
export interface Rows {
  readonly data: Float64Array | Float32Array;
  readonly count: number;
  readonly width: number;
  /** What the rows are called in errors. */
  readonly what: string;
}

interface Opening {
  /** Numbers a row, where that is known. */
  width?: number;
  /** Whether axes after the second make the row longer, in place of being refused. */
  flatten?: boolean;
}

/**
 * Returns rows to read, without a copy of dense 32-bit and 64-bit floats.
 *
 * @throws {ArgumentError} for what is no array of numbers or has two readings; {DimensionError} for rows of other
 * widths than expected.
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
 * Refuses what is no array, and a tensor of tfjs, whose numbers must be fetched. (One of ONNX Runtime on a GPU says so
 * itself.)
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
    // What lies beyond the data is NaN, which is refused with its row.
    const at = (k: number) => offset + Math.floor(k / width) * down + (k % width) * across;
    return { data: Float64Array.from({ length: count * width }, (_, k) => data[at(k)]), count, width };
  }
  checkLength(`${what} of shape ${JSON.stringify(shape)}`, data.length, count * width);
  return { data, count, width };
}

/** Returns numbers as floats, the same array where it holds such. */
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
 * @param shiftFree whether the score stays as it is when a constant is added to the logits of a row.
 * @throws {ArgumentError} for what looks like probabilities without a word in `of`.
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

/** Rounding that a row of probabilities may show. */
const ROUNDING = 1e-3;

/** Returns the first row of which the weights are not within [0, 1] and of sum 1, or how many rows there are. */
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
 * Returns one number a row.
 *
 * @param rule of the numbers from `from` up to `to`, which are finite; logits may be −∞, if not all of a row.
 * @throws {ArgumentError} naming the row and column that is not.
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
 * Returns rows of which every number is finite, or a logit of −∞ beside others. @throws {ArgumentError} naming the row
 * and column that is not.
 */
export function finite(rows: Rows): Rows {
  for (let i = 0; i < rows.count; i++) checkRow(rows, i);
  return rows;
}

/** @throws {ArgumentError} for a number of a row that is not finite, or a logit of −∞ beside others. */
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
