import type { ImageSet } from "@basin/datasets";
import type { NdArray } from "@basin/energy-core/data";

/** Images of one shape, with values in [0, 1] or bytes, and their classes if they are known. */
export interface Images extends NdArray<Uint8Array | Float32Array> {
  readonly labels?: Uint8Array;
  /** Folders, or the labels as text. */
  readonly classNames?: readonly string[];
  /** How the content of the files was converted, if it was. */
  readonly readAs?: string;
}

/** Images whose classes are known, 0 to n − 1. */
export type Labeled = Images & { readonly labels: Uint8Array };

/** A data set that comes with the command. A set without a test part is split. */
export interface Dataset {
  readonly title: string;
  load(): Promise<{ readonly train: Labeled; readonly test?: Labeled }>;
}

/** The data sets that commands know by name. */
export const datasets: Readonly<Record<string, Dataset>> = {
  mnist: {
    title: "MNIST",
    async load() {
      const { train, test } = (await import("@basin/datasets")).mnist();
      return { train: labeled(train), test: labeled(test) };
    },
  },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    load: async () => ({ train: labeled((await import("@basin/datasets")).fashionMnist()) }),
  },
};

function labeled({ images, labels, count }: ImageSet): Labeled {
  return { data: images, labels, shape: [count, 28, 28], stride: [784, 28, 1], offset: 0 };
}

/** Returns the images of the given places. */
export function take<T extends Images>(images: T, which: ArrayLike<number>): T {
  const [count, ...shape] = images.shape;
  const size = images.data.length / count;
  const data = new (images.data.constructor as Uint8ArrayConstructor)(which.length * size);
  for (let k = 0; k < which.length; k++)
    data.set(images.data.subarray(which[k] * size, (which[k] + 1) * size), k * size);
  const { labels } = images;
  return {
    ...images,
    data,
    shape: [which.length, ...shape],
    ...(labels && { labels: Uint8Array.from({ length: which.length }, (_, k) => labels[which[k]]) }),
  };
}

/** Returns the first `count` images, or all if there are fewer. */
export function first<T extends Images>(images: T, count: number): T {
  return take(images, [...Array(Math.min(count, images.shape[0])).keys()]);
}

/** Returns `count` images, taken evenly from a set that is sorted by class. */
export function thinned<T extends Images>(images: T, count: number): T {
  const [rows] = images.shape;
  if (count >= rows) return images;
  return take(
    images,
    Array.from({ length: count }, (_, k) => Math.floor((k * rows) / count)),
  );
}
