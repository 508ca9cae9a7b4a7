import type { HiddenPart } from "@basin/energy-core/data";
import type { JointModel } from "@basin/jem";
import type { Sgld } from "@basin/samplers/tensor";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { openModel } from "../../jem/model.ts";
import { integer } from "../../options/readers.ts";
import { mask, png, seed, value, word } from "../../options/settings.ts";
import { table } from "../../output.ts";

/** The contents of the unknown part. */
const TITLES = {
  whole: "whole",
  completed: "completed by the model",
  completedAsItsClass: "completed, its class told",
  filledWithTheMean: "filled with the mean image",
} as const;
type Way = keyof typeof TITLES;
const WAYS = Object.keys(TITLES) as Way[];
/** Number of images in a row of the picture, and in a batch. */
const COLUMNS = 20;
const CHUNK = 100;

export default command({
  options: {
    folder: word("<folder>", "what basin jem train wrote"),
    mask: mask("what is not shown", "lower"),
    count: value("<integer>", "test images", integer(1, 10_000), 200),
    steps: value("<integer>", "Langevin steps", integer(1, 1e6), 500),
    png: png("images whole, half, completed, and completed as their class"),
    seed,
  },
  async run({ folder, mask, count, steps, png, seed }, context) {
    const { imageMask } = await import("@basin/energy-core/data");
    const { trainJudge } = await import("@basin/jem");
    const { first } = await import("../../options/datasets.ts");
    const { dataOf } = await import("../../options/labeled.ts");
    const { checkPicture, imageSheet } = await import("../../jem/picture.ts");
    const { model, card, images: split, sampler } = await openModel(folder);
    const known = imageMask(card.shape, mask as HiddenPart);
    if (png !== undefined) checkPicture(card.shape);
    const { train, test } = await split();
    const shown = first(test, count);
    const plan = {
      known,
      sampler: await sampler(steps),
      seed,
      mean: meanOf(floats(train.data), known.length),
    };
    const images = await fillings(model, floats(shown.data), shown.labels, plan, context);
    const onProgress = context.progress("judge");
    const judging = { labels: model.labels, signal: context.signal, onProgress };
    const judge = await trainJudge(dataOf(train), dataOf(test), judging);
    if (png !== undefined) {
      const half = images.whole.map((x, i) => (known[i % known.length] ? x : 0.5));
      const rows = [images.whole, half, images.completed, images.completedAsItsClass];
      await context.write(
        png,
        imageSheet(rows, card.shape, Math.min(COLUMNS, shown.labels.length), 2 * COLUMNS),
      );
    }
    const ways = WAYS.map((way) => {
      const right = judge.classify(images[way]).filter((label, i) => label === shown.labels[i]).length;
      const error = errorOf(images[way], images.whole, known);
      return [way, { classifiedRightly: right / shown.labels.length, rootMeanSquareError: error }] as const;
    });
    const measured = Object.fromEntries(ways) as Record<Way, (typeof ways)[number][1]>;
    return {
      images: shown.labels.length,
      classNames: card.classNames,
      judge: judge.description,
      ...measured,
    };
  },
  print: (result, { mask, count, steps, seed }) => [
    `${result.images} test ${result.images === 1 ? "image" : "images"}` +
      `${result.images < count ? ` (all there are; ${count} were asked for)` : ""} with the part ${mask} hidden, ${steps} Langevin steps, seed ${seed}`,
    `classes: ${result.classNames.join(", ")}`,
    `judge: ${result.judge}`,
    ...table(
      WAYS.map((way) => [
        TITLES[way],
        result[way].classifiedRightly.toFixed(4),
        result[way].rootMeanSquareError.toFixed(4),
      ]),
      ["", "classified rightly", "error a pixel"],
    ),
  ],
});

interface Plan {
  readonly known: readonly boolean[];
  readonly sampler: Sgld;
  readonly seed: number;
  readonly mean: Float32Array;
}

/**
 * Returns the images with every kind of unknown part: of each image's completions as a class, that of the lowest E(x,
 * y).
 */
async function fillings(
  model: JointModel,
  whole: Float32Array,
  labels: Uint8Array,
  plan: Plan,
  context: Context,
): Promise<Record<Way, Float32Array>> {
  const { createRng } = await import("@basin/energy-core/random");
  const { known, seed, mean } = plan;
  const size = known.length;
  const rng = createRng(seed);
  const fill = (of: (k: number) => number) => whole.map((x, i) => (known[i % size] ? x : of(i % size)));
  // Unknown pixels start as uniform noise, like all pixels of whole images that the model draws.
  const start = fill(() => rng.uniform());
  const [completed, completedAsItsClass] = [new Float32Array(whole.length), new Float32Array(whole.length)];
  const least = new Float32Array(labels.length).fill(Number.POSITIVE_INFINITY);
  const update = context.progress("complete");
  for (let from = 0; from < labels.length; from += CHUNK) {
    const rows = start.subarray(from * size, (from + CHUNK) * size);
    const own = labels.subarray(from, from + CHUNK);
    for (let label = 0; label <= model.labels; label++) {
      const told = label === model.labels;
      const { states, energies } = await completeRows(
        model.ofClass(told ? own : label),
        rows,
        plan,
        from + label,
      );
      for (let k = 0; k < own.length; k++) {
        if (!told && energies[k] >= least[from + k]) continue;
        if (!told) least[from + k] = energies[k];
        (told ? completedAsItsClass : completed).set(
          states.subarray(k * size, (k + 1) * size),
          (from + k) * size,
        );
      }
      update({ done: from + (own.length * (label + 1)) / (model.labels + 1), total: labels.length });
      await context.breathe();
    }
  }
  return { whole, completed, completedAsItsClass, filledWithTheMean: fill((k) => mean[k]) };
}

/** Completes images by the sampler, which keeps the known pixels. */
async function completeRows(
  energy: ReturnType<JointModel["ofClass"]>,
  start: Float32Array,
  { known, sampler, seed }: Plan,
  stream: number,
) {
  const tf = await import("@tensorflow/tfjs");
  const { completeBatch } = await import("@basin/energy-core/tensor");
  const { shape } = energy.can.batch;
  const mask = tf.tensor(known.map(Number), [...shape]);
  const batch = tf.tensor(start, [start.length / known.length, ...shape]);
  const { states, energies } = await completeBatch(energy, batch, {
    known: mask,
    sampler,
    seed: seed + stream,
  });
  const values = (await states.data()) as Float32Array;
  tf.dispose([mask, batch, states]);
  return { states: values, energies };
}

function floats(values: Uint8Array | Float32Array): Float32Array {
  return values instanceof Uint8Array ? Float32Array.from(values, (byte) => byte / 255) : values;
}

function meanOf(values: Float32Array, size: number): Float32Array {
  const mean = new Float64Array(size);
  for (const [i, value] of values.entries()) mean[i % size] += value;
  return Float32Array.from(mean, (sum) => (sum * size) / values.length);
}

/** Root of the mean square difference over the unknown numbers. */
function errorOf(images: Float32Array, truth: Float32Array, known: readonly boolean[]): number {
  const squares = Array.from(truth, (x, i) => (known[i % known.length] ? 0 : (images[i] - x) ** 2));
  const unknown = known.filter((is) => !is).length * (truth.length / known.length);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / unknown);
}
