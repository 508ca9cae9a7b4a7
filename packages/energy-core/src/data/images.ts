import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkKind } from "../errors.ts";
import { type NdArray, ndarrayOf } from "./array.ts";
import { type ChannelOptions, channelsOf, type Pixels, simplified, withChannels } from "./channels.ts";
import { fileSystem, type ImageSet, isImage, readArray, readImageFolder } from "./files.ts";

/** Images one a row of the first axis, with their classes where folders name them. */
export type Images = NdArray & Partial<Pick<ImageSet, "labels" | "classes" | "readAs">>;

/**
 * Resolves to the images of a folder ({@link readImageFolder}), of one image file with the fewest channels that lose
 * nothing, or of a file whose first axis counts them ({@link readArray}).
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { readImages } from "@basin/energy-core/data";
 *
 * await writeFile("dot.pgm", "P2 2 1 255 0 255");
 * console.log((await readImages("dot.pgm")).shape); // [1, 1, 2]
 * ```
 *
 * @throws {DataError} for a file that cannot be read; {ArgumentError} for one that holds a single axis.
 */
export async function readImages(path: string): Promise<Images> {
  checkKind("path", path, typeof path === "string", "the name of a file or folder");
  const { stat } = await fileSystem();
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return readImageFolder(path);
  const read = await readArray(path);
  if (isImage(path)) {
    const stored = read as NdArray<Pixels>;
    const image = simplified(stored);
    const [from, to] = [stored, image].map(channelsOf);
    return {
      ...ndarrayOf(image.data, [1, ...image.shape]),
      ...(from !== to && { readAs: `${from} channels as ${to}` }),
    };
  }
  if (read.shape.length > 1) return read;
  throw new ArgumentError(`${path} holds an array of shape [${read.shape.join(", ")}], expected [images, …]`);
}

function checkImages(images: Images, what: string): void {
  const { data, shape } = (images ?? {}) as Partial<Images>;
  const isSet = Array.isArray(shape) && ArrayBuffer.isView(data);
  checkKind(what, images, isSet, "an array { data, shape } of images, its data a typed array");
}

/** Labels are kept as bytes. */
const MOST_CLASSES = 256;

/**
 * Resolves to the labels in a file of integers from 0 to 255, one for each image.
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { readLabels } from "@basin/energy-core/data";
 *
 * await writeFile("labels.idx", Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3));
 * console.log(await readLabels("labels.idx")); // 7, 3
 * ```
 *
 * @throws {DataError} for a file that cannot be read; {ArgumentError} for one without such a list, naming the place.
 */
export async function readLabels(path: string): Promise<Uint8Array> {
  const { data, shape } = await readArray(path);
  if (shape.length !== 1) throw new ArgumentError(`${path} does not hold a list of labels`);
  for (let i = 0; i < data.length; i++) {
    if (Number.isInteger(data[i]) && data[i] >= 0 && data[i] < MOST_CLASSES) continue;
    throw new ArgumentError(
      `label ${i} of ${path} is ${data[i]}, expected an integer from 0 to ${MOST_CLASSES - 1}`,
    );
  }
  return Uint8Array.from(data);
}

/**
 * Returns the images as bytes or as numbers in [0, 1]: bytes as they are, words divided by 65535.
 *
 * @param what names the images in messages.
 *
 * @example
 * ```ts
 * import { ndarrayOf, unitImages } from "@basin/energy-core/data";
 *
 * console.log(unitImages(ndarrayOf(Uint16Array.of(0, 65535), [1, 2])).data); // 0, 1
 * ```
 *
 * @throws {ArgumentError} for values outside [0, 1] that are neither.
 */
export function unitImages(images: Images, what = "images"): Images & NdArray<Uint8Array | Float32Array> {
  checkImages(images, what);
  const { data } = images;
  if (data instanceof Uint8Array) return { ...images, data };
  if (data instanceof Uint16Array)
    return { ...images, data: Float32Array.from(data, (word) => word / 65535) };
  const floats = Float32Array.from(data);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ArgumentError(`${what} holds ${floats[bad]} at ${bad}, expected finite numbers`);
  const least = floats.reduce((a, b) => Math.min(a, b), 0);
  const largest = floats.reduce((a, b) => Math.max(a, b), 0);
  if (least >= 0 && largest <= 1) return { ...images, data: floats };
  throw new ArgumentError(
    `${what} holds values from ${least} to ${largest}, expected values from 0 to 1 (or images of bytes)`,
  );
}

/**
 * Returns images with the shape that a model takes: a single channel may be left out, and channels are changed as
 * {@link withChannels} does.
 *
 * @param shape of one image.
 * @param what names the images in messages.
 *
 * @example
 * ```ts
 * import { ndarrayOf, shapedImages, unitImages } from "@basin/energy-core/data";
 *
 * const colors = unitImages(ndarrayOf(Uint8Array.of(7, 7, 7, 9, 9, 9), [1, 1, 2, 3]));
 * console.log(shapedImages(colors, [1, 2]).data); // 7, 9
 * ```
 *
 * @throws {ArgumentError} for another size, and for channels that need an option.
 */
export function shapedImages<T extends NdArray<Uint8Array | Float32Array> & { readonly readAs?: string }>(
  images: T,
  shape: readonly number[],
  what = "images",
  options: ChannelOptions = {},
): T {
  checkOptions("shapedImages", options, "background gray");
  checkImages(images, what);
  const [count, ...own] = images.shape;
  const isPicture = (axes: readonly number[]) => axes.length === 2 || axes.length === 3;
  const sameSize = isPicture(shape) && isPicture(own) && own[0] === shape[0] && own[1] === shape[1];
  if (!sameSize && String(own) !== String(shape))
    throw new ArgumentError(
      `${what} holds images of shape [${own.join(", ")}], the model takes [${shape.join(", ")}]`,
    );
  const [from, to] = [own, shape].map(([, , channels = 1]) => channels);
  if (!sameSize || from === to) return { ...images, shape: [count, ...shape] };
  // All images one below another are one tall image.
  const tall = ndarrayOf(images.data, [count * own[0], own[1], from]);
  try {
    const { data } = withChannels(tall, to, options);
    return { ...images, ...ndarrayOf(data, [count, ...shape]), readAs: `${from} channels as ${to}` };
  } catch (error) {
    throw error instanceof ArgumentError ? new ArgumentError(`${what}: ${error.message}`) : error;
  }
}
