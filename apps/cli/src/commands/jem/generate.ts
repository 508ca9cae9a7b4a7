import { join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { Sgld } from "@basin/samplers/tensor";
import type * as TF from "@tensorflow/tfjs";
import type { Command } from "commander";
import { integer, jsonOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { imagesOf, loadModel, type ModelCard, namesOf } from "./files.ts";
import { type Labeled, take } from "./images.ts";
import { type Judge, trainJudge } from "./judge.ts";
import { floats, sizeOf } from "./numbers.ts";
import { checkPicture, imageSheet } from "./picture.ts";

interface Options {
  class?: string;
  count: number;
  steps: number;
  png?: string | true;
  judge: boolean;
  seed?: number;
  json: boolean;
}

/** Adds `generate`. */
export function registerGenerate(jem: Command): void {
  jem
    .command("generate")
    .description("draw images of each class from uniform noise, and let an independent net judge them")
    .argument("<folder>", "what basin jem train wrote")
    .option("--class <name>", "draw this class alone, by its name or its number from 0 on")
    .option("--count <integer>", "images a class", integer(1, 10_000), 20)
    .option("--steps <integer>", "Langevin steps", integer(1, 1e6), 500)
    .option("--png [file]", "draw them (default file: samples.png in the folder)")
    .option("--no-judge", "leave the independent net out, which takes some seconds to train")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(generateAction);
}

async function generateAction(folder: string, options: Options): Promise<void> {
  const seed = resolveSeed(options.seed);
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { generate } = await import("@basin/jem");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const chosen = classesOf(options, card);
  if (options.png !== undefined) checkPicture(card.shape);
  const labels = Int32Array.from(
    { length: chosen.length * options.count },
    (_, k) => chosen[k % chosen.length],
  );
  const sampler = await samplerOf(card, options.steps);
  const drawing = startProgress("generate");
  const signal = interruptSignal();
  const images = await generate(model, { labels, sampler, seed, signal, onProgress: drawing.update }).finally(
    () => drawing.stop(),
  );
  const png = options.png === true ? join(folder, "samples.png") : options.png;
  if (png !== undefined) writeWhole(png, picture(images, card, chosen.length));
  const names = namesOf(card);
  const classNames = chosen.map((label) => names[label]);
  const found = { classes: chosen, classNames, count: options.count, steps: options.steps, seed };
  const quality = options.judge ? await judged(tf, card, images, labels, seed) : undefined;
  if (options.json) {
    printJson({ ...found, ...quality, ...(png !== undefined && { png }) });
    return;
  }
  const lines = [
    `${labels.length} images of ${chosen.length === 1 ? `class ${classNames[0]}` : `the ${chosen.length} classes ${classNames.join(", ")}`}, ${options.steps} Langevin steps from uniform noise, seed ${seed}`,
    ...(quality ? report(quality) : []),
    ...(png === undefined ? [] : [`picture                         ${png}`]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Returns the sampler that a model was trained with, for so many steps. */
export async function samplerOf({ sampler }: ModelCard, steps: number): Promise<Sgld> {
  const { sgld } = await import("@basin/samplers/tensor");
  const { stepSize, noiseScale, box, maxGradient } = sampler as {
    stepSize: number;
    noiseScale: number;
    box: [number, number];
    maxGradient: number;
  };
  return sgld({ steps, stepSize, noiseScale, box, maxGradient });
}

function classesOf({ class: only }: Options, card: ModelCard): number[] {
  const names = namesOf(card);
  if (only === undefined) return [...names.keys()];
  const named = names.indexOf(only);
  const label = named >= 0 || only.trim() === "" ? named : Number(only);
  if (Number.isInteger(label) && label >= 0 && label < names.length) return [label];
  throw new ArgumentError(
    `class is ${only}, the model has the classes ${names.join(", ")} (or 0 to ${names.length - 1})`,
  );
}

const ROWS = 10;

function picture(images: Float32Array, { shape }: ModelCard, columns: number): Uint8Array {
  const size = sizeOf(shape);
  const shown = Math.min(images.length / size, ROWS * Math.max(columns, 10));
  const pictures = Array.from({ length: shown }, (_, k) => images.subarray(k * size, (k + 1) * size));
  return imageSheet(pictures, shape, columns === 1 ? Math.min(10, shown) : columns);
}

/** Images of each kind that distances are taken over. */
const COMPARED = 2000;

interface Quality {
  readonly judge: { readonly description: string; readonly testAccuracy: number };
  /** Share of the images that the judge puts into their class. */
  readonly classifiedAsTheirClass: number;
  /** Absent where a kind has fewer than two images. */
  readonly frechet?: {
    readonly samples: number;
    readonly classGaussian: number;
    readonly trainingImages: number;
  };
  /** The test images' is absent where none are of the classes drawn. */
  readonly nearestTrainingImage: { readonly samples: number; readonly testImages?: number };
}

async function judged(
  tf: typeof TF,
  card: ModelCard,
  images: Float32Array,
  labels: Int32Array,
  seed: number,
): Promise<Quality> {
  const { train, test, classes } = await imagesOf(card);
  const progress = startProgress("judge");
  const judge = await trainJudge(tf, train, test, classes, progress.update).finally(() => progress.stop());
  const size = sizeOf(card.shape);
  const found = judge.classify(images);
  const alike = { test: ofClasses(test, labels), train: ofClasses(train, labels) };
  const frechet = await frechetOf(judge, images, labels, { ...alike, all: train, classes, seed });
  return {
    judge: { description: judge.description, testAccuracy: judge.accuracy },
    classifiedAsTheirClass:
      found.reduce((hits, label, i) => hits + (label === labels[i] ? 1 : 0), 0) / labels.length,
    ...(frechet && { frechet }),
    nearestTrainingImage: {
      samples: nearest(tf, images, train, size),
      ...(alike.test.count > 0 && { testImages: nearest(tf, alike.test.inputs, train, size) }),
    },
  };
}

/** Returns the distances to test images of the same classes, or nothing where there is no covariance to compare. */
async function frechetOf(
  judge: Judge,
  images: Float32Array,
  labels: Int32Array,
  sets: { test: Labeled; train: Labeled; all: Labeled; classes: number; seed: number },
): Promise<Quality["frechet"]> {
  const { test, train, all, classes, seed } = sets;
  if (Math.min(labels.length, test.count, train.count) < 2) return undefined;
  const { classGaussianDraws, frechetDistance } = await import("@basin/jem");
  const { createRng } = await import("@basin/energy-core/random");
  const size = images.length / labels.length;
  const each = Math.ceil(labels.length / classes);
  const gaussian = classGaussianDraws(all, size, classes, each, createRng(seed));
  const reference = judge.features(test.inputs);
  const distance = (inputs: Uint8Array | Float32Array) =>
    frechetDistance(judge.features(inputs), reference, judge.width);
  return {
    samples: distance(images),
    classGaussian: distance(rowsOfClasses(gaussian, labels, each, size)),
    trainingImages: distance(train.inputs),
  };
}

/** Images of the classes that were drawn, so that like is compared with like. */
function ofClasses(set: Labeled, labels: Int32Array): Labeled {
  const wanted = new Set(labels);
  const which: number[] = [];
  for (let i = 0; i < set.count && which.length < COMPARED; i++) if (wanted.has(set.labels[i])) which.push(i);
  return take(set, which);
}

/** Class-Gaussian draws of the same classes in the same numbers as the samples. */
function rowsOfClasses(draws: Float32Array, labels: Int32Array, each: number, size: number): Float32Array {
  const rows = new Float32Array(labels.length * size);
  const used = new Map<number, number>();
  for (const [k, label] of labels.entries()) {
    const turn = used.get(label) ?? 0;
    used.set(label, turn + 1);
    const at = label * each + (turn % each);
    rows.set(draws.subarray(at * size, (at + 1) * size), k * size);
  }
  return rows;
}

/** Euclidean distance to the nearest training image, averaged. */
function nearest(tf: typeof TF, inputs: Float32Array | Uint8Array, train: Labeled, size: number): number {
  const CHUNK = 5000;
  return tf.tidy(() => {
    const rows = tf.tensor2d(floats(inputs), [inputs.length / size, size]);
    const squares = rows.square().sum(1, true);
    let best = tf.fill([rows.shape[0]], Number.POSITIVE_INFINITY) as TF.Tensor;
    for (let from = 0; from < train.count; from += CHUNK) {
      const to = Math.min(train.count, from + CHUNK);
      const part = train.inputs.subarray(from * size, to * size);
      const others = tf.tensor2d(floats(part), [to - from, size]);
      const distance = squares
        .add(others.square().sum(1).expandDims(0))
        .sub(tf.matMul(rows, others.transpose() as typeof others).mul(2));
      best = tf.minimum(best, distance.min(1));
    }
    return best.maximum(0).sqrt().mean().dataSync()[0] as unknown as TF.Tensor;
  }) as unknown as number;
}

function report({ judge, classifiedAsTheirClass, frechet, nearestTrainingImage }: Quality): string[] {
  return [
    `judge                           ${judge.description} (test accuracy ${judge.testAccuracy.toFixed(4)})`,
    `put into their class            ${classifiedAsTheirClass.toFixed(4)}`,
    frechet
      ? `Fréchet distance to test images ${frechet.samples.toFixed(2)} (class-Gaussian draws ${frechet.classGaussian.toFixed(2)}, training images ${frechet.trainingImages.toFixed(2)})`
      : "Fréchet distance to test images left out: it takes two samples, test and training images of the classes drawn",
    `nearest training image          ${nearestTrainingImage.samples.toFixed(3)} on average (test images ${nearestTrainingImage.testImages?.toFixed(3) ?? "of these classes: none"})`,
  ];
}
