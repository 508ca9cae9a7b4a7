import { stat } from "node:fs/promises";
import { ArgumentError } from "@basin/energy-core";
import type { ChannelOptions, ImageSet, NdArray, Pixels } from "@basin/energy-core/data";
import { createRng, permutation } from "@basin/energy-core/random";
import { sameShape } from "./numbers.ts";

/** Images, a row each, with their classes where those are known. */
export interface Images {
  readonly inputs: Uint8Array | Float32Array;
  readonly labels?: Uint8Array;
  /** Names of the classes of a folder. */
  readonly classNames?: readonly string[];
  readonly count: number;
  /** Shape of one image: [height, width], or more. */
  readonly shape: readonly number[];
  /** What was made of the files, where they hold something else. */
  readonly readAs?: string;
}

/** Images whose classes are known, 0 to n − 1. */
export type Labeled = Images & { readonly labels: Uint8Array };

/** Labeled images to train on, and others to test on. */
export interface Split {
  readonly train: Labeled;
  readonly test: Labeled;
  readonly classes: number;
  /** Folders, or the numbers that stand for the classes in their file, as text. */
  readonly classNames: readonly string[];
  readonly source: string;
}

/** Share of a set without a test part of its own that is kept for testing, drawn with a fixed seed. */
const TEST_SHARE = 0.1;

/** Whether `--data` is the name of a set that comes with the command. */
export function isNamedSet(data: string): boolean {
  return data === "mnist" || data === "fashion-mnist";
}

/** The classes of a model and the shape that it takes; models of before classes had names take labels as they are. */
export interface TrainedClasses {
  readonly shape: readonly number[];
  readonly classes: number;
  readonly classNames?: readonly string[];
}

/**
 * Returns the labeled images that `--data` names: mnist, fashion-mnist, a folder with a sub-folder a class, or IMAGES with LABELS.
 *
 * @param trained the classes that a model was trained with on the same images.
 */
export async function loadSplit(data: string, labels?: string, trained?: TrainedClasses): Promise<Split> {
  if (data === "mnist") {
    const { mnist } = await import("@basin/datasets");
    const { train, test } = mnist();
    return { train: digits(train), test: digits(test), ...TEN, source: "MNIST" };
  }
  if (data === "fashion-mnist") {
    const { fashionMnist } = await import("@basin/datasets");
    return { ...split(digits(fashionMnist())), ...TEN, source: "Fashion-MNIST" };
  }
  const stored = await readLabeled(data, labels);
  const images =
    trained === undefined ? stored : { ...stored, ...(await shaped(stored, trained.shape, data)) };
  const found = classed(images, trained);
  if (trained === undefined) checkEnough(found, data);
  else if (trained.classNames && found.classNames.join("\0") !== trained.classNames.join("\0"))
    throw new ArgumentError(
      `${data} has the classes ${found.classNames.join(", ")}, but the model was trained on ${trained.classNames.join(", ")}`,
    );
  const { classes, classNames } = found;
  const source = images.readAs ? `${data} (${images.readAs})` : data;
  return { ...split({ ...images, labels: found.labels }), classes, classNames, source };
}

const TEN = { classes: 10, classNames: Array.from({ length: 10 }, (_, digit) => String(digit)) };

async function readLabeled(data: string, labels: string | undefined): Promise<Labeled> {
  const images = await readImages(data);
  if (images.labels !== undefined && labels !== undefined)
    throw new ArgumentError(
      `--labels is ${labels}, but the sub-folders of ${data} are its classes; leave it out`,
    );
  const known = images.labels ?? (labels === undefined ? undefined : await readLabels(labels));
  if (known === undefined)
    throw new ArgumentError(
      `${data} has no classes; give --labels FILE, or a folder with a sub-folder a class`,
    );
  if (known.length !== images.count)
    throw new ArgumentError(`${data} holds ${images.count} images, but there are ${known.length} labels`);
  return { ...images, labels: known };
}

/** Numbers the classes that occur from 0 on, in the order of their labels. */
function classed(images: Labeled, trained: TrainedClasses | undefined) {
  const counts = new Uint32Array(MOST_CLASSES);
  for (const label of images.labels) counts[label]++;
  const found = [...counts.keys()].filter((label) =>
    trained && !trained.classNames ? label < trained.classes : counts[label] > 0,
  );
  const labels = images.labels.map((label) => found.indexOf(label));
  const classNames = images.classNames ?? found.map(String);
  return { labels, classes: found.length, classNames, counts: found.map((label) => counts[label]) };
}

function checkEnough({ labels, classNames, counts }: ReturnType<typeof classed>, data: string): void {
  for (const [k, count] of counts.entries())
    if (count < 2)
      throw new ArgumentError(`class ${classNames[k]} of ${data} has one image, expected at least two`);
  if (labels.length < 3)
    throw new ArgumentError(
      `${data} holds ${labels.length} images, expected at least three: two to train on and one to test on`,
    );
}

/** Labels are kept as bytes. */
const MOST_CLASSES = 256;

