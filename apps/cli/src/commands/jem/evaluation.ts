import type { OutlierMetrics } from "@basin/energy-core";
import type { AttackReport, Calibration } from "@basin/jem";

/** One score's figures against one set, with standard errors. */
export interface Judged extends OutlierMetrics {
  readonly score: string;
  /** Absent where a set holds a single image. */
  readonly fprAt95InDistributionStandardError: number;
  readonly fprAt95OutlierStandardError: number;
  /** Whether the score knows nothing of the model. */
  readonly baseline: boolean;
}

export interface JudgedSet {
  readonly outliers: string;
  readonly count: number;
  readonly scores: readonly Judged[];
}

/** The balls that test images are attacked in. */
export const ATTACKS = [
  { norm: "linf", radius: 0.1 },
  { norm: "linf", radius: 0.3 },
  { norm: "l2", radius: 1 },
  { norm: "l2", radius: 2 },
] as const;

/** How many test images of a class are classified rightly; no share where there are none. */
export interface ClassAccuracy {
  readonly name: string;
  readonly testImages: number;
  readonly accuracy?: number;
}

/** What an evaluation found. */
export interface Evaluation {
  readonly source: string;
  readonly testImages: number;
  readonly accuracy: number;
  readonly classes: readonly ClassAccuracy[];
  readonly calibration: Calibration;
  /** Absent where there is one test image. */
  readonly temperature?: {
    /** 0 where every image of the half is classified rightly, so that the likelihood rises as T falls. */
    readonly fitted: number;
    readonly calibrationOfTheOtherHalf?: Calibration;
  };
  readonly outliers: readonly JudgedSet[];
  /** Sets that would have been judged, had the images the shape for it. */
  readonly leftOut: readonly string[];
  readonly robustness: readonly Omit<AttackReport & { images: number }, "inputs">[];
}

/** Returns an evaluation as lines of text. */
export function report({
  source,
  testImages,
  accuracy,
  classes,
  calibration,
  temperature,
  outliers,
  leftOut,
  robustness,
}: Evaluation): string {
  const lines = [
    `${source}, ${testImages} test images`,
    `accuracy                    ${accuracy.toFixed(4)}`,
    `of each class               ${classes.map(({ name, accuracy: share }) => `${name} ${share?.toFixed(4) ?? "(no test images)"}`).join(", ")}`,
    `negative log-likelihood     ${calibration.negativeLogLikelihood.toFixed(4)} nats`,
    `Brier score                 ${calibration.brier.toFixed(4)}`,
    `expected calibration error  ${calibration.expectedCalibrationError.toFixed(4)} (adaptive ${calibration.adaptiveCalibrationError.toFixed(4)})`,
    ...(temperature ? [`best temperature            ${temperatureLine(temperature)}`] : []),
  ];
  for (const set of outliers) lines.push("", ...detectionLines(set));
  if (leftOut.length > 0)
    lines.push("", `left out: ${leftOut.join(", ")}, which need images [height, width] of one channel`);
  lines.push(...robustnessLines(robustness));
  return lines.join("\n");
}

function temperatureLine({
  fitted,
  calibrationOfTheOtherHalf: other,
}: Required<Evaluation>["temperature"]): string {
  if (other === undefined) return "none: every image of the half that it is fitted to is classified rightly";
  return `${fitted.toFixed(3)}, leaving ${other.expectedCalibrationError.toFixed(4)} on the other half`;
}

function detectionLines(set: JudgedSet): string[] {
  const title = `${set.outliers} (${set.count} images)`.padEnd(48);
  return [
    `${title}AUROC ± s.e.      AUPR out  AUPR in  FPR95 in  FPR95 out`,
    ...set.scores.map((score) => {
      const error = score.aurocStandardError;
      const figures = [
        score.auroc.toFixed(4) + (error === undefined ? " ".repeat(9) : ` ± ${error.toFixed(4)}`),
        `  ${score.auprOutlier.toFixed(4)}`,
        `  ${score.auprInDistribution.toFixed(4)}`,
        ` ${score.fprAt95InDistribution.toFixed(4)}`,
        `   ${score.fprAt95Outlier.toFixed(4)}`,
      ];
      return `  ${score.score.padEnd(46)}${figures.join("  ")}`;
    }),
  ];
}

function robustnessLines(robustness: Evaluation["robustness"]): string[] {
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
