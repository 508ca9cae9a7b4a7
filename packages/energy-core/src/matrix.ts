import { ArgumentError, checkKind, checkList, checkNumbers, DimensionError } from "./errors.ts";

/** Anything laid out like an `ndarray`: a view of the package `ndarray`, or a plain object. */
export interface NdArrayLike {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  /** Steps between neighbors along each axis, in elements. Default: row-major (C order). */
  readonly stride?: readonly number[];
  /** Index of the first element in `data`. Default 0. */
  readonly offset?: number;
}

/** A dense row-major matrix `[rows, columns]`, the shape in which Basin takes and gives sets of states. */
export interface Matrix<T extends Float64Array | Float32Array | Int8Array | Uint8Array = Float64Array>
  extends NdArrayLike {
  readonly data: T;
  readonly shape: readonly [rows: number, columns: number];
  readonly stride: readonly [number, number];
  readonly offset: 0;
}

/** Rows as nested arrays, typed arrays, or one ndarray-shaped object. */
export type MatrixLike = NdArrayLike | readonly ArrayLike<number>[];

/** A list of numbers as an array, a typed array, or an ndarray-shaped object of one axis. */
export type VectorLike = ArrayLike<number> | NdArrayLike;

/**
 * Returns the numbers of `source` as a list: a list itself, or the elements of an ndarray with one axis in a new array.
 *
 * @throws {DimensionError} for an ndarray with more axes, and for data too short for its shape; {ArgumentError} for a
 * value that is not a list.
 */
export function toVector(source: VectorLike, what = "vector"): ArrayLike<number> {
  if (typeof source !== "object" || source === null || !("shape" in source) || "dataSync" in source)
    return checkList(what, source as ArrayLike<number>);
  const { data, shape } = source;
  if (shape.length !== 1) {
    throw new DimensionError(`${what} has shape [${shape.join(", ")}], expected one axis`);
  }
  const { stride, offset } = placesOf(source, what);
  return Float64Array.from({ length: shape[0] }, (_, i) => data[offset + i * stride[0]]);
}

type MatrixArray = new (length: number) => Float64Array | Float32Array | Int8Array | Uint8Array;

/**
 * Returns a dense row-major copy of `source` as `[rows, columns]`, stored in `Type`; axes after the first are
 * flattened.
 *
 * @example
 * ```ts
 * import { toMatrix } from "@basin/energy-core";
 *
 * console.log(toMatrix([[1, 2], [3, 4]], Float32Array).data); // [1, 2, 3, 4]
 * ```
 *
 * @throws {DimensionError} for ragged rows, for fewer than two axes and for data too short for the shape.
 */
export function toMatrix<C extends MatrixArray>(
  source: MatrixLike,
  Type: C,
  what = "matrix",
): Matrix<InstanceType<C>> {
  const [rows, columns, read] =
    typeof source === "object" && source !== null && "shape" in source
      ? readNdArray(source, what)
      : readRows(source, what);
  const data = new Type(rows * columns) as InstanceType<C>;
  for (let r = 0; r < rows; r++) read(r, data, r * columns);
  return matrix(data, rows, columns);
}

/**
 * Wraps `data` (length rows·columns, row-major) without copying.
 *
 * @example
 * ```ts
 * import { matrix } from "@basin/energy-core";
 *
 * console.log(matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3).shape); // [2, 3]
 * ```
 */
export function matrix<T extends Float64Array | Float32Array | Int8Array | Uint8Array>(
  data: T,
  rows: number,
  columns: number,
): Matrix<T> {
  if (data.length !== rows * columns) {
    throw new DimensionError(`matrix data has length ${data.length}, expected ${rows} × ${columns}`);
  }
  return { data, shape: [rows, columns], stride: [columns, 1], offset: 0 };
}

/**
 * Returns row `r` of a dense matrix as a view on its data.
 *
 * @example
 * ```ts
 * import { matrix, row } from "@basin/energy-core";
 *
 * console.log(row(matrix(Float64Array.of(1, 2, 3, 4), 2, 2), 1)); // [3, 4]
 * ```
 */
export function row<T extends Float64Array | Float32Array | Int8Array | Uint8Array>(
  source: Matrix<T>,
  r: number,
): T {
  const [rows, columns] = source.shape;
  if (!(r >= 0 && r < rows)) throw new ArgumentError(`row ${r} does not exist; the matrix has ${rows} rows`);
  return source.data.subarray(r * columns, (r + 1) * columns) as T;
}

type RowReader = (r: number, out: { [i: number]: number }, at: number) => void;

function readRows(source: readonly ArrayLike<number>[], what: string): [number, number, RowReader] {
  checkKind(what, source, Array.isArray(source), "rows of numbers, or { data, shape }");
  const columns = source[0]?.length ?? 0;
  for (const [r, values] of source.entries()) {
    checkNumbers(`${what}[${r}]`, values);
    if (values.length !== columns) {
      throw new DimensionError(
        `${what} is ragged: row ${r} has length ${values.length}, row 0 has ${columns}`,
      );
    }
  }
  return [
    source.length,
    columns,
    (r, out, at) => {
      const values = source[r];
      for (let c = 0; c < columns; c++) out[at + c] = values[c];
    },
  ];
}

function readNdArray(source: NdArrayLike, what: string): [number, number, RowReader] {
  const { data, shape } = source;
  if (shape.length < 2) {
    throw new DimensionError(`${what} has shape [${shape.join(", ")}], expected at least two axes`);
  }
  const { stride, offset } = placesOf(source, what);
  const inner = innerOffsets(shape.slice(1), stride.slice(1));
  return [
    shape[0],
    inner.length,
    (r, out, at) => {
      const start = offset + r * stride[0];
      for (let c = 0; c < inner.length; c++) out[at + c] = data[start + inner[c]];
    },
  ];
}

/**
 * Returns where the elements of an array lie.
 *
 * @throws {DimensionError} naming `what`, for a shape of negative lengths or fractions, strides of another number of
 * axes, and data too short.
 */
export function placesOf(source: NdArrayLike, what: string): { stride: readonly number[]; offset: number } {
  const { data, shape, stride = rowMajorStride(shape), offset = 0 } = source;
  const shown = `${what} of shape [${shape.join(", ")}]`;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new DimensionError(`${shown}: expected lengths that are integers of at least 0`);
  }
  if (stride.length !== shape.length) {
    throw new DimensionError(`${shown} has strides [${stride.join(", ")}], expected one an axis`);
  }
  let low = offset;
  let high = offset;
  for (const [axis, length] of shape.entries()) {
    const reach = (length - 1) * stride[axis];
    if (reach > 0) high += reach;
    else low += reach;
  }
  if (!shape.includes(0) && (low < 0 || high >= data.length)) {
    throw new DimensionError(
      `${shown} reaches elements ${low}…${high}, but its data has length ${data.length}`,
    );
  }
  return { stride, offset };
}

/**
 * Returns the steps between neighbors along each axis in C order.
 */
export function rowMajorStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= shape[axis];
  }
  return stride;
}

function innerOffsets(shape: readonly number[], stride: readonly number[]): Int32Array {
  let offsets = Int32Array.of(0);
  for (const [axis, length] of shape.entries()) {
    const next = new Int32Array(offsets.length * length);
    let at = 0;
    for (const base of offsets) for (let i = 0; i < length; i++) next[at++] = base + i * stride[axis];
    offsets = next;
  }
  return offsets;
}
