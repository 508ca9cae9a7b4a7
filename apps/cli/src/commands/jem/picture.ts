import { ArgumentError } from "@basin/energy-core";
import { encode } from "fast-png";
import { contactSheet, valuePicture } from "../../pictures.ts";

/** Channels that a PNG file can have: gray, gray with alpha, colors, colors with alpha. */
const MOST_CHANNELS = 4;

/** @throws {ArgumentError} for inputs that cannot be drawn. */
export function checkPicture(shape: readonly number[]): void {
  const [, , channels = 1] = shape;
  if ((shape.length === 2 || shape.length === 3) && channels <= MOST_CHANNELS) return;
  throw new ArgumentError(
    `--png draws images [height, width] or [height, width, channels] of at most ${MOST_CHANNELS} channels, ` +
      `but the model takes inputs of shape [${shape.join(", ")}]; leave --png out`,
  );
}

/** Returns images of one shape side by side, `columns` a row, as PNG bytes. */
export function imageSheet(
  images: readonly Float32Array[],
  [, across, channels = 1]: readonly number[],
  columns: number,
): Uint8Array {
  const planes = Array.from({ length: channels }, (_, channel) =>
    contactSheet(
      images.map((image) =>
        valuePicture(
          image.filter((_, k) => k % channels === channel),
          across,
        ),
      ),
      columns,
    ),
  );
  const [{ width, height }] = planes;
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, k) => planes[k % channels].pixels[Math.floor(k / channels)],
  );
  return encode({ width, height, data, channels, depth: 8 });
}
