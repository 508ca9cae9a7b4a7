import { mnist } from "@basin/datasets";
import { type Matrix, matrix } from "@basin/energy-core";
import { binarize } from "@basin/hopfield";

export const PIXELS = 784;
export const upperHalf = Array.from({ length: PIXELS }, (_, i) => i < PIXELS / 2);
export const { train } = mnist();

/** The `nth` training image of each class as spins, ink above 127. */
export function digits(nth: number): Matrix<Int8Array> {
  const bytes = new Uint8Array(10 * PIXELS);
  for (let label = 0; label < 10; label++) {
    let at = -1;
    for (let k = 0; k <= nth; k++) at = train.labels.indexOf(label, at + 1);
    bytes.set(train.images.subarray(at * PIXELS, (at + 1) * PIXELS), label * PIXELS);
  }
  return binarize(matrix(bytes, 10, PIXELS), 127);
}
