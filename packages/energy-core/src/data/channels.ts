import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkNumber } from "../errors.ts";
import { type NdArray, ndarrayOf } from "./array.ts";

/** Values of pixels: 8 bits, 16 bits, or numbers from 0 to 1. */
export type Pixels = Uint8Array | Uint16Array | Float32Array;

/** What decides where pixels cannot be had with other channels without a choice. */
export interface ChannelOptions {
  /** The background of transparent pixels. Default: none, and images with transparent pixels are refused. */
  background?: "black" | "white";
  /**
   * Whether colors become gray, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). Default false: images that have colors are
   * refused.
   */
  gray?: boolean;
}

/**
 * How many channels an image [height, width] or [height, width, channels] has: gray, gray and alpha, colors, colors and
 * alpha.
 */
export function channelsOf({ shape }: { readonly shape: readonly number[] }): number {
  return shape[2] ?? 1;
}

/**
 * Returns an image with the fewest channels that lose nothing: opaque alpha is dropped, and three equal channels become
 * one. So a gray image that was saved as colors, with alpha or with a palette has shape [height, width].
 */
export function simplified<T extends Pixels>(image: NdArray<T>): NdArray<T> {
  const channels = channelsOf(image);
  const colors = channels > 2 ? 3 : 1;
  const keepsAlpha = colors !== channels && !isOpaque(image);
  const keepsColors = colors === 3 && !isGray(image);
  return pick(image, (keepsColors ? 3 : 1) + (keepsAlpha ? 1 : 0));
}

/**
 * Returns an image with `channels` channels: gray is repeated as colors, equal colors become gray, opaque alpha is
 * added or dropped. {@link ChannelOptions} decide the other cases.
 *
 * @param channels 1 gives [height, width], more give [height, width, channels].
 *
 * @throws {ArgumentError} for colors where one channel is wanted, and for transparency where none is, naming the option
 * that decides.
 */
export function withChannels<T extends Pixels>(
  image: NdArray<T>,
  channels: number,
  options: ChannelOptions = {},
): NdArray<T> {
  checkOptions("withChannels", options, "background gray");
  const { background, gray = false } = options;
  checkNumber("channels", channels, { min: 1, max: 4, integer: true });
  let result = image;
  const hasAlpha = (count: number) => count % 2 === 0;
  if (hasAlpha(channelsOf(result)) && !hasAlpha(channels)) {
    if (isOpaque(result)) result = pick(result, channelsOf(result) - 1);
    else if (background !== undefined) result = over(result, background === "white" ? topOf(result.data) : 0);
    else
      throw new ArgumentError(
        `the image is transparent in places, and ${channels} ${channels === 1 ? "channel was" : "channels were"} asked for: give background "black" or "white"`,
      );
  }
  if (channelsOf(result) > 2 && channels < 3) {
    if (isGray(result)) result = pick(result, hasAlpha(channels) ? 2 : 1);
    else if (gray) result = luma(result);
    else
      throw new ArgumentError(
        "the image has colors, and gray was asked for: give gray to take 0.299 R + 0.587 G + 0.114 B",
      );
  }
  return pick(result, channels);
}

/** The value of white, and of opaque. */
function topOf(data: Pixels): number {
  return data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
}

function isOpaque({ data, shape }: NdArray<Pixels>): boolean {
  const step = shape[2];
  const top = topOf(data);
  for (let at = step - 1; at < data.length; at += step) if (data[at] !== top) return false;
  return true;
}

function isGray({ data, shape }: NdArray<Pixels>): boolean {
  for (let at = 0; at < data.length; at += shape[2])
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  return true;
}

/** Copies channels: alpha from alpha, else opaque; colors from colors, or gray repeated. */
function pick<T extends Pixels>(image: NdArray<T>, channels: number): NdArray<T> {
  const from = channelsOf(image);
  if (from === channels) return image;
  const colors = channels > 2 ? 3 : 1;
  return mapped(image, channels, (at, k) => {
    if (k >= colors) return from % 2 === 0 ? image.data[at + from - 1] : topOf(image.data);
    return image.data[at + (from > 2 ? k : 0)];
  });
}

function over<T extends Pixels>(image: NdArray<T>, background: number): NdArray<T> {
  const from = channelsOf(image);
  const top = topOf(image.data);
  return mapped(image, from - 1, (at, k) => {
    const alpha = image.data[at + from - 1] / top;
    return alpha * image.data[at + k] + (1 - alpha) * background;
  });
}

function luma<T extends Pixels>(image: NdArray<T>): NdArray<T> {
  const { data } = image;
  const alpha = channelsOf(image) - 3;
  return mapped(image, 1 + alpha, (at, k) =>
    k === 0 ? 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2] : data[at + 3],
  );
}

function mapped<T extends Pixels>(
  { data, shape: [height, width, from = 1] }: NdArray<T>,
  channels: number,
  value: (at: number, k: number) => number,
): NdArray<T> {
  const out = new (data.constructor as new (length: number) => T)(height * width * channels);
  const round = out instanceof Float32Array ? Number : Math.round;
  for (let pixel = 0, to = 0; pixel < height * width; pixel++)
    for (let k = 0; k < channels; k++) out[to++] = round(value(pixel * from, k));
  return ndarrayOf(out, channels === 1 ? [height, width] : [height, width, channels]);
}
