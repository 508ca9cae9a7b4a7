import { convertIndexedToRgb, type DecodedPng, decode } from "fast-png";
import { type NdArray, ndarrayOf } from "./array.ts";
import { DataError } from "./error.ts";

/**
 * Returns the pixels of a PNG file: shape [height, width] for gray images, [height, width, channels] for others;
 * palettes are resolved, depths below 8 bits scaled to 0 … 255, 16 bits kept as `Uint16Array`.
 * @throws {DataError} naming the file and what is wrong with it.
 */
export function parsePng(bytes: Uint8Array, file = "data"): NdArray<Uint8Array | Uint16Array> {
  let image: DecodedPng;
  try {
    image = decode(bytes, { checkCrc: true });
  } catch (error) {
    throw new DataError(
      file,
      -1,
      `not a readable PNG: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const { width, height } = image;
  const palette = image.palette ?? (image.depth < 8 ? grayPalette(image.depth) : undefined);
  const data = palette === undefined ? image.data : convertIndexedToRgb({ ...image, palette });
  const channels = data.length / (width * height);
  const pixels = data instanceof Uint16Array ? data : new Uint8Array(data);
  const found = ndarrayOf(pixels, channels === 1 ? [height, width] : [height, width, channels]);
  return image.transparency === undefined || palette !== undefined
    ? found
    : keyed(found, channels, image.transparency);
}

/** Adds alpha: 0 where a pixel has the one color that the file calls transparent. */
function keyed(
  { data, shape: [height, width] }: NdArray<Uint8Array | Uint16Array>,
  channels: number,
  key: ArrayLike<number>,
): NdArray<Uint8Array | Uint16Array> {
  const out =
    data instanceof Uint16Array
      ? new Uint16Array((data.length / channels) * (channels + 1))
      : new Uint8Array((data.length / channels) * (channels + 1));
  for (let pixel = 0; pixel < height * width; pixel++) {
    const own = data.subarray(pixel * channels, (pixel + 1) * channels);
    out.set(own, pixel * (channels + 1));
    const clear = own.every((value, k) => value === key[k]);
    out[pixel * (channels + 1) + channels] = clear ? 0 : data instanceof Uint16Array ? 65535 : 255;
  }
  return ndarrayOf(out, [height, width, channels + 1]);
}

function grayPalette(depth: number): number[][] {
  const levels = 2 ** depth;
  return Array.from({ length: levels }, (_, level) => [Math.round((255 * level) / (levels - 1))]);
}

/**
 * Returns the pixels of a PGM file, plain (P2) or raw (P5), as [height, width], scaled by nothing: 0 … maxval.
 * @throws {DataError} naming the file, the offset and what was expected there.
 */
export function parsePgm(bytes: Uint8Array, file = "data"): NdArray<Uint8Array | Uint16Array> {
  const reader = new PnmReader(file, bytes);
  const width = reader.integer("the width", 1, 2 ** 24);
  const height = reader.integer("the height", 1, 2 ** 24);
  const highest = reader.integer("the largest gray value", 1, 65535);
  const pixels = new (highest < 256 ? Uint8Array : Uint16Array)(width * height);
  if (bytes[1] === 0x32) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = reader.integer(`pixel ${i}`, 0, highest);
    return ndarrayOf(pixels, [height, width]);
  }
  const start = reader.at + 1;
  const size = highest < 256 ? 1 : 2;
  if (bytes.length < start + pixels.length * size) {
    throw new DataError(
      file,
      bytes.length,
      `the file ends, expected ${pixels.length * size} bytes of pixels`,
    );
  }
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = size === 1 ? bytes[start + i] : bytes[start + 2 * i] * 256 + bytes[start + 2 * i + 1];
  }
  return ndarrayOf(pixels, [height, width]);
}

class PnmReader {
  at = 2;
  readonly #file: string;
  readonly #bytes: Uint8Array;

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /** The next integer, after white space and comments. */
  integer(what: string, low: number, high: number): number {
    const bytes = this.#bytes;
    while (this.at < bytes.length && (bytes[this.at] <= 32 || bytes[this.at] === 35)) {
      if (bytes[this.at] === 35) while (this.at < bytes.length && bytes[this.at] !== 10) this.at++;
      else this.at++;
    }
    const start = this.at;
    let value = 0;
    while (this.at < bytes.length && bytes[this.at] >= 48 && bytes[this.at] <= 57) {
      value = value * 10 + bytes[this.at++] - 48;
    }
    if (this.at === start || value < low || value > high) {
      const found =
        this.at > start ? `${value}` : start < bytes.length ? `byte ${bytes[start]}` : "the end of the file";
      throw new DataError(
        this.#file,
        start,
        `${what}: found ${found}, expected an integer from ${low} to ${high}`,
      );
    }
    return value;
  }
}
