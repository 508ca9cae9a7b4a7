import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkLength, checkList, checkName, checkOptions } from "@basin/energy-core/internal";
import { checkLabels } from "../labels.ts";
import { softmax } from "../outliers/softmax.ts";

/** How far stated probabilities are to be believed. */
export interface Calibration {
  /** Mean −log p(label), in nats. */
  readonly negativeLogLikelihood: number;
  /** Mean Σ_y (p_y − [y is the label])², from 0 to 2 (Brier 1950). */
  readonly brier: number;
  /** Σ over bins of share · |accuracy − confidence|, the confidence being the largest probability (Guo et al. 2017). */
  readonly expectedCalibrationError: number;
  /**
   * The same over bins of equal count in place of equal width: the adaptive bins of Nixon et al. (2019), for the
   * likeliest class alone.
   */
  readonly adaptiveCalibrationError: number;
  /** The bins of a reliability diagram, of equal width in confidence; empty ones are left out. */
  readonly bins: readonly {
    readonly count: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
}

/** Options of {@link calibration}. */
export interface CalibrationOptions {
  /** Number of confidence bins. Default 15. */
  bins?: number;
  /** The kind of numbers. Default "probabilities". Logits always have a finite likelihood. */
  of?: "probabilities" | "logits";
}

/**
 * Returns how well class probabilities are calibrated. A label of probability 0 makes the likelihood infinite.
 * Probabilities in float32 are 0 beyond 103 nats, so pass logits, or {@link probabilities}, which are in double
 * precision.
 *
 * @param numbers p(y|x), or f(x) with `of: "logits"`, row-major `[labels.length, classes]`.
 *
 * @example
 * ```ts
 * import { calibration } from "@basin/jem";
 *
 * // Right three times in four, as stated.
 * const p = [0.75, 0.25];
 * const { expectedCalibrationError, brier } = calibration([...p, ...p, ...p, ...p], [0, 0, 0, 1], 2);
 * console.log(expectedCalibrationError, brier); // 0 0.375
 * ```
 *
 * @throws {ArgumentError} for no labels, labels that are not classes from 0 on, probabilities outside [0, 1] or that do
 * not sum to 1, logits that are not finite, or a number of bins or classes below 1.
 * @throws {DimensionError} when there is not a row of `classes` numbers for each label.
 */
export function calibration(
  numbers: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  options: CalibrationOptions = {},
): Calibration {
  checkOptions("calibration", options, "bins of");
  const { bins = 15, of = "probabilities" } = options;
  checkNumber("bins", bins, { min: 1, integer: true });
  checkName("of", of, ["probabilities", "logits"] as const);
  const n = checkRows(of === "logits" ? "logit" : "probability", numbers, labels, classes);
  const p = of === "logits" ? softmax(numbers, classes) : checkProbabilities(numbers, classes);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, hits: 0 }));
  const judged: { confidence: number; hit: boolean }[] = [];
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let y = 0; y < classes; y++) {
      if (p[i * classes + y] > p[i * classes + best]) best = y;
      squares += (p[i * classes + y] - (y === labels[i] ? 1 : 0)) ** 2;
    }
    const confidence = p[i * classes + best];
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))];
    bin.count++;
    bin.confidence += confidence;
    if (best === labels[i]) bin.hits++;
    judged.push({ confidence, hit: best === labels[i] });
  }
  return {
    negativeLogLikelihood:
      of === "logits" ? lossOfLogits(numbers, labels, classes) / n : lossOf(p, labels, classes) / n,
    brier: squares / n,
    expectedCalibrationError: sums.reduce((sum, bin) => sum + Math.abs(bin.hits - bin.confidence), 0) / n,
    adaptiveCalibrationError: adaptiveError(judged, bins),
    bins: sums
      .filter(({ count }) => count > 0)
      .map(({ count, confidence, hits }) => ({
        count,
        confidence: confidence / count,
        accuracy: hits / count,
      })),
  };
}

/** Returns how many rows there are, each of finite numbers. */
function checkRows(
  name: string,
  numbers: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  checkNumber("classes", classes, { min: 1, integer: true });
  const count = checkList(`what was given as each ${name}`, numbers).length / classes;
  checkLabels(labels, classes, Number.isInteger(count) ? count : undefined);
  if (labels.length === 0) throw new ArgumentError("no labels were given, expected at least one");
  checkLength("numbers", numbers.length, labels.length * classes);
  for (let i = 0; i < numbers.length; i++) checkNumber(`${name} ${i}`, numbers[i]);
  return labels.length;
}

/** Rounding that a row of float32 probabilities may show. */
const ROUNDING = 1e-3;

