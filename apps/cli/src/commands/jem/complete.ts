import { join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import type { Command } from "commander";
import { integer, jsonOption, nameOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { contactSheet, encodeGrey, valuePicture } from "../../pictures.ts";
import { startProgress } from "../../progress.ts";
import { loadModel } from "./files.ts";
import { samplerOf } from "./generate.ts";
import { first, loadSplit } from "./images.ts";
import { trainJudge } from "./judge.ts";

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
    .description("show a model half of each test image, and let it draw the other half")
    .argument("<folder>", "what basin jem train wrote")
    .addOption(nameOption("--known <half>", "the half that is shown", HALVES, "upper"))
    .option("--count <integer>", "test images", integer(1, 10_000), 200)
    .option("--steps <integer>", "Langevin steps", integer(1, 1e6), 500)
    .option(
      "--png [file]",
      "draw whole, half and completed images (default file: completed.png in the folder)",
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(completeAction);
}

async function completeAction(folder: string, options: Options): Promise<void> {
  const seed = resolveSeed(options.seed);
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { generate, logitsOf } = await import("@basin/jem");
  const { createRng } = await import("@basin/energy-core/random");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const { train, test, classes } = await loadSplit(card.data, card.labelsFile);
  const known = knownPixels(options.known, card.shape);
  const { inputs, labels, count } = first(test, options.count);
  const whole = floats(inputs);
  const mean = meanOf(train.inputs, known.length);
  const rng = createRng(seed);
  // Unknown pixels begin as uniform noise, as everything does where the model draws whole images.
  const fill = (value: (k: number) => number) =>
    whole.map((x, i) => (known[i % known.length] ? x : value(i)));
  const start = fill(() => rng.uniform());
  const sampler = await samplerOf(card, options.steps);
  const completed = likeliest(model, logitsOf, start, (labels, begin) =>
    generate(model, { start: begin, labels, known, sampler, seed }),
  );
  const filled = fill((i) => mean[i % known.length]);
  const progress = startProgress("judge", 1);
  const judge = await trainJudge(tf, train, test, classes, (share) => progress.update(share)).finally(() =>
    progress.stop(),
  );
  const measure = (images: Float32Array) => {
    const found = judge.classify(images);
    return {
      classifiedRightly: labels.reduce((hits, label, i) => hits + (found[i] === label ? 1 : 0), 0) / count,
      rootMeanSquareError: errorOf(images, whole, known),
    };
  };
  const result = {
    known: options.known,
    images: count,
    steps: options.steps,
    seed,
    judge: judge.description,
    whole: measure(whole),
    completed: measure(completed),
    filledWithTheMean: measure(filled),
  };
  const png = options.png === true ? join(folder, "completed.png") : options.png;
  if (png !== undefined)
    writeWhole(png, picture([whole, fill(() => 0.5), completed], card.shape[1], known.length));
  if (options.json) {
    printJson({ ...result, ...(png !== undefined && { png }) });
    return;
  }
  const line = (name: string, { classifiedRightly, rootMeanSquareError }: ReturnType<typeof measure>) =>
    `${name.padEnd(32)}${classifiedRightly.toFixed(4).padStart(18)}${rootMeanSquareError.toFixed(4).padStart(18)}`;
  const lines = [
    `${count} test images of which the ${options.known} half is shown, ${options.steps} Langevin steps, seed ${seed}`,
    `judge: ${judge.description}`,
    `${"".padEnd(32)}${"classified rightly".padStart(18)}${"error a pixel".padStart(18)}`,
    line("whole", result.whole),
    line("completed by the model", result.completed),
    line("filled with the mean image", result.filledWithTheMean),
    ...(png === undefined ? [] : [`picture: ${png}`]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Completes every image as one of each class, and keeps the completion of the lowest energy E(x, y). */
function likeliest(
  model: JointEnergy,
  logitsOf: (model: JointEnergy, inputs: Float32Array) => Float32Array,
  start: Float32Array,
  complete: (labels: Int32Array, start: Float32Array) => Float32Array,
): Float32Array {
  const size = model.space.shape.reduce((product, length) => product * length, 1);
  const count = start.length / size;
  const best = new Float32Array(start.length);
  const least = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  for (let label = 0; label < model.labels; label++) {
    const images = complete(new Int32Array(count).fill(label), start);
    const logits = logitsOf(model, images);
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

function floats(inputs: Uint8Array | Float32Array): Float32Array {
  return inputs instanceof Uint8Array ? Float32Array.from(inputs, (byte) => byte / 255) : inputs;
}

function meanOf(inputs: Uint8Array | Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (let i = 0; i < inputs.length; i++) mean[i % size] += inputs[i];
  const scale = size / inputs.length / (inputs instanceof Uint8Array ? 255 : 1);
  return mean.map((sum) => sum * scale);
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
