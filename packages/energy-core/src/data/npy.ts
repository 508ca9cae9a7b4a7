import { checkOptions } from "../check-options.ts";
import { checkLength, checkNumbers } from "../errors.ts";
import { elementTypes, type NdArray, ndarrayOf, readElements, rowMajorStride, sizeOf } from "./array.ts";
import { checkBytes, checkSize, DataError, type ParseOptions } from "./error.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Returns the array of a NumPy .npy file (versions 1 to 3): booleans, integers and floats of either byte order, C or
 * Fortran order (which the strides express). 16-bit floats become 32-bit ones, 64-bit integers become doubles and must
 * be exact in one.
 *
 * @example
 * ```ts
 * import { parseNpy } from "@basin/energy-core/data";
 *
 * const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }".padEnd(117) + "\n";
 * const bytes = [0x93, ..."NUMPY".split("").map((c) => c.charCodeAt(0)), 1, 0, header.length, 0];
 * const file = Uint8Array.of(...bytes, ...new TextEncoder().encode(header), 7, 8, 9);
 * console.log(parseNpy(file).data); // [7, 8, 9]
 * ```
 *
 * @throws {DataError} naming the file, the offset and what was expected there.
 */
export function parseNpy(bytes: Uint8Array, options: ParseOptions = {}): NdArray {
  checkOptions("parseNpy", options, "file");
  checkBytes(bytes);
  const { file = "data" } = options;
  const { header, start } = readHeader(file, bytes);
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1] ?? "";
  const shapeText = /'shape'\s*:\s*\(\s*((?:\d+L?\s*(?:,\s*|(?=\))))*)\)/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*True/.test(header);
  const name = descr.slice(1);
  if (!Object.hasOwn(elementTypes, name) || !"<>|=".includes(descr[0])) {
    const known = Object.keys(elementTypes).join(", ");
    const found = descr === "" ? `in the header ${header.trim()}` : `"${descr}"`;
    throw new DataError(file, 10, `unknown NumPy element type ${found}; known: ${known}, after <, > or |`);
  }
  if (shapeText === undefined) throw new DataError(file, 10, `no shape in the header ${header.trim()}`);
  const type = elementTypes[name];
  const shape = shapeText.split(",").map((part) => part.replace("L", "").trim());
  const lengths = shape.filter((part) => part !== "").map(Number);
  const length = lengths.reduce((product, size) => product * size, 1);
  checkSize(file, bytes, start, length * type.bytes);
  const data = readElements(type, bytes, start, length, descr[0] !== ">");
  if (descr.endsWith("8") && !descr.endsWith("f8")) checkExact(file, start, data);
  const array = ndarrayOf(data, lengths);
  return fortran ? { ...array, stride: rowMajorStride(lengths.toReversed()).toReversed() } : array;
}

/**
 * Returns the bytes of a NumPy .npy file (version 1) of doubles in C order.
 *
 * @throws {DimensionError} when `shape` does not hold as many numbers as `data` has.
 *
 * @example
 * ```ts
 * import { encodeNpy, parseNpy } from "@basin/energy-core/data";
 *
 * console.log(parseNpy(encodeNpy(Float64Array.of(1, 2), [2])).data); // [1, 2]
 * ```
 */
export function encodeNpy(data: Float64Array, shape: readonly number[]): Uint8Array {
  checkNumbers("data", data);
  checkLength("data", data.length, sizeOf(shape));
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Data begin at a multiple of 64 bytes, as numpy has them.
  const start = 64 * Math.ceil((11 + dictionary.length) / 64);
  const bytes = new Uint8Array(start + 8 * data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, 1, 0]);
  view.setUint16(8, start - 10, true);
  const header = `${dictionary.padEnd(start - 11)}\n`;
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  for (let i = 0; i < data.length; i++) view.setFloat64(start + 8 * i, data[i], true);
  return bytes;
}

function checkExact(file: string, start: number, data: ArrayLike<number>): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isSafeInteger(data[i])) continue;
    throw new DataError(file, start + 8 * i, `${data[i]} is beyond the integers that a double holds exactly`);
  }
}

function readHeader(file: string, bytes: Uint8Array): { header: string; start: number } {
  for (const [at, byte] of MAGIC.entries()) {
    if (at >= bytes.length) throw new DataError(file, at, "the file ends, expected the .npy signature");
    if (bytes[at] !== byte)
      throw new DataError(file, at, `found ${bytes[at]}, expected ${byte} of the .npy signature`);
  }
  const version = bytes[6];
  if (!(version >= 1 && version <= 3))
    throw new DataError(file, 6, `unknown .npy version ${version}; known: 1, 2, 3`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = version === 1 ? 10 : 12;
  if (bytes.length < from)
    throw new DataError(file, bytes.length, "the file ends, expected the length of the header");
  const start = from + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < start) {
    throw new DataError(file, bytes.length, `the file ends, expected the header up to byte ${start}`);
  }
  return { header: String.fromCharCode(...bytes.subarray(from, start)), start };
}
