import { ArgumentError } from "@basin/energy-core";

/** The halves of an image that can be shown. */
export const HALVES = { upper: true, lower: true, left: true, right: true } as const;
export type Half = keyof typeof HALVES;

/** Returns one flag a number of an image [height, width, …]. */
export function knownPixels(half: Half, shape: readonly number[]): boolean[] {
  if (shape.length < 2)
    throw new ArgumentError(`the model takes inputs of shape [${shape.join(", ")}], which have no halves`);
  const [height, width, channels = 1] = shape;
  return Array.from({ length: height * width * channels }, (_, k) => {
    const [y, x] = [Math.floor(k / (width * channels)), Math.floor(k / channels) % width];
    if (half === "upper") return 2 * y < height;
    if (half === "lower") return 2 * y >= height;
    return half === "left" ? 2 * x < width : 2 * x >= width;
  });
}

/** Returns the root of the mean square difference over the unknown numbers. */
export function errorOf(images: Float32Array, truth: Float32Array, known: readonly boolean[]): number {
  let [squares, terms] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (known[i % known.length]) continue;
    squares += (images[i] - truth[i]) ** 2;
    terms++;
  }
  return Math.sqrt(squares / terms);
}
