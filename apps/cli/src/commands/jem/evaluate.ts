import type { AttackReport, Calibration, JointModel, MadeOutliers, OutlierSetFigures } from "@basin/jem";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { openModel } from "../../jem/model.ts";
import type { Labeled } from "../../options/datasets.ts";
import type { Split } from "../../options/labeled.ts";
import { integer } from "../../options/readers.ts";
import { names, plot, value, word } from "../../options/settings.ts";
import { table } from "../../output.ts";

const MADE: readonly MadeOutliers[] = ["rotated", "inverted", "shuffled", "noise"];

/** The balls in which test images are attacked. */
const ATTACKS = [
  { norm: "linf", radius: 0.1 },
  { norm: "linf", radius: 0.3 },
  { norm: "l2", radius: 1 },
  { norm: "l2", radius: 2 },
] as const;
const ATTACK = { steps: 20, restarts: 3, seed: 0 };

export default command({
  options: {
    folder: word("<folder>", "what basin jem train wrote"),
    ood: names(`outliers: fashion-mnist, mnist, ${MADE.join(", ")}, or files of images`, MADE),
    attacked: value("<integer>", "test images to attack; 0 leaves robustness out", integer(0, 100_000), 200),
    plot: plot("the reliability diagram"),
  },
  async run({ folder, ood, attacked, plot }, context) {
    const { accuracy, hasOutliers, outlierBenchmark } = await import("@basin/jem");
    const { loadOutliers } = await import("../../jem/outliers.ts");
    const { dataOf, shapeOf } = await import("../../options/labeled.ts");
    const { first } = await import("../../options/datasets.ts");
    const { model, card, images } = await openModel(folder);
    const split = await images();
    const { train, test } = split;
    // Default sets that do not exist for images of this shape are left out.
    const isFit = (name: string) =>
      context.isGiven("ood") || hasOutliers(name as MadeOutliers, shapeOf(test));
    const sets: [string, Labeled["data"]][] = [];
    for (const name of ood.filter(isFit)) sets.push([name, (await loadOutliers(name, test)).data]);
    const { calibration, temperature } = await calibrated(model, split);
    const outliers = await outlierBenchmark(model, {
      ...{ known: train.data, test: test.data, outliers: Object.fromEntries(sets) },
      ...{ signal: context.signal, onProgress: context.progress("outliers") },
    });
    const robustness = attacked > 0 ? await attacks(model, first(test, attacked), context) : [];
    await context.plot(plot, async () => {
      const { reliabilityChart } = await import("../../charts/reliability.ts");
      return reliabilityChart(calibration);
    });
    const { inputs, labels } = dataOf(test);
    return {
      ...{ source: split.source, testImages: labels.length, accuracy: accuracy(model, inputs, labels) },
      ...{ classes: await byClass(model, test, card.classNames), calibration, temperature },
      ...{ outliers, leftOut: ood.filter((name) => !isFit(name)), robustness },
    };
  },
  print: ({
    source,
    testImages,
    accuracy,
    classes,
    calibration,
    temperature,
    outliers,
    leftOut,
    robustness,
  }) => [
    `${source}, ${testImages} test images`,
    `accuracy                    ${accuracy.toFixed(4)}`,
    `of each class               ${classes.map(({ name, accuracy: share }) => `${name} ${share?.toFixed(4) ?? "(no test images)"}`).join(", ")}`,
    `negative log-likelihood     ${calibration.negativeLogLikelihood.toFixed(4)} nats`,
    `Brier score                 ${calibration.brier.toFixed(4)}`,
    `expected calibration error  ${calibration.expectedCalibrationError.toFixed(4)} (adaptive ${calibration.adaptiveCalibrationError.toFixed(4)})`,
    ...(temperature ? [`best temperature            ${temperatureText(temperature)}`] : []),
    ...outliers.flatMap(detectionLines),
    ...(leftOut.length > 0
      ? ["", `left out: ${leftOut.join(", ")}, which need images [height, width] of one channel`]
      : []),
    ...robustnessLines(robustness),
  ],
});

interface Temperature {
  /** 0 if every image of the half is classified correctly, because the likelihood then rises as T falls. */
  readonly fitted: number;
  readonly calibrationOfTheOtherHalf?: Calibration;
}

/**
 * Returns the calibration and, from two images on, the temperature fitted on half of them and judged on the other half.
 */
async function calibrated(
  model: JointModel,
  { test: { data, labels }, classNames: { length: classes } }: Split,
): Promise<{ calibration: Calibration; temperature?: Temperature }> {
  const { calibration, fitTemperature, logitsOf } = await import("@basin/jem");
  const logits = logitsOf(model, data);
  const found = calibration(logits, labels, classes, { of: "logits" });
  if (labels.length < 2) return { calibration: found };
  const half = labels.length >> 1;
  const fitted = fitTemperature(logits.subarray(0, half * classes), labels.subarray(0, half), classes);
  if (fitted === 0) return { calibration: found, temperature: { fitted } };
  const scaled = logits.subarray(half * classes).map((f) => f / fitted);
  const other = calibration(scaled, labels.subarray(half), classes, { of: "logits" });
  return { calibration: found, temperature: { fitted, calibrationOfTheOtherHalf: other } };
}

async function attacks(model: JointModel, { data, labels }: Labeled, { signal }: Context) {
  const { attack } = await import("@basin/jem");
  const reports = [];
  for (const ball of ATTACKS) {
    const { inputs: _worst, ...found } = await attack(model, data, labels, { ...ball, ...ATTACK, signal });
    reports.push({ ...found, images: labels.length, ...ATTACK });
  }
  return reports;
}

async function byClass(model: JointModel, { data, labels }: Labeled, names: readonly string[]) {
  const { classify } = await import("@basin/jem");
  const found = classify(model, data);
  return names.map((name, label) => {
    const own = found.filter((_, i) => labels[i] === label);
    const hits = own.filter((guess) => guess === label).length;
    return { name, testImages: own.length, ...(own.length > 0 && { accuracy: hits / own.length }) };
  });
}

function temperatureText({ fitted, calibrationOfTheOtherHalf: other }: Temperature): string {
  if (other === undefined) return "none: every image of the half that it is fitted to is classified rightly";
  return `${fitted.toFixed(3)}, leaving ${other.expectedCalibrationError.toFixed(4)} on the other half`;
}

function detectionLines({ outliers, count, scores }: OutlierSetFigures): string[] {
  const rows = scores.map((score) => [
    `  ${score.score}`,
    score.auroc.toFixed(4) +
      (score.aurocStandardError === undefined ? "" : ` ± ${score.aurocStandardError.toFixed(4)}`),
    ...[score.auprOutlier, score.auprInDistribution, score.fprAt95InDistribution, score.fprAt95Outlier].map(
      (figure) => figure.toFixed(4),
    ),
  ]);
  const head = [
    `${outliers} (${count} images)`,
    "AUROC ± s.e.",
    "AUPR out",
    "AUPR in",
    "FPR95 in",
    "FPR95 out",
  ];
  return ["", ...table(rows, head)];
}

function robustnessLines(robustness: readonly Omit<AttackReport & { images: number }, "inputs">[]): string[] {
  if (robustness.length === 0) return [];
  const [{ images, accuracy }] = robustness;
  return [
    "",
    `robust accuracy under attack (${images} images, ${accuracy.toFixed(3)} right as they are)`,
    ...robustness.map(
      ({ norm, radius, robustAccuracy }) =>
        `  ${`${norm === "linf" ? "L∞" : "L2"} ≤ ${radius}`.padEnd(46)}${robustAccuracy.toFixed(4)}`,
    ),
  ];
}
