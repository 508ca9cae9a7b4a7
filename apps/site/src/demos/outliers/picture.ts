import { ArgumentError } from "@basin/energy-core";

/** The images that a model takes. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  /** 1 for gray, 3 for color. */
  readonly channels: 1 | 3;
}

/**
 * Returns the images that the shape of an input means: [height, width, 1 or 3], [height, width], or a row of pixels of
 * a square, which is gray where its length is a square and in color where a third of it is.
 *
 * @throws {ArgumentError} for a shape that means none.
 */
export function imageShape(shape: readonly number[]): ImageShape {
  const [height, width, channels = 1] = shape.length === 1 ? squareOf(shape[0]) : shape;
  if (shape.length <= 3 && width !== undefined && (channels === 1 || channels === 3))
    return { height, width, channels };
  throw new ArgumentError(
    `the model takes inputs of shape [${shape.join(", ")}], which are no images: expected [height, width, channels] with 1 channel (gray) or 3 (color)`,
  );
}

function squareOf(length: number): number[] {
  const [gray, color] = [Math.sqrt(length), Math.sqrt(length / 3)];
  if (Number.isInteger(gray)) return [gray, gray, 1];
  return Number.isInteger(color) ? [color, color, 3] : [length];
}

/**
 * Returns the shades of a picture of red, green, blue and opacity as a model takes them.
 *
 * @throws {ArgumentError} for color where the model takes gray, and for what shows through, whose shade is that of a
 * ground that nobody named.
 */
export function shadesOf(rgba: Uint8ClampedArray, { channels }: ImageShape): Uint8Array {
  const shades = new Uint8Array((rgba.length / 4) * channels);
  for (let k = 0; k < rgba.length / 4; k++) {
    const [red, green, blue, opacity] = rgba.subarray(4 * k, 4 * k + 4);
    if (opacity < 255) throw new ArgumentError("has pixels that show through, expected opaque ones");
    if (channels === 1 && (red !== green || green !== blue))
      throw new ArgumentError("is in color (3 channels), the model takes gray (1 channel)");
    if (channels === 1) shades[k] = red;
    else shades.set([red, green, blue], 3 * k);
  }
  return shades;
}

/**
 * Resolves to the shades of an image file.
 *
 * @throws {ArgumentError} for a file that the browser does not read as an image, and one of another size unless it is to
 * be stretched.
 */
export async function readPicture(file: File, shape: ImageShape, stretches: boolean): Promise<Uint8Array> {
  const { width, height } = shape;
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" }).catch(() => {
    throw new ArgumentError("is no image that this browser reads");
  });
  if (!stretches && (bitmap.width !== width || bitmap.height !== height))
    throw new ArgumentError(
      `is ${bitmap.width} × ${bitmap.height} pixels, the model takes ${width} × ${height}`,
    );
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return shadesOf(context.getImageData(0, 0, width, height).data, shape);
}
