import { decode } from "jpeg-js";
import { type NdArray, ndarrayOf } from "./array.ts";
import { DataError } from "./error.ts";

/**
 * Returns the pixels of a JPEG file, baseline or progressive, with shape [height, width, 3]; those of gray images have
 * equal colors.
 * @throws {DataError} naming the file and what is wrong with it; also for a photo that is stored turned, which viewers
 * turn back.
 */
export function parseJpeg(bytes: Uint8Array, file = "data"): NdArray<Uint8Array> {
  let image: { width: number; height: number; data: Uint8Array; exifBuffer?: Uint8Array };
  try {
    image = decode(bytes, {
      ...{ useTArray: true, formatAsRGBA: false, tolerantDecoding: false },
      ...{ maxResolutionInMP: MEGAPIXELS, maxMemoryUsageInMB: 4096 },
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem.startsWith("max"))
      throw new DataError(file, -1, `the image announces more pixels than are read, ${MEGAPIXELS} million`);
    throw new DataError(file, -1, `not a readable JPEG: ${problem}`);
  }
  const { width, height, data, exifBuffer } = image;
  if (width * height === 0)
    throw new DataError(file, -1, `the image has ${width} × ${height} pixels, expected at least one`);
  const orientation = exifBuffer === undefined ? 1 : orientationOf(exifBuffer);
  if (orientation !== 1)
    throw new DataError(
      file,
      -1,
      `the photo is stored turned (EXIF orientation ${orientation}); save it upright`,
    );
  return ndarrayOf(data, [height, width, 3]);
}

const MEGAPIXELS = 100;
const ORIENTATION = 0x0112;

/** Returns the orientation that the first directory of an EXIF block states, 1 where it states none. */
function orientationOf(exif: Uint8Array): number {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  // The library hands on the second of the two zeros after the name.
  const start = exif[0] === 0 ? 1 : 0;
  if (exif.length < start + 14) return 1;
  const little = view.getUint8(start) === 0x49;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > exif.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let k = 0; k < entries; k++) {
    const at = directory + 2 + 12 * k;
    if (at + 12 > exif.length) return 1;
    if (view.getUint16(at, little) === ORIENTATION) return view.getUint16(at + 8, little);
  }
  return 1;
}
