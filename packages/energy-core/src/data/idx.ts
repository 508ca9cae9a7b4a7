import { checkOptions } from "../check-options.ts";
import { elementTypes, type NdArray, ndarrayOf, readElements } from "./array.ts";
import { checkBytes, checkSize, DataError, type ParseOptions } from "./error.ts";

const TYPES: Readonly<Record<number, string>> = { 8: "u1", 9: "i1", 11: "i2", 12: "i4", 13: "f4", 14: "f8" };

/**
 * Returns the array of an IDX file (the format of MNIST): two zero bytes, an element type, the number of axes, their
 * lengths as big-endian 32-bit integers, then the elements, the last axis fastest.
 *
 * @example
 * ```ts
 * import { parseIdx } from "@basin/energy-core/data";
 *
 * const labels = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1));
 * console.log(labels.shape, labels.data); // [3], [7, 2, 1]
 * ```
 *
 * @throws {DataError} naming the file, the offset and what was expected there.
 */
export function parseIdx(bytes: Uint8Array, options: ParseOptions = {}): NdArray {
  checkOptions("parseIdx", options, "file");
  checkBytes(bytes);
  const { file = "data" } = options;
  if (bytes.length < 4)
    throw new DataError(file, bytes.length, `the file ends, expected a 4-byte IDX header`);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw new DataError(
      file,
      0,
      `found ${bytes[0]}, ${bytes[1]}, expected the two zero bytes of an IDX file`,
    );
  }
  const name = TYPES[bytes[2]];
  if (name === undefined) {
    throw new DataError(
      file,
      2,
      `unknown IDX element type ${bytes[2]}; known: ${Object.keys(TYPES).join(", ")}`,
    );
  }
  const axes = bytes[3];
  const start = 4 + 4 * axes;
  if (axes === 0) throw new DataError(file, 3, "the array has 0 axes, expected at least 1");
  if (bytes.length < start) {
    throw new DataError(
      file,
      bytes.length,
      `the file ends, expected the lengths of ${axes} axes up to byte ${start}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = shape.reduce((product, size) => product * size, 1);
  const type = elementTypes[name];
  checkSize(file, bytes, start, length * type.bytes);
  return ndarrayOf(readElements(type, bytes, start, length, false), shape);
}
