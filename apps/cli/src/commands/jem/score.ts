import { ArgumentError } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import type { Command } from "commander";
import { jsonOption } from "../../options.ts";
import { printJson } from "../../output.ts";
import { imagesOf, loadModel, type ModelCard, namesOf } from "./files.ts";
import { type Images, readImages } from "./images.ts";
import { sameShape } from "./numbers.ts";

/** Adds `score`. */
export function registerScore(jem: Command): void {
  jem
    .command("score")
    .description("say how likely images are under a model, and which class they are")
    .argument("<folder>", "what basin jem train wrote")
    .argument("<images...>", "files of images, or folders of them")
    .addOption(jsonOption())
    .action(scoreAction);
}

const KEEP = 0.95;

async function scoreAction(folder: string, paths: string[], { json }: { json: boolean }): Promise<void> {
  const tf = await import("@tensorflow/tfjs");
  const { detector } = await import("@basin/energy-core");
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { scores } = await import("@basin/jem");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const sets: [string, Images][] = [];
  for (const path of paths) sets.push([path, await readLike(path, card)]);
  // The threshold comes from images that training never saw.
  const { test } = await imagesOf(card);
  const { threshold, isOutlier, interval } = detector(scores(model, test.inputs), { keep: KEEP });
  const rows = [];
  for (const [path, images] of sets) rows.push(...(await rowsOf(model, card, path, images, isOutlier)));
  if (json) printJson({ threshold, thresholdInterval: interval, keep: KEEP, images: rows });
  else process.stdout.write(`${report(rows, threshold)}\n`);
}

/** Returns the images of a file or folder. @throws {ArgumentError} for images of another shape than the model takes. */
async function readLike(path: string, { shape }: ModelCard): Promise<Images> {
  const images = await readImages(path);
  if (sameShape(images.shape, shape)) return images;
  throw new ArgumentError(
    `${path} holds images of shape [${images.shape.join(", ")}], the model takes [${shape.join(", ")}]`,
  );
}

/** What is said of one image. */
interface Row {
  readonly image: string;
  readonly energy: number;
  readonly class: number;
  readonly className: string;
  readonly probability: number;
  readonly outlier: boolean;
}

async function rowsOf(
  model: JointEnergy,
  card: ModelCard,
  path: string,
  { inputs, count }: Images,
  isOutlier: (energy: number) => boolean,
): Promise<Row[]> {
  const { classify, probabilities, scores } = await import("@basin/jem");
  const [energies, classes] = [scores(model, inputs), classify(model, inputs)];
  const certain = probabilities(model, inputs);
  const names = namesOf(card);
  return Array.from({ length: count }, (_, i) => ({
    image: count === 1 ? path : `${path}[${i}]`,
    energy: energies[i],
    class: classes[i],
    className: names[classes[i]],
    probability: certain[i * model.labels + classes[i]],
    outlier: isOutlier(energies[i]),
  }));
}

function report(rows: readonly Row[], threshold: number): string {
  return [
    `outliers have more energy than ${threshold.toFixed(3)}, which keeps ${KEEP} of the test images`,
    ...rows.map(
      ({ image, energy, className, probability, outlier }) =>
        `${image}  E ${energy.toFixed(3)}  class ${className} (${probability.toFixed(3)})${outlier ? "  OUTLIER" : ""}`,
    ),
  ].join("\n");
}
