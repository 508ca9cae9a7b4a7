import { stat } from "node:fs/promises";
import { ArgumentError } from "@basin/energy-core";
import { createRng, permutation } from "@basin/energy-core/random";

/** Images, a row each, with their classes where those are known. */
export interface Images {
  readonly inputs: Uint8Array | Float32Array;
  readonly labels?: Uint8Array;
  readonly count: number;
  /** Shape of one image: [height, width], or more. */
  readonly shape: readonly number[];
}

/** Labelled images to train on, and others to test on. */
export interface Split {
  readonly train: Required<Images>;
  readonly test: Required<Images>;
  readonly classes: number;
  readonly source: string;
}

/** Share of a set without a test part of its own that is kept for testing, drawn with a fixed seed. */
const TEST_SHARE = 0.1;

/** Whether `--data` is the name of a set that comes with the command. */
export function isNamedSet(data: string): boolean {
  return data === "mnist" || data === "fashion-mnist";
}

/** Returns the labelled images that `--data` names: mnist, fashion-mnist, a folder with a sub-folder a class, or IMAGES with LABELS. */
export async function loadSplit(data: string, labels?: string): Promise<Split> {
  if (data === "mnist") {
    const { mnist } = await import("@basin/datasets");
    const { train, test } = mnist();
    return { train: digits(train), test: digits(test), classes: 10, source: "MNIST" };
  }
  if (data === "fashion-mnist") {
    const { fashionMnist } = await import("@basin/datasets");
    return { ...split(digits(fashionMnist())), classes: 10, source: "Fashion-MNIST" };
  }
  const images = await readImages(data);
  const known = images.labels ?? (labels === undefined ? undefined : await readLabels(labels));
  if (known === undefined)
    throw new ArgumentError(
      `${data} has no classes; give --labels FILE, or a folder with a sub-folder a class`,
    );
  if (known.length !== images.count)
    throw new ArgumentError(`${data} holds ${images.count} images, but there are ${known.length} labels`);
  const classes = known.reduce((most, label) => Math.max(most, label), 0) + 1;
  return { ...split({ ...images, labels: known }), classes, source: data };
}

/** Returns the images of a file or a folder. */
export async function readImages(path: string): Promise<Images> {
  const { readArray, readImageFolder } = await import("@basin/energy-core/data");
  const folder = (await stat(path)).isDirectory();
  const array = folder ? await readImageFolder(path) : await readArray(path);
  if (!("shape" in array)) throw new ArgumentError(`${path} is a table, expected images`);
  const single = !folder && /\.(png|pgm)$/i.test(path);
  const [count, ...shape] = single ? [1, ...array.shape] : array.shape;
  if (shape.length === 0)
    throw new ArgumentError(
      `${path} holds an array of shape [${array.shape.join(", ")}], expected [images, height, width]`,
    );
  const labels = "labels" in array && array.labels ? Uint8Array.from(array.labels as Uint32Array) : undefined;
  return { inputs: values(array.data, path), count, shape, ...(labels && { labels }) };
}

async function readLabels(path: string): Promise<Uint8Array> {
  const { readArray } = await import("@basin/energy-core/data");
  const array = await readArray(path);
  if (!("shape" in array) || array.shape.length !== 1)
    throw new ArgumentError(`${path} does not hold a list of labels`);
  for (let i = 0; i < array.data.length; i++) {
    const label = Number(array.data[i]);
    if (!(Number.isInteger(label) && label >= 0 && label < 256))
      throw new ArgumentError(`label ${i} of ${path} is ${label}, expected an integer from 0 to 255`);
  }
  return Uint8Array.from(array.data as ArrayLike<number>);
}

/** Bytes as they are; sixteen bits scaled to [0, 1]; floats as they are. */
function values(data: ArrayLike<number | bigint>, path: string): Uint8Array | Float32Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, (value) => value / 65535);
  const floats = Float32Array.from(data as ArrayLike<number>);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ArgumentError(`${path} holds ${floats[bad]} at ${bad}, expected finite numbers`);
  return floats;
}

function digits(set: { images: Uint8Array; labels: Uint8Array; count: number }): Required<Images> {
  return { inputs: set.images, labels: set.labels, count: set.count, shape: [28, 28] };
}

function split(images: Required<Images>): { train: Required<Images>; test: Required<Images> } {
  const order = permutation(createRng(0), images.count);
  const held = Math.max(1, Math.floor(TEST_SHARE * images.count));
  return { test: take(images, order.subarray(0, held)), train: take(images, order.subarray(held)) };
}

/** Returns the images of the given places. */
export function take(images: Required<Images>, which: ArrayLike<number>): Required<Images> {
  const size = images.inputs.length / images.count;
  const inputs =
    images.inputs instanceof Uint8Array
      ? new Uint8Array(which.length * size)
      : new Float32Array(which.length * size);
  for (let k = 0; k < which.length; k++)
    inputs.set(images.inputs.subarray(which[k] * size, (which[k] + 1) * size), k * size);
  const labels = Uint8Array.from({ length: which.length }, (_, k) => images.labels[which[k]]);
  return { inputs, labels, count: which.length, shape: images.shape };
}

/** Returns the first `count` images. */
export function first(images: Required<Images>, count: number): Required<Images> {
  return take(
    images,
    Array.from({ length: Math.min(count, images.count) }, (_, k) => k),
  );
}
