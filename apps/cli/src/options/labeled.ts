import {
  type ChannelOptions,
  readImages,
  readLabels,
  shapedImages,
  unitImages,
} from "@basin/energy-core/data";
import { createRng, permutation } from "@basin/energy-core/random";
import { InvalidArgumentError } from "commander";
import { datasets, type Images, type Labeled, take } from "./datasets.ts";

/** Labeled images for training and for testing. */
export interface Split {
  readonly train: Labeled;
  readonly test: Labeled;
  /** The names of folders, or the numbers of the classes in their file, as text. */
  readonly classNames: readonly string[];
  readonly source: string;
}

/** The classes of a model, and the shape of its inputs. */
export type Trained = Pick<Split, "classNames"> & { readonly shape: readonly number[] };

/** Share of a set without a test part that is kept for testing, drawn with a fixed seed. */
const TEST_SHARE = 0.1;
/** Labels are kept as bytes. */
const MOST_CLASSES = 256;

/** The shape of one image. */
export function shapeOf({ shape: [, ...one] }: Images): readonly number[] {
  return one;
}

/** Returns images in the form that `train`, `accuracy` and others take. */
export function dataOf({ data, labels }: Labeled): { inputs: Images["data"]; labels: Uint8Array } {
  return { inputs: data, labels };
}

/** Returns the images of a file or a folder, with the number of channels of a shape if one is given. */
export async function loadImages(
  path: string,
  shape?: readonly number[],
  { invert = false, ...options }: ChannelOptions & { invert?: boolean } = {},
): Promise<Images> {
  const { labels, classes: classNames, ...read } = unitImages(await readImages(path), path);
  if (classNames && classNames.length > MOST_CLASSES)
    throw new InvalidArgumentError(
      `${path} has ${classNames.length} sub-folders of images, expected at most ${MOST_CLASSES} classes`,
    );
  const images: Images = { ...read, ...(labels && { labels: Uint8Array.from(labels), classNames }) };
  const fitted = shape === undefined ? images : fit(images, shape, path, options);
  const top = fitted.data instanceof Uint8Array ? 255 : 1;
  return invert ? { ...fitted, data: fitted.data.map((value) => top - value) } : fitted;
}

/** Names the options of the command line in errors about channels. */
function fit(images: Images, shape: readonly number[], path: string, options: ChannelOptions): Images {
  try {
    return shapedImages(images, shape, path, options);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/give (background|gray)/, "give --$1");
    throw error;
  }
}

/**
 * Returns the labeled images that `--data` names: a set that comes with the command, a folder with a sub-folder for
 * each class, or IMAGES with LABELS.
 *
 * @param trained the classes that a model was trained with on the same images.
 */
export async function loadSplit(data: string, labels?: string, trained?: Trained): Promise<Split> {
  const set = Object.hasOwn(datasets, data) ? datasets[data] : undefined;
  if (set !== undefined) {
    const { train, test } = await set.load();
    const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));
    return { ...(test ? { train, test } : split(train)), classNames, source: set.title };
  }
  const images = await loadLabeled(data, labels, trained?.shape);
  const found = classed(images, data);
  if (trained && found.classNames.join("\0") !== trained.classNames.join("\0"))
    throw new InvalidArgumentError(
      `${data} has the classes ${found.classNames.join(", ")}, but the model was trained on ${trained.classNames.join(", ")}`,
    );
  const source = images.readAs ? `${data} (${images.readAs})` : data;
  return { ...split({ ...images, labels: found.labels }), classNames: found.classNames, source };
}

async function loadLabeled(
  data: string,
  labels: string | undefined,
  shape?: readonly number[],
): Promise<Labeled> {
  const images = await loadImages(data, shape);
  if (images.labels !== undefined && labels !== undefined)
    throw new InvalidArgumentError(
      `--labels is ${labels}, but the sub-folders of ${data} are its classes; leave it out`,
    );
  const known = images.labels ?? (labels === undefined ? undefined : await readLabels(labels));
  if (known === undefined)
    throw new InvalidArgumentError(
      `${data} has no classes; give --labels FILE, or a folder with a sub-folder a class`,
    );
  const [count] = images.shape;
  if (known.length === count) return { ...images, labels: known };
  throw new InvalidArgumentError(`${data} holds ${count} images, but there are ${known.length} labels`);
}

/** Numbers the classes that occur from 0, in the order of their labels. */
function classed({ labels, classNames }: Labeled, data: string) {
  const found = [...new Set(labels)].sort((a, b) => a - b);
  const names = classNames ?? found.map(String);
  for (const [k, label] of found.entries())
    if (labels.indexOf(label) === labels.lastIndexOf(label))
      throw new InvalidArgumentError(`class ${names[k]} of ${data} has one image, expected at least two`);
  if (labels.length < 3)
    throw new InvalidArgumentError(
      `${data} holds ${labels.length} images, expected at least three: two to train on and one to test on`,
    );
  return { labels: labels.map((label) => found.indexOf(label)), classNames: names };
}

function split(images: Labeled): { train: Labeled; test: Labeled } {
  const [count] = images.shape;
  const order = permutation(createRng(0), count);
  const held = Math.max(1, Math.floor(TEST_SHARE * count));
  return { test: take(images, order.subarray(0, held)), train: take(images, order.subarray(held)) };
}
