import { convertIndexedToRgb, type DecodedPng, decode } from "fast-png";
import { type NdArray, ndarrayOf } from "./array.ts";
import { DataError } from "./error.ts";

/**
 * Returns the pixels of a PNG file: shape [height, width] for gray images, [height, width, channels] for others;
 * palettes are resolved, depths below 8 bits scaled to 0 … 255, 16 bits kept as `Uint16Array`.
 * @throws {DataError} naming the file and what is wrong with it.
 */
export function parsePng(bytes: Uint8Array, file = "data"): NdArray<Uint8Array | Uint16Array> {
  checkChunks(bytes, file);
  let image: DecodedPng;
  let data: DecodedPng["data"];
  try {
    image = decode(bytes, { checkCrc: true });
    const palette = image.palette ?? (image.depth < 8 ? grayPalette(image.depth) : undefined);
    data = palette === undefined ? image.data : convertIndexedToRgb({ ...image, palette });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const end = /filter: undefined|unexpected end/i.test(problem)
      ? "the data of its pixels end early"
      : problem;
    throw new DataError(file, -1, `not a readable PNG: ${end}`);
  }
  const { width, height, depth, transparency } = image;
  const channels = data.length / (width * height);
  const pixels = data instanceof Uint16Array ? data : new Uint8Array(data);
  const found = ndarrayOf(pixels, channels === 1 ? [height, width] : [height, width, channels]);
  if (transparency === undefined || image.palette !== undefined) return found;
  const key = depth < 8 ? [grayPalette(depth)[transparency[0]][0]] : transparency;
  return keyed(found, channels, key);
}

/** Channels by the type of color in the header. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A byte of deflate's stands for at most 1032 of its data (zlib's technical notes). */
const DEFLATED = 1032;

/** @throws {DataError} for a file that ends early, and for a header that the rest cannot be right with. */
function checkChunks(bytes: Uint8Array, file: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = new Set<string>();
  for (let at = 8; !names.has("IEND"); ) {
    const end = at + 8 <= bytes.length ? at + 12 + view.getUint32(at) : Infinity;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length)
      throw new DataError(
        file,
        bytes.length,
        `the file ends in the chunk "${name}", expected chunks up to IEND`,
      );
    names.add(name);
    at = end;
  }
  if (!names.has("IHDR")) throw new DataError(file, 8, "the file has no chunk IHDR");
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, color, , , interlace] = bytes.subarray(24, 29);
  const row = 1 + Math.ceil((width * depth * (CHANNELS[color] ?? 1)) / 8);
  const announced = `the header announces ${width} × ${height} pixels`;
  if (width * height === 0) throw new DataError(file, 16, `${announced}, expected at least one`);
  if (row * height > DEFLATED * bytes.length)
    throw new DataError(file, 16, `${announced}, more than a file of ${bytes.length} bytes can hold`);
  if (color === 3 && !names.has("PLTE"))
    throw new DataError(file, 25, "the image has a palette by its header, and no chunk PLTE that holds it");
  // The library takes each byte of such a row for a pixel.
  if (interlace !== 0 && depth < 8)
    throw new DataError(
      file,
      28,
      `the image is interlaced with a bit depth of ${depth}, which is not read; save it without interlacing`,
    );
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
