import type { Matrix } from "@basin/energy-core";
import { encode } from "fast-png";
import { colorTable } from "./charts/chart.ts";

/** A gray picture: `pixels` row by row, 0 black to 255 white. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Returns a picture as PNG bytes. */
export function encodeGray({ width, height, pixels }: GrayPicture): Uint8Array {
  return encode({ width, height, data: pixels, channels: 1, depth: 8 });
}

/** Returns ±1 spins as a picture, −1 dark and +1 light. */
export function spinPicture(spins: ArrayLike<number>, width: number): GrayPicture {
  const pixels = Uint8Array.from(spins, (spin) => (spin > 0 ? 236 : 32));
  return { width, height: pixels.length / width, pixels };
}

/** Returns values clamped to [low, high] as a picture, low black and high white. */
export function valuePicture(values: ArrayLike<number>, width: number, low = 0, high = 1): GrayPicture {
  const pixels = Uint8Array.from(values, (value) => {
    const share = (value - low) / (high - low);
    return Math.round(255 * Math.min(1, Math.max(0, share)));
  });
  return { width, height: pixels.length / width, pixels };
}

/** Returns pictures of one size side by side, `columns` per row, with `gap` mid-gray pixels between them. */
export function contactSheet(pictures: readonly GrayPicture[], columns: number, gap = 2): GrayPicture {
  const { width: w, height: h } = pictures[0];
  const rows = Math.ceil(pictures.length / columns);
  const width = columns * (w + gap) - gap;
  const height = rows * (h + gap) - gap;
  const pixels = new Uint8Array(width * height).fill(128);
  for (const [k, picture] of pictures.entries()) {
    const left = (k % columns) * (w + gap);
    const top = Math.floor(k / columns) * (h + gap);
    for (let y = 0; y < h; y++) {
      pixels.set(picture.pixels.subarray(y * w, (y + 1) * w), (top + y) * width + left);
    }
  }
  return { width, height, pixels };
}

/**
 * Returns a heat map as PNG bytes: `values` row by row from the top, dark for low and light for high; values outside
 * [low, high] take the end colors.
 */
export function heatMap(values: ArrayLike<number>, width: number, low: number, high: number): Uint8Array {
  const table = colorTable("viridis");
  const data = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const share = Math.min(1, Math.max(0, (values[i] - low) / (high - low)));
    const entry = 3 * Math.round(255 * share);
    data.set(table.subarray(entry, entry + 3), 3 * i);
  }
  return encode({ width, height: values.length / width, data, channels: 3, depth: 8 });
}

/** Returns PNG bytes as a `data:` address for a self-contained page. */
export function dataUrl(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

/** Returns ±1 spins as a picture, unknown pixels gray. */
export function statePicture(state: Int8Array, width: number, known?: readonly boolean[]): GrayPicture {
  const picture = spinPicture(state, width);
  return known ? { ...picture, pixels: picture.pixels.map((value, i) => (known[i] ? value : 128)) } : picture;
}

/** Returns the weights of a memory as PNG bytes, zero gray. */
export async function weightsPng(weights: Matrix): Promise<Uint8Array> {
  const { weightsPicture } = await import("@basin/hopfield");
  const { data, shape } = weightsPicture(weights);
  return encodeGray({ width: shape[1], height: shape[0], pixels: data });
}
