import { ArgumentError } from "@basin/energy-core";

/** Values looked at, at most. */
const LOOKED_AT = 120_000;
/** Values below which differences between neighbors say nothing. */
const FEWEST = 300;
/** Ratio of mean differences that only channels make. */
const CLEARLY = 0.7;

/**
 * Refuses pixels with more channels than an image model takes, even if they fill whole rows of it: 5 RGB images are as
 * long as 15 gray ones. The signs are alpha that is always 255, channels that are always equal, or values closer to the
 * same channel of the next pixel than to their neighbors. A canvas (clamped bytes) always has four channels. Blank
 * bytes could be either and are also refused.
 *
 * @param shape of one input; only images `[height, width]` and `[height, width, 1 or 3]` are checked.
 * @throws {ArgumentError} naming both readings and how to say which.
 */
export function checkChannels(values: ArrayLike<number>, shape: readonly number[]): void {
  const [height, width, channels = 1] = shape;
  if ((shape.length !== 2 && shape.length !== 3) || height < 2 || width < 2) return;
  if (channels !== 1 && channels !== 3) return;
  const pixels = height * width;
  for (const other of channels === 1 ? [4, 3] : [4]) {
    if (values.length === 0 || values.length % (other * pixels) !== 0) continue;
    const why = evidence(values, other);
    if (why === undefined) continue;
    throw new ArgumentError(
      `inputs has length ${values.length}: ${values.length / pixels / channels} images of [${shape.join(", ")}], or ${values.length / pixels / other} of ${other} channels (${why}); ` +
        `${channels === 1 ? "make pixels gray (0.299 R + 0.587 G + 0.114 B)" : "leave alpha out"}, or give { data, shape } to say that they are as the model takes them`,
    );
  }
}

function evidence(values: ArrayLike<number>, channels: number): string | undefined {
  const length = Math.min(values.length, LOOKED_AT);
  const first = values[0];
  let constant = true;
  let opaque = channels === 4;
  let gray = true;
  const top = values instanceof Uint8Array || values instanceof Uint8ClampedArray ? 255 : 1;
  for (let at = 0; at < length; at += channels) {
    for (let k = 0; k < channels; k++) constant &&= values[at + k] === first;
    opaque &&= values[at + 3] === top;
    gray &&= values[at] === values[at + 1] && values[at] === values[at + 2];
  }
  if (values instanceof Uint8ClampedArray && channels === 4) return "clamped bytes are what a canvas gives";
  if (constant) return top === 255 && channels === 3 ? "they are blank, which shows neither" : undefined;
  if (opaque) return `every fourth number is ${top}, as alpha is`;
  if (gray) return "all colors of a pixel are equal";
  return length < FEWEST ? undefined : spacing(values, channels, length);
}

/** Between gray neighbors differences grow with distance and do not depend on the place; between channels both fail. */
function spacing(values: ArrayLike<number>, channels: number, length: number): string | undefined {
  const beside = new Float64Array(channels);
  let across = 0;
  const steps = Math.floor(length / channels) - 1;
  for (let pixel = 0; pixel < steps; pixel++) {
    for (let k = 0; k < channels; k++) {
      const at = pixel * channels + k;
      beside[k] += Math.abs(values[at + 1] - values[at]) / steps;
      across += Math.abs(values[at + channels] - values[at]) / steps / channels;
    }
  }
  const mean = beside.reduce((sum, value) => sum + value, 0) / channels;
  const uneven = Math.min(...beside) < CLEARLY * Math.max(...beside);
  return across < CLEARLY * mean || (uneven && across < mean)
    ? `numbers ${channels} apart differ less than neighbors do`
    : undefined;
}
