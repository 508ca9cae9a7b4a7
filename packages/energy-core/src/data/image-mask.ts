import { ArgumentError, checkNumber } from "../errors.ts";
import { sizeOf } from "./array.ts";

/** What of an image is hidden: a half, a share of the rows from below, or what lies outside a centered window. */
export type HiddenPart = "lower" | "upper" | "left" | "right" | number | `crop:${number}`;

/** More than this no array holds. */
const MOST_VALUES = 2 ** 32 - 1;

const HALVES: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  lower: (_, y) => y >= 0.5,
  upper: (_, y) => y < 0.5,
  left: (x) => x < 0.5,
  right: (x) => x >= 0.5,
};

/**
 * Returns which numbers of an image are known when a part of it is hidden: true where they are. A half is "lower",
 * "upper", "left" or "right"; a share in [0, 1] hides so much from below; "crop:SHARE" keeps a centered window of that
 * share of each side.
 *
 * @param shape [height, width], or more axes, whose numbers share the place of their pixel.
 *
 * @example
 * ```ts
 * import { imageMask } from "@basin/energy-core/data";
 *
 * console.log(imageMask([2, 2], "lower")); // [true, true, false, false]
 * ```
 *
 * @throws {ArgumentError} for a part of another name, a share out of range, and shapes of fewer than two axes.
 */
export function imageMask(shape: readonly number[], hidden: HiddenPart): boolean[] {
  const count = checkNumber("the number of values", sizeOf(shape), { min: 0, max: MOST_VALUES });
  if (shape.length < 2)
    throw new ArgumentError(`inputs of shape [${shape.join(", ")}] are not images: no part can be hidden`);
  const [height, width, ...rest] = shape;
  const depth = rest.reduce((product, length) => product * length, 1);
  const keeps = ruleOf(hidden, height, width);
  return Array.from({ length: count }, (_, k) => {
    const pixel = Math.floor(k / depth);
    return keeps(pixel % width, Math.floor(pixel / width));
  });
}

function ruleOf(hidden: HiddenPart, height: number, width: number): (x: number, y: number) => boolean {
  const half = Object.hasOwn(HALVES, hidden) ? HALVES[hidden] : undefined;
  if (half) return (x, y) => !half(x / width, y / height);
  const [, crop, digits] = /^(crop:)?(\d*\.?\d+)$/.exec(String(hidden)) ?? [];
  const share = Number(digits);
  if (!(share >= 0 && share <= 1))
    throw new ArgumentError(
      `the hidden part is "${hidden}", expected ${Object.keys(HALVES).join(", ")}, a share in [0, 1], or crop: and a share`,
    );
  if (crop === undefined) return (_, y) => y < height * (1 - share);
  const inside = (at: number, size: number) => Math.abs(at + 0.5 - size / 2) <= (share * size) / 2;
  return (x, y) => inside(x, width) && inside(y, height);
}
