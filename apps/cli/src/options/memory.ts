import type { Matrix } from "@basin/energy-core";
import type { DenseMemory, HopfieldMemory, MemoryName } from "@basin/hopfield";
import { hopfieldNames } from "@basin/hopfield/names";
import { InvalidArgumentError } from "commander";
import type { Values } from "../command.ts";
import { checkMemory } from "./cost.ts";
import { integer, number } from "./readers.ts";
import { choice, onlyWith, text, unless, value } from "./settings.ts";

/** Learning rules and interactions, for help. */
export const RULES = [...hopfieldNames.rule, "polynomial:ORDER", "exponential"].join(", ");

/** Options of the stored patterns and of the memory. */
export const memory = {
  patterns: text(
    "<source>",
    "mnist, a folder of images, or an .idx, .npy, .csv or .png file (default: random)",
  ),
  count: value("<integer>", "patterns to store", integer(1, 100_000), 10),
  neurons: unless(
    value("<integer>", "neurons of random patterns", integer(2, 1_000_000), 400),
    ({ patterns }) => (patterns === undefined ? undefined : "--patterns says how many there are"),
  ),
  threshold: onlyWith(
    "patterns",
    value("<number>", "values above it become +1 (default: the middle of the data type)", number()),
  ),
  rule: text("<name>", RULES, "hebbian"),
  normalization: choice("of the weights: 1/P or 1/N", hopfieldNames.normalization, "patterns"),
};

type Options = Values<typeof memory> & { readonly seed: number };

/** Patterns to store, with their origin. */
export interface PatternSet {
  readonly patterns: Matrix<Int8Array>;
  readonly source: string;
  /** How values were converted to spins. */
  readonly binarization: string;
  /** Shape of a pattern as a picture. */
  readonly shape: readonly [height: number, width: number];
}

/** Returns the memory that options describe, with its patterns. */
export async function buildMemory(
  options: Options,
): Promise<PatternSet & { readonly memory: HopfieldMemory | DenseMemory }> {
  const { memoryOf } = await import("@basin/hopfield");
  const set = await loadPatterns(options);
  const { rule, normalization } = options;
  return { ...set, memory: memoryOf(set.patterns, rule as MemoryName, { normalization }) };
}

async function loadPatterns(options: Options): Promise<PatternSet> {
  const { binarize, middleOf, randomPatterns } = await import("@basin/hopfield");
  const { patterns: name, count, neurons, threshold, seed } = options;
  if (name === undefined) {
    const remedy = "lower --count or --neurons";
    checkMemory({
      what: `${count} patterns of ${neurons} neurons`,
      numbers: 0,
      bytes: count * neurons,
      remedy,
    });
    const patterns = randomPatterns(count, neurons, { seed });
    return { patterns, source: "random unbiased patterns", binarization: "none", shape: squared([neurons]) };
  }
  const [{ data, shape }, source] =
    name === "mnist"
      ? [await digits(count), "MNIST training images, class by class"]
      : [await (await import("@basin/energy-core/data")).readImages(name), name];
  if (shape.length > 3)
    throw new InvalidArgumentError(
      `--patterns ${name} holds images of ${shape[3]} channels, expected gray ones: a neuron a pixel`,
    );
  const images = { data, shape: [Math.min(count, shape[0]), ...shape.slice(1)] };
  const level = threshold ?? middleOf(images);
  const binarization = `+1 where a value is above ${level}`;
  return { patterns: binarize(images, level), source, binarization, shape: squared(shape.slice(1)) };
}

/**
 * The first digit of each class, then the second of each class, and so on: this order shows the effect of similar
 * patterns.
 */
async function digits(count: number) {
  const { mnist } = await import("@basin/datasets");
  const { images, labels } = mnist().train;
  const data = new Uint8Array(count * 784);
  const next = new Int32Array(10).fill(-1);
  for (let k = 0; k < count; k++) {
    const at = labels.indexOf(k % 10, next[k % 10] + 1);
    if (at < 0)
      throw new InvalidArgumentError(`--count is ${count}, more than MNIST holds of class ${k % 10}`);
    next[k % 10] = at;
    data.set(images.subarray(at * 784, (at + 1) * 784), k * 784);
  }
  return { data, shape: [count, 28, 28] };
}

/** The shape of a picture: that of the image, or a square if the length of a row is a square number. */
function squared([height, width, ...rest]: readonly number[]): [number, number] {
  if (width !== undefined) return [height, [width, ...rest].reduce((a, b) => a * b)];
  const side = Math.sqrt(height);
  return Number.isInteger(side) ? [side, side] : [1, height];
}
