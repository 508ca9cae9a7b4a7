import { ArgumentError, checkNumber } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import { sizeOf } from "../inputs.ts";

/** Changes a batch of inputs, row-major `[labels.length, size]`, in place. */
export interface Augmentation {
  (inputs: Float32Array, labels: Int32Array, rng: Rng): void;
  /** A unique description of what it does. A run resumes from a checkpoint only under the same description. */
  readonly label?: string;
}

/**
 * Returns the augmentation that moves each image by whole pixels, drawn uniformly from −pixels to +pixels along height
 * and width. New pixels are 0.
 *
 * @param shape [height, width] or [height, width, channels] of one image.
 * @throws {ArgumentError} for another number of axes or a length that is not a positive integer, and for a shift that
 * is not an integer from 0 to less than height and width.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { randomShifts } from "@basin/jem";
 *
 * const shift = randomShifts([28, 28], 1);
 * const images = new Float32Array(2 * 784).fill(0.5);
 * shift(images, Int32Array.of(3, 7), createRng(1));
 * console.log(shift.label); // shifts by 1 of 28 × 28
 * ```
 */
export function randomShifts(shape: readonly number[], pixels: number): Augmentation {
  if (shape.length < 2 || shape.length > 3)
    throw new ArgumentError(
      `shape is [${shape.join(", ")}], expected [height, width] or [height, width, channels]`,
    );
  for (const [axis, length] of shape.entries())
    checkNumber(`shape[${axis}]`, length, { min: 1, integer: true });
  const [height, width, channels = 1] = shape;
  checkNumber("pixels", pixels, { min: 0, max: Math.min(height, width) - 1, integer: true });
  const size = sizeOf(shape);
  const image = new Float32Array(size);
  const choices = 2 * pixels + 1;
  const shift = (inputs: Float32Array, { length }: Int32Array, rng: Rng): void => {
    for (let row = 0; row < length; row++) {
      const [down, right] = [rng.index(choices) - pixels, rng.index(choices) - pixels];
      if (down === 0 && right === 0) continue;
      const at = row * size;
      image.set(inputs.subarray(at, at + size));
      inputs.fill(0, at, at + size);
      const [from, to] = [Math.max(0, -right) * channels, (width - Math.max(0, right)) * channels];
      for (let y = Math.max(0, -down); y < height - Math.max(0, down); y++) {
        const line = y * width * channels;
        const target = at + line + (down * width + right) * channels;
        inputs.set(image.subarray(line + from, line + to), target + from);
      }
    }
  };
  return Object.assign(shift, { label: `shifts by ${pixels} of ${shape.join(" × ")}` });
}
