import { stat } from "node:fs/promises";
import { ArgumentError, type Matrix, matrix, type NdArrayLike } from "@basin/energy-core";
import type { GrayPicture } from "../../pictures.ts";
import { spinPicture } from "../../pictures.ts";

/** Patterns to store, and how they came to be. */
export interface PatternSet {
  readonly patterns: Matrix<Int8Array>;
  /** Where they are from. */
  readonly source: string;
  /** Width of a pattern as a picture. */
  readonly width: number;
  /** How values became spins. */
  readonly binarization: string;
}

/** Where patterns come from: options that every command which needs them shares. */
export interface PatternOptions {
  patterns?: string;
  count: number;
  neurons: number;
  threshold?: number;
}

/** Returns the patterns that the options name: `mnist`, a file, a folder of images, or random ones. */
export async function loadPatterns(options: PatternOptions, seed: number): Promise<PatternSet> {
  if (options.patterns === undefined) return randomSet(options, seed);
  if (options.patterns === "mnist") return mnistSet(options);
  const { readArray, readImageFolder } = await import("@basin/energy-core/data");
  const path = options.patterns;
  const folder = (await stat(path)).isDirectory();
  const read = folder ? await readImageFolder(path) : await readArray(path);
  const array: NdArrayLike = "shape" in read ? read : (read as { values: NdArrayLike }).values;
  if (array.shape.length < 2) {
    throw new ArgumentError(
      `${path} holds an array of shape [${array.shape.join(", ")}], expected [patterns, …]`,
    );
  }
  return toSpins(firstRows(array, options.count), options.threshold, path);
}

async function randomSet({ count, neurons }: PatternOptions, seed: number): Promise<PatternSet> {
  const { randomPatterns } = await import("@basin/hopfield");
  const side = Math.sqrt(neurons);
  return {
    patterns: randomPatterns(count, neurons, { seed }),
    source: "random unbiased patterns",
    width: Number.isInteger(side) ? side : neurons,
    binarization: "none",
  };
}

/** One digit a class first, then the second of each class, …: the way of storing that shows what likeness does. */
async function mnistSet({ count, threshold }: PatternOptions): Promise<PatternSet> {
  const { mnist } = await import("@basin/datasets");
  const { images, labels } = mnist().train;
  const pixels = 784;
  const bytes = new Uint8Array(count * pixels);
  const next = new Int32Array(10).fill(-1);
  for (let k = 0; k < count; k++) {
    const at = labels.indexOf(k % 10, next[k % 10] + 1);
    if (at < 0) throw new ArgumentError(`count is ${count}, more than MNIST holds of class ${k % 10}`);
    next[k % 10] = at;
    bytes.set(images.subarray(at * pixels, (at + 1) * pixels), k * pixels);
  }
  return toSpins({ data: bytes, shape: [count, 28, 28] }, threshold, "MNIST training images, class by class");
}

function firstRows(array: NdArrayLike, count: number): NdArrayLike {
  return { ...array, shape: [Math.min(count, array.shape[0]), ...array.shape.slice(1)] };
}

async function toSpins(
  images: NdArrayLike,
  threshold: number | undefined,
  source: string,
): Promise<PatternSet> {
  const { binarize } = await import("@basin/hopfield");
  const level = threshold ?? middle(images.data);
  const side = Math.sqrt(images.shape.slice(1).reduce((a, b) => a * b, 1));
  const width = images.shape.length > 2 ? images.shape[2] : Number.isInteger(side) ? side : images.shape[1];
  const { data, shape } = binarize(images, level);
  return {
    patterns: matrix(data, ...shape),
    source,
    width,
    binarization: `+1 where a value is above ${level}`,
  };
}

/** Half of what the type can hold for integers; 0 for values of both signs, else 0.5. */
function middle(data: ArrayLike<number>): number {
  if (data instanceof Uint8Array) return 127;
  if (data instanceof Uint16Array) return 32767;
  return Array.prototype.some.call(data, (value: number) => value < 0) ? 0 : 0.5;
}

/** Returns a state as a picture, unknown pixels gray. */
export function statePicture(state: Int8Array, width: number, known?: readonly boolean[]): GrayPicture {
  const picture = spinPicture(state, width);
  if (!known) return picture;
  return { ...picture, pixels: picture.pixels.map((value, i) => (known[i] ? value : 128)) };
}
