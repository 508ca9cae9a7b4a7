import { InvalidArgumentError } from "commander";
import { encode } from "fast-png";
import { contactSheet, valuePicture } from "../pictures.ts";

/** Number of channels of a PNG file: gray, gray with alpha, colors, colors with alpha. */
const MOST_CHANNELS = 4;

/** @throws {InvalidArgumentError} for inputs that cannot be drawn. */
export function checkPicture(shape: readonly number[]): void {
  const [, , channels = 1] = shape;
  if ((shape.length === 2 || shape.length === 3) && channels <= MOST_CHANNELS) return;
  throw new InvalidArgumentError(
    `--png draws images [height, width] or [height, width, channels] of at most ${MOST_CHANNELS} channels, ` +
      `but the model takes inputs of shape [${shape.join(", ")}]; leave --png out`,
  );
}

/**
 * Returns at most `most` images of one shape as PNG bytes, `columns` per row. If there are several states of the same
 * images, the states of a row are below one another.
 */
export function imageSheet(
  states: readonly Float32Array[],
  shape: readonly number[],
  columns: number,
  most: number,
): Uint8Array {
  const [height, width, channels = 1] = shape;
  const size = height * width * channels;
  const shown = Math.min(most, states[0].length / size);
  const images: Float32Array[] = [];
  for (let from = 0; from < shown; from += columns)
    for (const state of states)
      for (let k = from; k < from + columns; k++)
        if (k < shown) images.push(state.subarray(k * size, (k + 1) * size));
        else if (states.length > 1) images.push(new Float32Array(size));
  const planes = Array.from({ length: channels }, (_, channel) => {
    const plane = (image: Float32Array) => image.filter((_, k) => k % channels === channel);
    return contactSheet(
      images.map((image) => valuePicture(plane(image), width)),
      columns,
    );
  });
  const [sheet] = planes;
  const data = Uint8Array.from(
    { length: sheet.pixels.length * channels },
    (_, k) => planes[k % channels].pixels[Math.floor(k / channels)],
  );
  return encode({ width: sheet.width, height: sheet.height, data, channels, depth: 8 });
}
