import { join } from "node:path";
import type { JointEnergy } from "@basin/jem";
import type { Sgld } from "@basin/samplers/tensor";
import type * as TF from "@tensorflow/tfjs";
import type { Command } from "commander";
import { integer, jsonOption, nameOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { imagesOf, loadModel, namesOf } from "./files.ts";
import { samplerOf } from "./generate.ts";
import { errorOf, HALVES, type Half, knownPixels } from "./halves.ts";
import { first, type Labeled, type Split } from "./images.ts";
import { trainJudge } from "./judge.ts";
import { floats, sizeOf } from "./numbers.ts";
import { checkPicture, imageSheet } from "./picture.ts";

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
  const known = knownPixels(options.known, card.shape);
  if (options.png !== undefined) checkPicture(card.shape);
  const split = await imagesOf(card);
  const shown = first(split.test, options.count);
  const sampler = await samplerOf(card, options.steps);
  const mean = meanOf(split.train.inputs, known.length);
  const images = await fillings(model, shown, known, sampler, seed, mean);
  const { judge, ways } = await measured(tf, split, images, shown.labels, known);
  const png = options.png === true ? join(folder, "completed.png") : options.png;
  if (png !== undefined) writeWhole(png, picture(statesOf(images, known), card.shape));
  const result: Result = {
    known: options.known,
    images: shown.count,
    asked: options.count,
    steps: options.steps,
    seed,
    classNames: namesOf(card),
    judge,
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

interface Result extends Record<Way, Measured> {
  readonly known: Half;
  /** Fewer than asked for where the test set has no more. */
  readonly images: number;
  readonly asked: number;
  readonly steps: number;
  readonly seed: number;
  readonly classNames: readonly string[];
  readonly judge: string;
}

/** Judges every kind of unknown half. */
async function measured(
  tf: typeof TF,
  { train, test, classes }: Split,
  images: Record<Way, Float32Array>,
  labels: Uint8Array,
  known: readonly boolean[],
): Promise<{ judge: string; ways: Record<Way, Measured> }> {
  const progress = startProgress("judge");
  const judge = await trainJudge(tf, train, test, classes, progress.update).finally(() => progress.stop());
  const measure = (way: Way): Measured => {
    const found = judge.classify(images[way]);
    return {
      classifiedRightly:
        labels.reduce((hits, label, i) => hits + (found[i] === label ? 1 : 0), 0) / labels.length,
      rootMeanSquareError: errorOf(images[way], images.whole, known),
    };
  };
  const ways = Object.fromEntries(WAYS.map((way) => [way, measure(way)])) as Record<Way, Measured>;
  return { judge: judge.description, ways };
}

/** Returns what the picture shows, a row each: the images whole, half, completed, completed as their class. */
function statesOf(images: Record<Way, Float32Array>, known: readonly boolean[]): Float32Array[] {
  const half = images.whole.map((x, i) => (known[i % known.length] ? x : 0.5));
  return [images.whole, half, images.completed, images.completedAsItsClass];
}

/** Returns the images with every kind of unknown half. */
async function fillings(
  model: JointEnergy,
  { inputs, labels, count }: Labeled,
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
  const progress = startProgress("complete");
  const signal = interruptSignal();
  const complete = (classes: ArrayLike<number>, round: number) =>
    generate(model, {
      ...{ start, labels: Int32Array.from(classes), known, sampler, seed, signal },
      onProgress: ({ done, total }) =>
        progress.update({ done: round * total + done, total: (model.labels + 1) * total }),
    });
  try {
    const completed = await likeliest(model, count, async (label) => {
      const images = await complete(new Int32Array(count).fill(label), label);
      return [images, logitsOf(model, images)];
    });
    const completedAsItsClass = await complete(labels, model.labels);
    return { whole, completed, completedAsItsClass, filledWithTheMean: fill((i) => mean[i % known.length]) };
  } finally {
    progress.stop();
  }
}
function report(result: Result): string[] {
  const { known, images, asked, steps, seed, classNames, judge } = result;
  const row = (...cells: [string, string, string]) =>
    cells[0].padEnd(32) + cells[1].padStart(18) + cells[2].padStart(18);
  return [
    `${images} test ${images === 1 ? "image" : "images"}${images < asked ? ` (all there are; ${asked} were asked for)` : ""} of which the ${known} half is shown, ${steps} Langevin steps, seed ${seed}`,
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
async function likeliest(
  model: JointEnergy,
  count: number,
  complete: (label: number) => Promise<[images: Float32Array, logits: Float32Array]>,
): Promise<Float32Array> {
  const least = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  let best = new Float32Array();
  for (let label = 0; label < model.labels; label++) {
    const [images, logits] = await complete(label);
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

function meanOf(inputs: Uint8Array | Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (const [i, value] of floats(inputs).entries()) mean[i % size] += value;
  return mean.map((sum) => (sum * size) / inputs.length);
}

const COLUMNS = 20;

/** Rows of the same images in every state. */
function picture(states: readonly Float32Array[], shape: readonly number[]): Uint8Array {
  const size = sizeOf(shape);
  const shown = Math.min(2 * COLUMNS, states[0].length / size);
  const columns = Math.min(COLUMNS, shown);
  const blank = new Float32Array(size);
  const pictures = [];
  for (let from = 0; from < shown; from += columns)
    for (const images of states)
      for (let k = from; k < from + columns; k++)
        pictures.push(k < shown ? images.subarray(k * size, (k + 1) * size) : blank);
  return imageSheet(pictures, shape, columns);
}
