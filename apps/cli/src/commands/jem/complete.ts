import { join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import type { Sgld } from "@basin/samplers/tensor";
import type { Command } from "commander";
import { integer, jsonOption, nameOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { contactSheet, encodeGrey, valuePicture } from "../../pictures.ts";
import { startProgress } from "../../progress.ts";
import { imagesOf, loadModel, namesOf } from "./files.ts";
import { samplerOf } from "./generate.ts";
import { first, type Labelled } from "./images.ts";
import { trainJudge } from "./judge.ts";
import { floats } from "./numbers.ts";

const HALVES = { upper: true, lower: true, left: true, right: true } as const;
type Half = keyof typeof HALVES;

interface Options {
  known: Half;
  count: number;
  steps: number;
  png?: string | true;
  seed?: number;
  json: boolean;
}

/** Adds `complete`. */
export function registerComplete(jem: Command): void {
  jem
    .command("complete")
    .description(
      "show a model half of each test image, and let it draw the other half, as the class that fits best",
    )
    .argument("<folder>", "what basin jem train wrote")
    .addOption(nameOption("--known <half>", "the half that is shown", HALVES, "upper"))
    .option("--count <integer>", "test images", integer(1, 10_000), 200)
    .option("--steps <integer>", "Langevin steps", integer(1, 1e6), 500)
    .option(
      "--png [file]",
      "draw images whole, half, completed, and completed as their class (default file: completed.png in the folder)",
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(completeAction);
}

async function completeAction(folder: string, options: Options): Promise<void> {
  const seed = resolveSeed(options.seed);
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const { train, test, classes } = await imagesOf(card);
  const known = knownPixels(options.known, card.shape);
  const shown = first(test, options.count);
  const sampler = await samplerOf(card, options.steps);
  const images = await fillings(model, shown, known, sampler, seed, meanOf(train.inputs, known.length));
  const progress = startProgress("judge", 1);
  const judge = await trainJudge(tf, train, test, classes, (share) => progress.update(share)).finally(() =>
    progress.stop(),
  );
  const { labels, count } = shown;
  const measure = (way: Way): Measured => {
    const found = judge.classify(images[way]);
    return {
      classifiedRightly: labels.reduce((hits, label, i) => hits + (found[i] === label ? 1 : 0), 0) / count,
      rootMeanSquareError: errorOf(images[way], images.whole, known),
    };
  };
  const ways = Object.fromEntries(WAYS.map((way) => [way, measure(way)])) as Record<Way, Measured>;
  const png = options.png === true ? join(folder, "completed.png") : options.png;
  if (png !== undefined) {
    const half = images.whole.map((x, i) => (known[i % known.length] ? x : 0.5));
    const states = [images.whole, half, images.completed, images.completedAsItsClass];
    writeWhole(png, picture(states, card.shape[1], known.length));
  }
  const { steps } = options;
  const result = {
    known: options.known,
    images: count,
    steps,
    seed,
    classNames: namesOf(card),
    judge: judge.description,
    ...ways,
  };
  if (options.json) printJson({ ...result, ...(png !== undefined && { png }) });
  else process.stdout.write(`${[...report(result), ...(png ? [`picture: ${png}`] : [])].join("\n")}\n`);
}

/** What can stand in the unknown half. */
const TITLES = {
  whole: "whole",
  completed: "completed by the model",
  completedAsItsClass: "completed, its class told",
  filledWithTheMean: "filled with the mean image",
} as const;
type Way = keyof typeof TITLES;
const WAYS = Object.keys(TITLES) as Way[];

interface Measured {
  readonly classifiedRightly: number;
  /** Over the unknown pixels. */
  readonly rootMeanSquareError: number;
}

/** Returns the images with every kind of unknown half. */
async function fillings(
  model: JointEnergy,
  { inputs, labels, count }: Labelled,
  known: readonly boolean[],
  sampler: Sgld,
  seed: number,
  mean: Float64Array,
): Promise<Record<Way, Float32Array>> {
  const { generate, logitsOf } = await import("@basin/jem");
  const { createRng } = await import("@basin/energy-core/random");
  const rng = createRng(seed);
  const whole = floats(inputs);
  const fill = (value: (k: number) => number) =>
    whole.map((x, i) => (known[i % known.length] ? x : value(i)));
  // Unknown pixels begin as uniform noise, as everything does where the model draws whole images.
  const start = fill(() => rng.uniform());
  const complete = (classes: ArrayLike<number>) =>
    generate(model, { start, labels: Int32Array.from(classes), known, sampler, seed });
  const completed = likeliest(model, count, (label) => {
    const images = complete(new Int32Array(count).fill(label));
    return [images, logitsOf(model, images)];
  });
  return {
    whole,
    completed,
    completedAsItsClass: complete(labels),
    filledWithTheMean: fill((i) => mean[i % known.length]),
  };
}

function report(
  result: Record<Way, Measured> & {
    known: Half;
    images: number;
    steps: number;
    seed: number;
    classNames: readonly string[];
    judge: string;
  },
): string[] {
  const { known, images, steps, seed, classNames, judge } = result;
  const row = (...cells: [string, string, string]) =>
    cells[0].padEnd(32) + cells[1].padStart(18) + cells[2].padStart(18);
  return [
    `${images} test images of which the ${known} half is shown, ${steps} Langevin steps, seed ${seed}`,
    `classes: ${classNames.join(", ")}`,
    `judge: ${judge}`,
    row("", "classified rightly", "error a pixel"),
    ...WAYS.map((way) => {
      const { classifiedRightly, rootMeanSquareError } = result[way];
      return row(TITLES[way], classifiedRightly.toFixed(4), rootMeanSquareError.toFixed(4));
    }),
  ];
}

/** Of every image's completions, one as each class, returns that of the lowest energy E(x, y). */
function likeliest(
  model: JointEnergy,
  count: number,
  complete: (label: number) => [images: Float32Array, logits: Float32Array],
): Float32Array {
  const least = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  let best = new Float32Array();
  for (let label = 0; label < model.labels; label++) {
    const [images, logits] = complete(label);
    if (label === 0) best = new Float32Array(images.length);
    const size = images.length / count;
    for (let i = 0; i < count; i++) {
      const energy = -logits[i * model.labels + label];
      if (energy >= least[i]) continue;
      least[i] = energy;
      best.set(images.subarray(i * size, (i + 1) * size), i * size);
    }
  }
  return best;
}

/** One flag a number of an image [height, width, …]. */
function knownPixels(half: Half, shape: readonly number[]): boolean[] {
  if (shape.length < 2)
    throw new ArgumentError(`the model takes inputs of shape [${shape.join(", ")}], which have no halves`);
  const [height, width, channels = 1] = shape;
  return Array.from({ length: height * width * channels }, (_, k) => {
    const [y, x] = [Math.floor(k / (width * channels)), Math.floor(k / channels) % width];
    if (half === "upper") return 2 * y < height;
    if (half === "lower") return 2 * y >= height;
    return half === "left" ? 2 * x < width : 2 * x >= width;
  });
}

function meanOf(inputs: Uint8Array | Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (const [i, value] of floats(inputs).entries()) mean[i % size] += value;
  return mean.map((sum) => (sum * size) / inputs.length);
}

/** Root of the mean square difference over the unknown numbers. */
function errorOf(images: Float32Array, truth: Float32Array, known: readonly boolean[]): number {
  let [squares, terms] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (known[i % known.length]) continue;
    squares += (images[i] - truth[i]) ** 2;
    terms++;
  }
  return Math.sqrt(squares / terms);
}

const COLUMNS = 20;

/** Rows of the same images in every state. */
function picture(states: readonly Float32Array[], width: number, size: number): Uint8Array {
  const shown = Math.min(2 * COLUMNS, states[0].length / size);
  const columns = Math.min(COLUMNS, shown);
  const blank = new Float32Array(size);
  const pictures = [];
  for (let from = 0; from < shown; from += columns)
    for (const images of states)
      for (let k = from; k < from + columns; k++)
        pictures.push(valuePicture(k < shown ? images.subarray(k * size, (k + 1) * size) : blank, width));
  return encodeGrey(contactSheet(pictures, columns));
}
