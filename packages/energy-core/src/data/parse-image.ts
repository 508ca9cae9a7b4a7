import { checkOptions } from "../check-options.ts";
import type { NdArray } from "./array.ts";
import { checkBytes, DataError, type ParseOptions } from "./error.ts";
import { parseJpeg } from "./jpeg.ts";
import { parsePgm } from "./pgm.ts";
import { parsePng } from "./png.ts";

/**
 * Returns the pixels of a PNG, PGM or JPEG file, which its first bytes tell apart. The shape is [height, width] for
 * gray images and [height, width, channels] for others.
 *
 * - PNG: palettes are resolved, depths below 8 bits scaled to 0 … 255, and 16 bits kept as `Uint16Array`.
 * - PGM, plain (P2) or raw (P5): values are not scaled.
 * - JPEG, baseline or progressive: three channels, which are equal in gray images.
 *
 * @example
 * ```ts
 * import { parseImage } from "@basin/energy-core/data";
 *
 * const bytes = new TextEncoder().encode("P2\n2 1\n255\n0 128\n");
 * console.log(parseImage(bytes).data); // [0, 128]
 * ```
 *
 * @throws {DataError} naming the file, the mistake and its place. Photos with an orientation that viewers undo are
 * refused, too.
 */
export function parseImage(bytes: Uint8Array, options: ParseOptions = {}): NdArray<Uint8Array | Uint16Array> {
  checkOptions("parseImage", options, "file");
  checkBytes(bytes);
  const { file = "data" } = options;
  if (bytes.length === 0)
    throw new DataError(file, 0, "the file is empty, expected a PNG, PGM or JPEG image");
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return parseJpeg(bytes, file);
  if (bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35)) return parsePgm(bytes, file);
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return parsePng(bytes, file);
  const begin = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const name = others.find(([, pattern]) => pattern.test(String.fromCharCode(...bytes.subarray(0, 16))))?.[0];
  const found = name === undefined ? "" : ` of ${name}, which is not read`;
  throw new DataError(file, 0, `found the bytes ${begin}${found}, expected a PNG, PGM or JPEG image`);
}

/** What the first bytes of other pictures look like. */
const others: readonly (readonly [name: string, start: RegExp])[] = [
  ["a GIF image", /^GIF8/],
  ["a WebP image", /^RIFF[\s\S]{4}WEBP/],
  ["a BMP image", /^BM/],
  ["a TIFF image", /^(II\*\0|MM\0\*)/],
  ["a HEIC or AVIF image", /^[\s\S]{4}ftyp/],
  ["an SVG drawing or a page", /^\s*</],
  ["a PBM, PPM or PAM image", /^P[1-7]\s/],
];
