/** Bytes of an image. */
export const PIXELS = 784;

/** Gray images of 28 × 28 bytes with their classes. */
export interface ImageSet {
  /** Row-major [count, 784], 0 (ground) to 255 (ink). */
  readonly images: Uint8Array;
  /** Class of each image, 0 to 9. */
  readonly labels: Uint8Array;
  readonly count: number;
}

/** Returns every `step`-th image of a set, so that an ordered set is thinned evenly over its classes. */
export function thin(set: ImageSet, count: number): ImageSet {
  return pick(set, count, (k) => Math.floor((k * set.count) / count));
}

/** Returns the images at even and those at odd places. */
export function halves(set: ImageSet): readonly [even: ImageSet, odd: ImageSet] {
  return [
    pick(set, Math.ceil(set.count / 2), (k) => 2 * k),
    pick(set, Math.floor(set.count / 2), (k) => 2 * k + 1),
  ];
}

function pick(set: ImageSet, count: number, placeOf: (k: number) => number): ImageSet {
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const from = placeOf(k);
    images.set(set.images.subarray(from * PIXELS, (from + 1) * PIXELS), k * PIXELS);
    labels[k] = set.labels[from];
  }
  return { images, labels, count };
}
