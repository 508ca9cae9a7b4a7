import type { SampleQuality } from "@basin/jem";
import { InvalidArgumentError } from "commander";
import { command } from "../../command.ts";
import { openModel } from "../../jem/model.ts";
import { integer } from "../../options/readers.ts";
import { flag, png, seed, text, value, word } from "../../options/settings.ts";

const ROWS = 10;

export default command({
  options: {
    folder: word("<folder>", "what basin jem train wrote"),
    class: text("<name>", "draw only this class, given by name or by number from 0"),
    count: value("<integer>", "images a class", integer(1, 10_000), 20),
    steps: value("<integer>", "Langevin steps", integer(1, 1e6), 500),
    png: png("the images"),
    noJudge: flag("skip the independent net, which takes some seconds to train"),
    seed,
  },
  async run({ folder, class: only, count, steps, png, noJudge, seed }, context) {
    const { generate, sampleQuality, trainJudge } = await import("@basin/jem");
    const { dataOf } = await import("../../options/labeled.ts");
    const { checkPicture, imageSheet } = await import("../../jem/picture.ts");
    const { model, card, images, sampler } = await openModel(folder);
    const chosen = classesOf(only, card.classNames);
    if (png !== undefined) checkPicture(card.shape);
    const labels = Int32Array.from({ length: chosen.length * count }, (_, k) => chosen[k % chosen.length]);
    const { signal } = context;
    const plan = { labels, sampler: await sampler(steps), seed, signal };
    const samples = await generate(model, { ...plan, onProgress: context.progress("generate") });
    const columns = chosen.length === 1 ? Math.min(10, labels.length) : chosen.length;
    if (png !== undefined)
      await context.write(png, imageSheet([samples], card.shape, columns, ROWS * Math.max(columns, 10)));
    const classNames = chosen.map((label) => card.classNames[label]);
    if (noJudge) return { classes: chosen, classNames };
    const split = await images();
    const [train, test] = [dataOf(split.train), dataOf(split.test)];
    const onProgress = context.progress("judge");
    const judge = await trainJudge(train, test, { labels: model.labels, signal, onProgress });
    const { description, accuracy: testAccuracy } = judge;
    const quality = sampleQuality(judge, samples, labels, { train, test, classes: model.labels, seed });
    return { classes: chosen, classNames, judge: { description, testAccuracy }, ...quality };
  },
  print(found, { count, steps, seed }) {
    const { classNames } = found;
    const which =
      classNames.length === 1
        ? `class ${classNames[0]}`
        : `the ${classNames.length} classes ${classNames.join(", ")}`;
    return [
      `${classNames.length * count} images of ${which}, ${steps} Langevin steps from uniform noise, seed ${seed}`,
      ...("judge" in found ? qualityLines(found) : []),
    ];
  },
});

function classesOf(only: string | undefined, names: readonly string[]): number[] {
  if (only === undefined) return [...names.keys()];
  const named = names.indexOf(only);
  const label = named >= 0 ? named : Number(only);
  if (Number.isInteger(label) && label >= 0 && label < names.length) return [label];
  throw new InvalidArgumentError(
    `--class is ${only}, the model has the classes ${names.join(", ")} (or 0 to ${names.length - 1})`,
  );
}

function qualityLines(
  quality: SampleQuality & {
    readonly judge: { readonly description: string; readonly testAccuracy: number };
  },
): string[] {
  const { judge, classifiedAsTheirClass, frechet, nearestTrainingInput: nearest } = quality;
  const tested = nearest.testInputs?.toFixed(3) ?? "of these classes: none";
  return [
    `judge                           ${judge.description} (test accuracy ${judge.testAccuracy.toFixed(4)})`,
    `put into their class            ${classifiedAsTheirClass.toFixed(4)}`,
    frechet
      ? `Fréchet distance to test images ${frechet.samples.toFixed(2)} (class-Gaussian draws ${frechet.classGaussian.toFixed(2)}, ` +
        `training images ${frechet.trainingInputs.toFixed(2)})`
      : "Fréchet distance to test images left out: it takes two samples, test and training images of the classes drawn",
    `nearest training image          ${nearest.samples.toFixed(3)} on average (test images ${tested})`,
  ];
}
