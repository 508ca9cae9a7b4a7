import ndarray from "ndarray";
import { ArgumentError, DimensionError } from "../errors.ts";
import { kindOf } from "../kind-of.ts";
import { type NdArrayLike, placesOf } from "../matrix.ts";

/** The arrays that Basin keeps numbers in. */
type Numbers =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * Returns a view of the package `ndarray` on the memory of `source`, without a copy; both share their values. Matrices,
 * images, landscapes, draws and arrays from files keep their shape. A typed array has one axis, or the axes of `shape`
 * in C order, such as the spins of a lattice.
 *
 * The package builds its views with `new Function`. A page whose policy forbids that cannot import this entry; every
 * other entry of Basin takes ndarrays without it.
 *
 * @param shape the lengths of the axes of a typed array; their product is its length.
 *
 * @throws {DimensionError} for a shape that does not fit, and where the strides of a source reach beyond its data.
 *
 * @throws {ArgumentError} for nested arrays and tensors, which have no single memory to view.
 *
 * @example
 * ```ts
 * import { asNdarray } from "@basin/energy-core/ndarray";
 *
 * const spins = asNdarray(Int8Array.of(1, 1, -1, -1, 1, 1), [2, 3]);
 * console.log(spins.get(1, 0), spins.transpose(1, 0).get(0, 1)); // −1, −1
 * spins.set(1, 0, 1); // the array has changed
 * ```
 */
export function asNdarray<T extends Numbers>(
  source: T | (NdArrayLike & { readonly data: T }),
  shape?: readonly number[],
): ndarray.NdArray<T> {
  if (ArrayBuffer.isView(source)) {
    const lengths = shape ?? [source.length];
    const { stride, offset } = placesOf({ data: source, shape: lengths }, "an ndarray");
    if (lengths.reduce((product, length) => product * length, 1) !== source.length) {
      throw new DimensionError(
        `an ndarray of shape [${lengths.join(", ")}] was asked for, but there are ${source.length} numbers`,
      );
    }
    return ndarray(source, [...lengths], [...stride], offset);
  }
  if (!ArrayBuffer.isView(source?.data)) {
    throw new ArgumentError(
      `the source of an ndarray is ${kindOf(source)}, expected a typed array or an object with data, shape and stride; toMatrix copies nested arrays`,
    );
  }
  if (shape !== undefined) {
    throw new ArgumentError(
      `the source has the shape [${source.shape.join(", ")}]: pass its data to give another shape`,
    );
  }
  const { stride, offset } = placesOf(source, "an ndarray");
  return ndarray(source.data, [...source.shape], [...stride], offset);
}
