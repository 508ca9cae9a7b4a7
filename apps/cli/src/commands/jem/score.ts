import type { Detector } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import { type Command, Option } from "commander";
import { jsonOption } from "../../options.ts";
import { printJson } from "../../output.ts";
import { imagesOf, loadModel, type ModelCard, namesOf } from "./files.ts";
import { type Images, readImages, shaped } from "./images.ts";

/** Adds `score`. */
export function registerScore(jem: Command): void {
  jem
    .command("score")
    .description("say how likely images are under a model, and which class they are")
    .argument("<folder>", "what basin jem train wrote")
    .argument("<images...>", "files of images, or folders of them")
    .addOption(
      new Option("--background <color>", "what shows through where images are transparent").choices([
        "black",
        "white",
      ]),
    )
    .option("--gray", "make colors gray (0.299 R + 0.587 G + 0.114 B) for a model of gray images")
    .option(
      "--invert",
      "turn dark to light and light to dark, as for ink on paper where the model knows light on black",
    )
    .addOption(jsonOption())
    .action(scoreAction);
}

interface Options {
  background?: "black" | "white";
  gray?: boolean;
  invert?: boolean;
  json: boolean;
}

const KEEP = 0.95;

async function scoreAction(folder: string, paths: string[], { json, ...options }: Options): Promise<void> {
  const tf = await import("@tensorflow/tfjs");
  const { detector } = await import("@basin/energy-core");
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { scores } = await import("@basin/jem");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const sets: [string, Images][] = [];
  for (const path of paths)
    sets.push([path, await shaped(await readImages(path), card.shape, path, options)]);
  // The threshold comes from images that training never saw.
  const { test } = await imagesOf(card);
  const found = detector(scores(model, test.inputs), { keep: KEEP });
  const { threshold, interval, heldOut, needed, warning } = found;
  const rows = [];
  for (const [path, images] of sets) rows.push(...(await rowsOf(model, card, path, images, found.isOutlier)));
  const calibrated = { threshold, thresholdInterval: interval, keep: KEEP, heldOut, needed };
  if (json) printJson({ ...calibrated, ...(warning && { warning }), images: rows });
  else process.stdout.write(`${report(rows, found)}\n`);
}

/** What is said of one image. */
interface Row {
  readonly image: string;
  readonly energy: number;
  readonly class: number;
  readonly className: string;
  readonly probability: number;
  readonly outlier: boolean;
  /** Whether it is none with dark and light exchanged, where it is one as it is. */
  readonly insideIfInverted?: boolean;
  readonly readAs?: string;
}

async function rowsOf(
  model: JointEnergy,
  card: ModelCard,
  path: string,
  { inputs, count, readAs }: Images,
  isOutlier: (energy: number) => boolean,
): Promise<Row[]> {
  const { classify, probabilities, scores } = await import("@basin/jem");
  const [energies, classes] = [scores(model, inputs), classify(model, inputs)];
  const certain = probabilities(model, inputs);
  const names = namesOf(card);
  const top = inputs instanceof Uint8Array ? 255 : 1;
  const inverted = scores(
    model,
    inputs.map((value) => top - value),
  ); // prettier-ignore
  return Array.from({ length: count }, (_, i) => ({
    image: count === 1 ? path : `${path}[${i}]`,
    energy: energies[i],
    class: classes[i],
    className: names[classes[i]],
    probability: certain[i * model.labels + classes[i]],
    outlier: isOutlier(energies[i]),
    ...(isOutlier(energies[i]) && !isOutlier(inverted[i]) && { insideIfInverted: true }),
    ...(readAs && { readAs }),
  }));
}

function report(rows: readonly Row[], { threshold, warning }: Detector): string {
  return [
    warning === undefined
      ? `outliers have more energy than ${threshold.toFixed(3)}, set by test images to keep ${KEEP} of fresh ones like them`
      : `no image counts as an outlier: ${warning}`,
    ...rows.map(
      ({ image, energy, className, probability, outlier, insideIfInverted, readAs }) =>
        `${image}  E ${energy.toFixed(3)}  class ${className} (${probability.toFixed(3)})${outlier ? "  OUTLIER" : ""}` +
        (insideIfInverted ? " (none with dark and light exchanged: --invert)" : "") +
        (readAs ? `  [read ${readAs}]` : ""),
    ),
  ].join("\n");
}
