import type { Calibration, JointEnergy } from "@basin/jem";
import type { Command } from "commander";
import { integer, jsonOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { judgeOutliers } from "./detection.ts";
import { ATTACKS, type ClassAccuracy, report } from "./evaluation.ts";
import { imagesOf, loadModel, namesOf } from "./files.ts";
import { first, type Images, type Labeled, type Split } from "./images.ts";
import { loadOutliers, MADE, suits } from "./outliers.ts";
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
      [...MADE],
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

async function evaluateAction(folder: string, options: Options, command: Command): Promise<void> {
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  await useWasm();
  const { model, card } = await loadModel(tf, folder);
  const split = await imagesOf(card);
  const { train, test, source } = split;
  // Named sets are checked before any time is spent.
  const chosen = choose(options.ood, command.getOptionValueSource("ood") === "default", test.shape);
  const sets: [string, Images][] = [];
  for (const name of chosen.sets) sets.push([name, await loadOutliers(name, test)]);
  const progress = startProgress("evaluate", sets.length + 1);
  try {
    const { found, temperature } = await calibrated(model, split);
    const outliers = await judgeOutliers(model, train, test, sets, (done) => progress.update(done));
    const robustness = options.attacked > 0 ? await attacks(model, first(test, options.attacked)) : [];
    if (options.reliability) writeWhole(options.reliability, reliabilityChart(found));
    const result = {
      source,
      testImages: test.count,
      accuracy: hitShare(found),
      classes: await byClass(model, test, namesOf(card)),
      calibration: found,
      ...(temperature && { temperature }),
      outliers,
      leftOut: chosen.leftOut,
      robustness,
    };
    progress.stop();
    if (options.json) printJson(result);
    else process.stdout.write(`${report(result)}\n`);
  } finally {
    progress.stop();
  }
}

/** Of the sets that nobody asked for by name, leaves out those that images of a shape cannot have. */
function choose(names: readonly string[], byDefault: boolean, shape: readonly number[]) {
  const isFit = (name: string) => !byDefault || suits(name, shape);
  return { sets: names.filter(isFit), leftOut: names.filter((name) => !isFit(name)) };
}

async function calibrated(model: JointEnergy, { test, classes }: Split) {
  const { calibration, fitTemperature, logitsOf } = await import("@basin/jem");
  const judge = (logits: Float32Array, labels: Uint8Array) =>
    calibration(logits, labels, classes, { of: "logits" });
  const logits = logitsOf(model, test.inputs);
  const found = judge(logits, test.labels);
  if (test.count < 2) return { found };
  // Half of the test images choose the temperature, the other half judge it.
  const half = test.count >> 1;
  const fitted = fitTemperature(logits.subarray(0, half * classes), test.labels.subarray(0, half), classes);
  const scaled = logits.subarray(half * classes).map((f) => f / fitted);
  return {
    found,
    temperature: {
      fitted,
      ...(fitted > 0 && { calibrationOfTheOtherHalf: judge(scaled, test.labels.subarray(half)) }),
    },
  };
}

async function attacks(model: JointEnergy, { inputs, labels }: Labeled) {
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
  { inputs, labels }: Labeled,
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

function hitShare({ bins }: Calibration): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  return bins.reduce((sum, bin) => sum + bin.count * bin.accuracy, 0) / count;
}