/** Returns the images of a file or a folder, with the fewest channels that lose nothing. */
export async function readImages(path: string): Promise<Images> {
  const { readArray, readImageFolder, simplified } = await import("@basin/energy-core/data");
  const folder = (await stat(path)).isDirectory();
  const array = folder ? await readImageFolder(path) : await readArray(path);
  if (!("shape" in array)) throw new ArgumentError(`${path} is a table, expected images`);
  if (!folder && /\.(png|pgm|jpe?g)(\.gz)?$/i.test(path)) {
    const image = simplified(array as NdArray<Pixels>);
    const { shape } = image;
    const readAs =
      channelsOf(array.shape) === channelsOf(shape)
        ? {}
        : { readAs: `${channelsOf(array.shape)} channels as ${channelsOf(shape)}` };
    return { inputs: values(image.data, path), count: 1, shape, ...readAs };
  }
  const [count, ...shape] = array.shape;
  if (shape.length === 0)
    throw new ArgumentError(
      `${path} holds an array of shape [${array.shape.join(", ")}], expected [images, height, width]`,
    );
  const inputs = values(array.data, path);
  if (!("files" in array)) return { inputs, count, shape };
  const { labels, classes: classNames, readAs } = array as ImageSet;
  const found = { inputs, count, shape, ...(readAs && { readAs }) };
  if (classNames === undefined || labels === undefined) return found;
  if (classNames.length > MOST_CLASSES)
    throw new ArgumentError(
      `${path} has ${classNames.length} sub-folders of images, expected at most ${MOST_CLASSES} classes`,
    );
  return { ...found, labels: Uint8Array.from(labels), classNames };
}

const channelsOf = ([, , channels = 1]: readonly number[]): number => channels;

/**
 * Returns images with the channels that a model takes.
 *
 * @throws {ArgumentError} for another size, and for channels that cannot be had without an option.
 */
export async function shaped(
  images: Images,
  shape: readonly number[],
  path: string,
  { invert = false, ...options }: ChannelOptions & { invert?: boolean } = {},
): Promise<Images> {
  const { ndarrayOf, withChannels } = await import("@basin/energy-core/data");
  const [height, width] = shape;
  const isImage = shape.length === 2 || shape.length === 3;
  const sameSize =
    isImage && images.shape[0] === height && images.shape[1] === width && images.shape.length <= 3;
  if (!sameSize && !sameShape(images.shape, shape))
    throw new ArgumentError(
      `${path} holds images of shape [${images.shape.join(", ")}], the model takes [${shape.join(", ")}]`,
    );
  let { inputs, readAs } = images;
  const [from, to] = [images.shape, shape].map(channelsOf);
  if (sameSize && from !== to) {
    // All images one below another are one tall image.
    const tall = ndarrayOf(inputs, [images.count * height, width, from]);
    try {
      inputs = withChannels(tall, to, options).data;
    } catch (error) {
      throw error instanceof ArgumentError
        ? new ArgumentError(`${path}: ${error.message.replace(/give (background|gray)/, "give --$1")}`)
        : error;
    }
    readAs = `${from} channels as ${to}`;
  }
  const top = inputs instanceof Uint8Array ? 255 : 1;
  if (invert) inputs = inputs.map((value) => top - value);
  return { ...images, inputs, shape, ...(readAs && { readAs }) };
}

async function readLabels(path: string): Promise<Uint8Array> {
  const { readArray } = await import("@basin/energy-core/data");
  const array = await readArray(path);
  if (!("shape" in array) || array.shape.length !== 1)
    throw new ArgumentError(`${path} does not hold a list of labels`);
  for (let i = 0; i < array.data.length; i++) {
    const label = Number(array.data[i]);
    if (!(Number.isInteger(label) && label >= 0 && label < MOST_CLASSES))
      throw new ArgumentError(
        `label ${i} of ${path} is ${label}, expected an integer from 0 to ${MOST_CLASSES - 1}`,
      );
  }
  return Uint8Array.from(array.data as ArrayLike<number>);
}

/** Bytes as they are; sixteen bits scaled to [0, 1]; others as they are, which must be in [0, 1]. */
function values(data: ArrayLike<number | bigint>, path: string): Uint8Array | Float32Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, (value) => value / 65535);
  const floats = Float32Array.from(data as ArrayLike<number>);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ArgumentError(`${path} holds ${floats[bad]} at ${bad}, expected finite numbers`);
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of floats) [least, largest] = [Math.min(least, value), Math.max(largest, value)];
  if (least < 0 || largest > 1)
    throw new ArgumentError(
      `${path} holds values from ${least} to ${largest}, expected values from 0 to 1 (or images of bytes)`,
    );
  return floats;
}

function digits(set: { images: Uint8Array; labels: Uint8Array; count: number }): Labeled {
  return { inputs: set.images, labels: set.labels, count: set.count, shape: [28, 28] };
}

function split(images: Labeled): { train: Labeled; test: Labeled } {
  const order = permutation(createRng(0), images.count);
  const held = Math.max(1, Math.floor(TEST_SHARE * images.count));
  return { test: take(images, order.subarray(0, held)), train: take(images, order.subarray(held)) };
}

/** Returns the images of the given places. */
export function take(images: Labeled, which: ArrayLike<number>): Labeled {
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
export function first(images: Labeled, count: number): Labeled {
  return take(
    images,
    Array.from({ length: Math.min(count, images.count) }, (_, k) => k),
  );
}
