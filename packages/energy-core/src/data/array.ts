import { checkLength, checkNumber, checkNumbers } from "../errors.ts";
import { halfFloat } from "../internal/half-float.ts";
import { type NdArrayLike, rowMajorStride } from "../matrix.ts";

export { rowMajorStride } from "../matrix.ts";

/** The element types that files hold. */
export type DataArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array read from a file: anything that takes ndarrays takes it. */
export interface NdArray<T extends DataArray = DataArray> extends NdArrayLike {
  readonly data: T;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** Returns how many elements an array of `shape` has. @throws {ArgumentError} for lengths that are not whole numbers. */
export function sizeOf(shape: readonly number[]): number {
  checkNumbers("shape", shape);
  return shape.reduce(
    (product, length, axis) => product * checkNumber(`shape[${axis}]`, length, { min: 0, integer: true }),
    1,
  );
}

/**
 * Returns `data` as a row-major array of `shape`.
 *
 * @example
 * ```ts
 * import { ndarrayOf } from "@basin/energy-core/data";
 *
 * console.log(ndarrayOf(new Uint8Array(6), [2, 3]).stride); // [3, 1]
 * ```
 *
 * @throws {DimensionError} when `shape` does not hold as many elements as `data` has.
 */
export function ndarrayOf<T extends DataArray>(data: T, shape: readonly number[]): NdArray<T> {
  checkLength("data", data.length, sizeOf(shape));
  return { data, shape, stride: rowMajorStride(shape), offset: 0 };
}

/** How one element type is read. */
export interface ElementType {
  readonly bytes: number;
  readonly make: (length: number) => DataArray;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** The element types by the names that NumPy gives them. */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  u1: { bytes: 1, make: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) },
  b1: { bytes: 1, make: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) },
  i1: { bytes: 1, make: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) },
  u2: { bytes: 2, make: (n) => new Uint16Array(n), read: (v, at, le) => v.getUint16(at, le) },
  i2: { bytes: 2, make: (n) => new Int16Array(n), read: (v, at, le) => v.getInt16(at, le) },
  u4: { bytes: 4, make: (n) => new Uint32Array(n), read: (v, at, le) => v.getUint32(at, le) },
  i4: { bytes: 4, make: (n) => new Int32Array(n), read: (v, at, le) => v.getInt32(at, le) },
  f2: { bytes: 2, make: (n) => new Float32Array(n), read: (v, at, le) => halfFloat(v.getUint16(at, le)) },
  f4: { bytes: 4, make: (n) => new Float32Array(n), read: (v, at, le) => v.getFloat32(at, le) },
  f8: { bytes: 8, make: (n) => new Float64Array(n), read: (v, at, le) => v.getFloat64(at, le) },
  i8: { bytes: 8, make: (n) => new Float64Array(n), read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  u8: { bytes: 8, make: (n) => new Float64Array(n), read: (v, at, le) => Number(v.getBigUint64(at, le)) },
};

/** Returns `length` elements read from `bytes` at `offset`. */
export function readElements(
  type: ElementType,
  bytes: Uint8Array,
  offset: number,
  length: number,
  littleEndian: boolean,
): DataArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = type.make(length);
  if (data instanceof Uint8Array) {
    data.set(bytes.subarray(offset, offset + length));
    return data;
  }
  for (let i = 0; i < length; i++) data[i] = type.read(view, offset + i * type.bytes, littleEndian);
  return data;
}
