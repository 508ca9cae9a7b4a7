import {
  ArgumentError,
  checkName,
  DimensionError,
  kindOf,
  type NdArrayLike,
  toMatrix,
} from "@basin/energy-core";
import { halfFloats } from "./half.ts";

/** An array with its shape: an ndarray, `{ data, shape }`, or `{ data, dims }` as ONNX Runtime Web and transformers.js call it. */
export type ShapedRows =
  | NdArrayLike
  | { readonly data: ArrayLike<number>; readonly dims: readonly number[]; readonly type?: string };

/** A row an input: nested arrays, an array with its shape, or one flat array where the width of a row is known. */
export type RowsLike = ShapedRows | readonly ArrayLike<number>[] | ArrayLike<number>;

/** What the numbers given as logits may be. */
export const logitMeanings = ["logits", "probabilities"] as const;
export type LogitMeaning = (typeof logitMeanings)[number];

/** Options of every score of logits. */
export interface LogitOptions {
  /** Number of classes: needed for a flat array alone. */
  classes?: number;
  /**
   * What the numbers are. "logits" says so of numbers that look like probabilities; "probabilities" stand for their logarithms, which will do for
   * scores that no constant added to the logits changes. Default: logits, and what looks like probabilities is refused.
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
 * @throws {ArgumentError} for what is no array of numbers or has two readings; {DimensionError} for rows of other widths than expected.
 */
export function openRows(source: RowsLike, what: string, { width, flatten = true }: Opening = {}): Rows {
  const rows = read(source, what, width, flatten);
  if (width !== undefined && rows.count > 0 && rows.width !== width)
    throw new DimensionError(`${what} has rows of ${rows.width} numbers, expected ${width}`);
  return { ...rows, width: width ?? rows.width, what };
}

type Dense = Omit<Rows, "what">;

function read(source: RowsLike, what: string, width: number | undefined, flatten: boolean): Dense {
  if (typeof source !== "object" || source === null || isElsewhere(source)) throw refused(what, source);
  if ("data" in source) return readShaped(source, what, flatten);
  if (!ArrayBuffer.isView(source) && !Array.isArray(source)) throw refused(what, source);
  if (source.length === 0) return { data: new Float64Array(), count: 0, width: width ?? 0 };
  const first = (source as ArrayLike<unknown>)[0];
  if (typeof first === "object" && first !== null) {
    const nested = source as readonly ArrayLike<number>[];
    const bad = nested.findIndex((row) => typeof row !== "object" || row === null || !(row.length >= 0));
    if (bad >= 0) throw new ArgumentError(`${what} row ${bad} is ${kindOf(nested[bad])}, expected an array`);
    const { data, shape } = toMatrix(nested, Float64Array, what);
    return { data, count: shape[0], width: shape[1] };
  }
  const data = floats(source as ArrayLike<number>, what);
  if (width === undefined || data.length % width !== 0)
    throw new DimensionError(
      `${what} is ${data.length} numbers in one array: ${
        width === undefined ? "one row, or several" : `no whole rows of ${width}`
      }; give { data, shape: [rows, ${width ?? "columns"}] }`,
    );
  return { data, count: data.length / width, width };
}

function refused(what: string, source: unknown): ArgumentError {
  return new ArgumentError(`${what} is ${kindOf(source)}, expected rows of numbers or { data, shape }`);
}

/** Whether what was given is a promise, or a tensor whose numbers must be fetched: of tfjs, or on a GPU of ONNX Runtime. */
function isElsewhere(source: object): boolean {
  const { then, dataSync, location } = source as Record<string, unknown>;
  if (typeof location === "string" && location !== "cpu" && location !== "none" && location !== "cpu-pinned")
    throw new ArgumentError(
      `a tensor is on "${location}", expected numbers: give { data: await it.getData(), dims }`,
    );
  return typeof then === "function" || typeof dataSync === "function";
}

function readShaped(source: ShapedRows, what: string, flatten: boolean): Dense {
  const shape = "dims" in source ? source.dims : source.shape;
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw new ArgumentError(`${what} has shape ${JSON.stringify(shape)}, expected [rows, columns]`);
  const inner = shape.slice(1).filter((length) => flatten || length !== 1);
  if (shape.length < 2 || (!flatten && inner.length > 1))
    throw new DimensionError(
      `${what} has shape [${shape.join(", ")}], expected [rows, columns]${
        shape.length === 1 ? `: one row is [1, ${shape[0]}]` : ""
      }`,
    );
  const [count, width] = [shape[0], shape.slice(1).reduce((product, length) => product * length, 1)];
  const type = "type" in source ? source.type : undefined;
  const data = floats(source.data, what, type);
  const { stride, offset = 0 } = source as NdArrayLike;
  if (stride !== undefined || offset !== 0) {
    const dense = toMatrix({ data, shape, offset, ...(stride && { stride }) }, Float64Array, what);
    return { data: dense.data, count, width };
  }
  if (data.length !== count * width)
    throw new DimensionError(
      `${what} has ${data.length} numbers, expected ${count * width} for shape [${shape.join(", ")}]`,
    );
  return { data, count, width };
}

/** Returns numbers as floats, the same array where it holds such. */
function floats(values: ArrayLike<number>, what: string, type?: string): Float64Array | Float32Array {
  if (values instanceof Float32Array || values instanceof Float64Array) return values;
  const name = ArrayBuffer.isView(values) ? values.constructor.name : "Array";
  if (name === "Uint16Array" && type === "float16") return halfFloats(values);
  if (name === "Uint16Array" && type === undefined)
    throw new ArgumentError(
      `${what} is a Uint16Array: 16-bit floats, which { data, dims, type: "float16" } says, or integers, which Float32Array.from(data) makes numbers`,
    );
  if (/^Big/.test(name))
    throw new ArgumentError(`${what} is a ${name}, expected numbers: Float64Array.from(data, Number)`);
  if (/8(Clamped)?Array$/.test(name) && what === "logits")
    throw new ArgumentError(
      `logits is a ${name}: quantized, so make them scale · (q − zero point), or integers, which Float32Array.from(data) makes numbers`,
    );
  const bad = Array.isArray(values) ? values.findIndex((value) => typeof value !== "number") : -1;
  if (bad >= 0) throw new ArgumentError(`${what} number ${bad} is ${kindOf(values[bad])}, expected a number`);
  return /^Float16/.test(name) ? Float32Array.from(values) : Float64Array.from(values);
}

/** Rounding that a row of probabilities, or of their logarithms, may show. */
const ROUNDING = 1e-3;

/**
 * Returns logits `[n, classes]` to read. Probabilities become their logarithms, of which those of 0 are such that their exponential is.
 *
 * @param shiftFree whether the score stays as it is when a constant is added to the logits of a row.
 * @throws {ArgumentError} for probabilities where they will not do, and for what looks like them without a word in `of`.
 */
export function openLogits(source: RowsLike, { classes, of }: LogitOptions = {}, shiftFree = false): Rows {
  const rows = openRows(source, "logits", { width: classes, flatten: false });
  if (rows.count > 0 && rows.width === 0)
    throw new DimensionError("logits has rows of 0 classes, expected at least 1");
  if (of !== undefined) checkName("of", of, logitMeanings);
  if (of === "logits" || rows.count === 0) return rows;
  if (of === "probabilities") return logarithms(rows, shiftFree);
  if (rows.width < 2) return rows;
  if (everyRow(rows, isDistribution))
    throw new ArgumentError(
      `logits looks like probabilities: each of ${rows.count} rows is within [0, 1] and sums to 1; give what goes into the softmax, or say { of: "${
        shiftFree ? "probabilities" : "logits"
      }" } where ${shiftFree ? "probabilities are all there is" : "these are logits"}`,
    );
  if (!shiftFree && everyRow(rows, isLogDistribution))
    throw new ArgumentError(
      `logits looks like logarithms of probabilities: the energy of each of ${rows.count} rows is 0; give what goes into the softmax, or say { of: "logits" } where these are logits`,
    );
  return rows;
}

type RowTest = (data: Rows["data"], from: number, to: number) => boolean;

function everyRow({ data, count, width }: Rows, test: RowTest): boolean {
  for (let i = 0; i < count; i++) if (!test(data, i * width, (i + 1) * width)) return false;
  return true;
}

const isDistribution: RowTest = (data, from, to) => {
  let sum = 0;
  for (let k = from; k < to; k++) {
    if (!(data[k] >= 0 && data[k] <= 1 + ROUNDING)) return false;
    sum += data[k];
  }
  return Math.abs(sum - 1) <= ROUNDING;
};

const isLogDistribution: RowTest = (data, from, to) => {
  let sum = 0;
  for (let k = from; k < to; k++) {
    if (!(data[k] <= ROUNDING)) return false;
    sum += Math.exp(data[k]);
  }
  return Math.abs(sum - 1) <= ROUNDING;
};

/** Of which the exponential is the least above 0. */
const LEAST = -745;

function logarithms(rows: Rows, shiftFree: boolean): Rows {
  if (!shiftFree)
    throw new ArgumentError(
      "probabilities will not do for this score, which a constant added to the logits changes; known for them: max-softmax, entropy, gen, kl-matching",
    );
  const { data, count, width } = rows;
  for (let i = 0; i < count; i++)
    if (!isDistribution(data, i * width, (i + 1) * width))
      throw new ArgumentError(`row ${i} of the probabilities is not within [0, 1] and of sum 1`);
  return { ...rows, data: Float64Array.from(data, (p) => Math.max(LEAST, Math.log(p))) };
}

/**
 * Returns one number a row.
 *
 * @param rule of the numbers from `from` up to `to`, which are finite.
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

/** Returns rows of which every number is finite. @throws {ArgumentError} naming the row and column that is not. */
export function finite(rows: Rows): Rows {
  for (let i = 0; i < rows.count; i++) checkRow(rows, i);
  return rows;
}

function checkRow({ data, width, what }: Rows, i: number): void {
  const [from, to] = [i * width, (i + 1) * width];
  let zero = 0;
  for (let k = from; k < to; k++) zero += 0 * data[k];
  if (zero === 0) return;
  const bad = data.subarray(from, to).findIndex((value) => !Number.isFinite(value));
  throw new ArgumentError(`${what} row ${i}, column ${bad} is ${data[from + bad]}, expected a finite number`);
}