function checkProbabilities(p: ArrayLike<number>, classes: number): ArrayLike<number> {
  for (let at = 0; at < p.length; at += classes) {
    let sum = 0;
    for (let k = at; k < at + classes; k++)
      sum += checkNumber(`probability ${k}`, p[k], { min: 0, max: 1 + 1e-6 });
    if (Math.abs(sum - 1) > ROUNDING)
      throw new ArgumentError(
        `the probabilities of input ${at / classes} sum to ${sum}, expected 1: of logits, say { of: "logits" }`,
      );
  }
  return p;
}

function lossOf(p: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  return Array.from(labels).reduce((sum, label, i) => sum - Math.log(p[i * classes + label]), 0);
}

/** Σ_i [log Σ_y exp(f_y) − f_label], which no f makes infinite. */
function lossOfLogits(f: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  return Array.from(labels).reduce((sum, label, i) => {
    let most = Number.NEGATIVE_INFINITY;
    for (let y = 0; y < classes; y++) most = Math.max(most, f[i * classes + y]);
    let total = 0;
    for (let y = 0; y < classes; y++) total += Math.exp(f[i * classes + y] - most);
    return sum + Math.log(total) + most - f[i * classes + label];
  }, 0);
}

function adaptiveError(judged: { confidence: number; hit: boolean }[], bins: number): number {
  const sorted = [...judged].sort((a, b) => a.confidence - b.confidence);
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * sorted.length) / bins);
    const to = Math.floor(((bin + 1) * sorted.length) / bins);
    let difference = 0;
    for (const { confidence, hit } of sorted.slice(from, to)) difference += Number(hit) - confidence;
    sum += Math.abs(difference);
  }
  return sum / sorted.length;
}

/**
 * Returns the temperature T that makes softmax(f/T) most likely on held-out data (temperature scaling: Guo et al.
 * 2017): above 1 for an overconfident model. Dividing logits by T scales every energy, so classes and rankings by E(x,
 * y) do not change. The likelihood may have no maximum at a finite T: the result is 0 if every label has the largest
 * logit of its row, and +∞ if labels are no likelier than by chance.
 *
 * @param logits f(x), row-major `[labels.length, classes]`.
 * @throws {ArgumentError} for no labels, labels that are not classes from 0 on, logits that are not finite, and rows of
 * equal logits, which every temperature leaves as they are.
 *
 * @example
 * ```ts
 * import { fitTemperature } from "@basin/jem";
 *
 * // Twice as sure as it should be: right three times in four with log-odds of 2 log 3.
 * const f = 2 * Math.log(3);
 * console.log(fitTemperature([f, 0, f, 0, f, 0, f, 0], [0, 0, 0, 1], 2)); // 2
 * console.log(fitTemperature([5, 0, 0, 5], [0, 1], 2), fitTemperature([5, 0, 0, 5], [1, 0], 2)); // 0 Infinity
 * ```
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  checkRows("logit", logits, labels, classes);
  const row = (i: number) => Array.from({ length: classes }, (_, y) => logits[i * classes + y]);
  const rows = Array.from(labels, (label, i) => ({ label, row: row(i), most: Math.max(...row(i)) }));
  if (rows.every(({ row, most }) => row.every((f) => f === most)))
    throw new ArgumentError(
      `the logits of each of ${labels.length} inputs are equal, so that every temperature is as likely`,
    );
  if (rows.every(({ row, label, most }) => row[label] === most)) return 0;
  if (lossSlope(logits, labels, classes, 0) >= 0) return Number.POSITIVE_INFINITY;
  // The slope of the loss in β = 1/T rises, since log-sum-exp is convex: bisect it on a logarithmic scale, between
  // bounds of either sign.
  let [low, high] = [Math.log(1e-3), Math.log(1e3)];
  const slope = (middle: number) => lossSlope(logits, labels, classes, Math.exp(middle));
  while (slope(low) > 0) low -= 5;
  while (slope(high) < 0) high += 5;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) high = middle;
    else low = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** d/dβ Σ_i [log Σ_y exp(β f_y) − β f_label]. */
function lossSlope(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  beta: number,
): number {
  let slope = 0;
  for (let i = 0; i < labels.length; i++) {
    const at = i * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let y = 0; y < classes; y++) largest = Math.max(largest, logits[at + y]);
    let [sum, weighted] = [0, 0];
    for (let y = 0; y < classes; y++) {
      const weight = Math.exp(beta * (logits[at + y] - largest));
      sum += weight;
      weighted += weight * logits[at + y];
    }
    slope += weighted / sum - logits[at + labels[i]];
  }
  return slope;
}
