import { outlierMetrics } from "@basin/energy-core";
import type { Calibration, JointEnergy } from "@basin/jem";
import type { Command } from "commander";
import { integer, jsonOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { ATTACKS, type ClassAccuracy, type Judged, type JudgedSet, report } from "./evaluation.ts";
import { imagesOf, loadModel, namesOf } from "./files.ts";
import { first, type Images, type Labelled } from "./images.ts";
import { floats, softmax } from "./numbers.ts";
import { loadOutliers } from "./outliers.ts";
import { reliabilityChart } from "./reliability.ts";

interface Options {
  ood: string[];
  attacked: number;
  reliability?: string;
  json: boolean;
}

const list = (text: string): string[] => text.split(",").filter((part) => part !== "");

/** Adds `evaluate`. */
export function registerEvaluate(jem: Command): void {
  jem
    .command("evaluate")
    .description(
      "accuracy, calibration, outlier detection and robustness of a trained model, on images that training never saw",
    )
    .argument("<folder>", "what basin jem train wrote")
    .option(
      "--ood <names>",
      "outliers: fashion-mnist, mnist, rotated, inverted, shuffled, noise, or files of images",
      list,
      ["rotated", "inverted", "shuffled", "noise"],
    )
    .option(
      "--attacked <integer>",
      "test images to attack; 0 leaves robustness out",
      integer(0, 100_000),
      200,
    )
    .option("--reliability <file>", "draw the reliability diagram as SVG")
    .addOption(jsonOption())
    .action(evaluateAction);
}

async function evaluateAction(folder: string, options: Options): Promise<void> {
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { calibration, fitTemperature, logitsOf, probabilities } = await import("@basin/jem");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const { train, test, classes, source } = await imagesOf(card);
  // Named sets are checked before any time is spent.
  const sets: [string, Images][] = [];
  for (const name of options.ood) sets.push([name, await loadOutliers(name, test)]);
  const progress = startProgress("evaluate", sets.length + 1);
  try {
    const found = calibration(probabilities(model, test.inputs), test.labels, classes);
    // Half of the test images choose the temperature, the other half judge it.
    const half = test.count >> 1;
    const [fitted, judged] = [first(test, half), rest(test, half)];
    const temperature = fitTemperature(logitsOf(model, fitted.inputs), fitted.labels, classes);
    const scaled = calibration(
      softmax(logitsOf(model, judged.inputs), classes, temperature),
      judged.labels,
      classes,
    );
    const outliers = await judgeOutliers(model, train, test, sets, (done) => progress.update(done));
    const robustness = options.attacked > 0 ? await attacks(model, first(test, options.attacked)) : [];
    if (options.reliability) writeWhole(options.reliability, reliabilityChart(found));
    const result = {
      source,
      testImages: test.count,
      accuracy: hitShare(found),
      classes: await byClass(model, test, namesOf(card)),
      calibration: found,
      temperature: { fitted: temperature, calibrationOfTheOtherHalf: scaled },
      outliers,
      robustness,
    };
    progress.stop();
    if (options.json) printJson(result);
    else process.stdout.write(`${report(result)}\n`);
  } finally {
    progress.stop();
  }
}

const COMPONENTS = 50;
/** Training images that neighbours are looked for among, and the principal components fitted to. */
const KNOWN = 5000;

async function judgeOutliers(
  model: JointEnergy,
  train: Labelled,
  test: Labelled,
  sets: readonly [string, Images][],
  onDone: (done: number) => void,
): Promise<JudgedSet[]> {
  const { aurocStandardError, nearestNeighbours, pcaResidual, SCORES, scores } = await import("@basin/jem");
  const size = test.inputs.length / test.count;
  const known = first(train, KNOWN).inputs;
  const pca = pcaResidual(known, size, { components: Math.min(COMPONENTS, size) });
  const near = nearestNeighbours(model, known, { k: Math.min(50, KNOWN, known.length / size) });
  const rules: [string, boolean, (inputs: Images["inputs"]) => ArrayLike<number>][] = [
    ...SCORES.map((name): (typeof rules)[number] => [name, false, (inputs) => scores(model, inputs, name)]),
    ["k-nearest-neighbours", false, (inputs) => near.scores(inputs)],
    [`baseline: residual of ${pca.components} principal components`, true, (inputs) => pca.scores(inputs)],
    ["baseline: brightness", true, (inputs) => brightness(inputs, size)],
  ];
  const inside = rules.map(([, , rule]) => rule(test.inputs));
  const judged: JudgedSet[] = [];
  for (const [outliers, { inputs, count }] of sets) {
    const found = rules.map(([score, baseline, rule], k): Judged => {
      const outside = rule(inputs);
      const metrics = outlierMetrics(inside[k], outside);
      return {
        score,
        baseline,
        ...metrics,
        aurocStandardError: count > 1 ? aurocStandardError(inside[k], outside) : Number.NaN,
        fprAt95InDistributionStandardError: ofShare(metrics.fprAt95InDistribution, count),
        fprAt95OutlierStandardError: ofShare(metrics.fprAt95Outlier, test.count),
      };
    });
    judged.push({ outliers, count, scores: found });
    onDone(judged.length);
  }
  return judged;
}

/** Standard error of a share, with one imagined success and failure so that 0 and 1 have one too (Agresti & Coull 1998). */
function ofShare(share: number, count: number): number {
  const p = (share * count + 1) / (count + 2);
  return Math.sqrt((p * (1 - p)) / (count + 2));
}

/** Mean value of each image: what tells clothes from digits without any model. */
function brightness(inputs: Images["inputs"], size: number): Float32Array {
  const values = floats(inputs);
  return Float32Array.from({ length: values.length / size }, (_, i) => {
    const image = values.subarray(i * size, (i + 1) * size);
    return image.reduce((sum, value) => sum + value, 0) / size;
  });
}

async function attacks(model: JointEnergy, { inputs, labels }: Labelled) {
  const { attack } = await import("@basin/jem");
  return ATTACKS.map((options) => {
    const { inputs: _worst, ...found } = attack(model, inputs, labels, {
      ...options,
      steps: 20,
      restarts: 3,
    });
    return { ...found, images: labels.length, steps: 20, restarts: 3 };
  });
}

async function byClass(
  model: JointEnergy,
  { inputs, labels }: Labelled,
  names: readonly string[],
): Promise<ClassAccuracy[]> {
  const { classify } = await import("@basin/jem");
  const found = classify(model, inputs);
  return names.map((name, label) => {
    const own = found.filter((_, i) => labels[i] === label);
    const hits = own.reduce((sum, guess) => sum + (guess === label ? 1 : 0), 0);
    return { name, testImages: own.length, ...(own.length > 0 && { accuracy: hits / own.length }) };
  });
}

function rest(images: Labelled, from: number): Labelled {
  const size = images.inputs.length / images.count;
  return {
    inputs: images.inputs.subarray(from * size),
    labels: images.labels.subarray(from),
    count: images.count - from,
    shape: images.shape,
  };
}

function hitShare({ bins }: Calibration): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  return bins.reduce((sum, bin) => sum + bin.count * bin.accuracy, 0) / count;
}
