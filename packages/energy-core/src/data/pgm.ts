import { type NdArray, ndarrayOf } from "./array.ts";
import { DataError } from "./error.ts";

/**
 * Returns the pixels of a PGM file, plain (P2) or raw (P5), as [height, width], scaled by nothing: 0 … maxval.
 * @throws {DataError} naming the file, the offset and what was expected there.
 */
export function parsePgm(bytes: Uint8Array, file = "data"): NdArray<Uint8Array | Uint16Array> {
  const reader = new PnmReader(file, bytes);
  if (bytes.length > 2 && !reader.atGap)
    throw new DataError(file, 2, "expected white space after the magic number");
  const width = reader.integer("the width", 1, 2 ** 24);
  const height = reader.integer("the height", 1, 2 ** 24);
  const highest = reader.integer("the largest gray value", 1, 65535);
  const count = width * height;
  const size = highest < 256 ? 1 : 2;
  const plain = bytes[1] === 0x32;
  // The shortest plain pixel is a white space and a digit.
  const least = plain ? 2 * count : 1 + count * size;
  if (bytes.length < reader.at + least)
    throw new DataError(
      file,
      bytes.length,
      `the file ends, expected ${width} × ${height} pixels, at least ${least} bytes`,
    );
  const pixels = new (size === 1 ? Uint8Array : Uint16Array)(count);
  if (plain) {
    for (let i = 0; i < count; i++) pixels[i] = reader.integer(`pixel ${i}`, 0, highest);
    reader.skip();
    checkEnd(file, bytes, reader.at);
    return ndarrayOf(pixels, [height, width]);
  }
  // Windows ends the line before the pixels with two characters.
  const isTwo = bytes[reader.at] === 13 && bytes[reader.at + 1] === 10;
  const start = reader.at + (isTwo && bytes.length === reader.at + 2 + count * size ? 2 : 1);
  for (let i = 0; i < count; i++) {
    pixels[i] = size === 1 ? bytes[start + i] : bytes[start + 2 * i] * 256 + bytes[start + 2 * i + 1];
    if (pixels[i] > highest)
      throw new DataError(file, start + i * size, `pixel ${i} is ${pixels[i]}, expected at most ${highest}`);
  }
  checkEnd(file, bytes, start + count * size);
  return ndarrayOf(pixels, [height, width]);
}

/** @throws {DataError} where more than the end of a line follows the image: several images are not read. */
function checkEnd(file: string, bytes: Uint8Array, at: number): void {
  const rest = bytes.length - at;
  if (rest > 2 || bytes.subarray(at).some((byte) => byte > 32))
    throw new DataError(file, at, `${rest} bytes follow the pixels, expected the end of the file`);
}

class PnmReader {
  at = 2;
  readonly #file: string;
  readonly #bytes: Uint8Array;

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /** Whether white space, a comment or the end comes next. */
  get atGap(): boolean {
    return !(this.#bytes[this.at] > 32) || this.#bytes[this.at] === 35;
  }

  /** Goes on to what is neither white space nor comment. */
  skip(): void {
    const bytes = this.#bytes;
    while (this.at < bytes.length && this.atGap) {
      if (bytes[this.at] === 35) while (this.at < bytes.length && bytes[this.at] !== 10) this.at++;
      else this.at++;
    }
  }

  /** The next integer, after white space and comments. */
  integer(what: string, low: number, high: number): number {
    const bytes = this.#bytes;
    this.skip();
    const start = this.at;
    let value = 0;
    while (this.at < bytes.length && bytes[this.at] >= 48 && bytes[this.at] <= 57) {
      value = value * 10 + bytes[this.at++] - 48;
    }
    if (this.at === start || value < low || value > high || !this.atGap) {
      const found =
        this.at > start
          ? `"${String.fromCharCode(...bytes.subarray(start, Math.min(start + 20, this.at + (this.atGap ? 0 : 3))))}"`
          : start < bytes.length
            ? `byte ${bytes[start]}`
            : "the end of the file";
      throw new DataError(
        this.#file,
        start,
        `${what}: found ${found}, expected an integer from ${low} to ${high}`,
      );
    }
    return value;
  }
}
