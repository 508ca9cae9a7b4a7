import { ArgumentError } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { sizeOf } from "../inputs.ts";

/** How a value of an outlier is made: of all values, the place of its image, and the place in it. */
type Rule = (value: (at: number) => number, at: number, shape: readonly number[]) => number;

const rules = {
  rotated: (value, at, shape) => value(sizeOf(shape) - 1 - at),
  inverted: (value, at) => 1 - value(at),
  shuffled: (value, at, shape) => value(opposite(at, shape)),
  noise: undefined,
} satisfies Record<string, Rule | undefined>;

/** Outliers made from the images themselves. */
export type MadeOutliers = keyof typeof rules;

/** Every value of {@link MadeOutliers}. */
export const madeOutlierNames = Object.keys(rules) as readonly MadeOutliers[];

/**
 * Returns outliers made from images: "rotated" by 180°, "inverted" in brightness, "shuffled" (quadrants exchanged
 * across the center), or uniform "noise" of the same size.
 *
 * @param images row-major, bytes or floats in [0, 1]; the result is of the same kind.
 * @param shape of one image; "rotated" and "shuffled" need [height, width].
 * @param options `seed` of the noise, required.
 *
 * @example
 * ```ts
 * import { makeOutliers } from "@basin/jem";
 *
 * console.log(makeOutliers("rotated", Uint8Array.of(1, 2, 3, 4), [2, 2], { seed: 0 })); // 4, 3, 2, 1
 * ```
 *
 * @throws {ArgumentError} for an unknown name, and for images that have no such outliers.
 */
export function makeOutliers<T extends Uint8Array | Float32Array>(
  name: MadeOutliers,
  images: T,
  shape: readonly number[],
  options: { seed: number },
): T {
  checkOptions("makeOutliers", options, "seed");
  const rule: Rule | undefined = rules[checkName("outliers", name, madeOutlierNames)];
  if (!hasOutliers(name, shape))
    throw new ArgumentError(
      `${name} needs images [height, width] of one channel, these have shape [${shape.join(", ")}]`,
    );
  const [rng, size] = [createRng(options.seed), sizeOf(shape)];
  const top = images instanceof Uint8Array ? 255 : 1;
  const made = images.slice() as T;
  for (let i = 0; i < made.length; i++) {
    const start = i - (i % size);
    if (rule === undefined) made[i] = top === 255 ? rng.index(256) : rng.uniform();
    else made[i] = top * rule((at) => images[start + at] / top, i % size, shape);
  }
  return made;
}

/**
 * Returns whether images of a shape have outliers of a name: turning and shuffling mind the places of pixels.
 *
 * @example
 * ```ts
 * import { hasOutliers } from "@basin/jem";
 *
 * console.log(hasOutliers("rotated", [784]), hasOutliers("noise", [784])); // false, true
 * ```
 */
export function hasOutliers(name: MadeOutliers, shape: readonly number[]): boolean {
  const isFlat = shape.length < 2 || sizeOf(shape) !== shape[0] * shape[1];
  return !isFlat || (name !== "rotated" && name !== "shuffled");
}

/** The same place in the quadrant across: upper left and lower right change places, and so do the other two. */
function opposite(at: number, [height, width]: readonly number[]): number {
  const [y, x] = [Math.floor(at / width), at % width];
  return ((y + (height >> 1)) % height) * width + ((x + (width >> 1)) % width);
}
