import { ArgumentError, checkLength, checkNumber } from "@basin/energy-core";

/** How far stated probabilities are to be believed. */
export interface Calibration {
  /** Mean −log p(label), in nats. */
  readonly negativeLogLikelihood: number;
  /** Mean Σ_y (p_y − [y is the label])², from 0 to 2 (Brier 1950). */
  readonly brier: number;
  /** Σ over bins of share · |accuracy − confidence|, the confidence being the largest probability (Guo et al. 2017). */
  readonly expectedCalibrationError: number;
  /** The same over bins of equal count in place of equal width: the adaptive bins of Nixon et al. (2019), for the likeliest class alone. */
  readonly adaptiveCalibrationError: number;
  /** The bins of a reliability diagram, of equal width in confidence; empty ones are left out. */
  readonly bins: readonly {
    readonly count: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
}

/**
 * Returns how well class probabilities are calibrated.
 *
 * @param probabilities p(y|x), row-major `[labels.length, classes]`.
 * @param bins number of confidence bins. Default 15.
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
 * @throws {ArgumentError} for no labels, a label out of range, a probability outside [0, 1], or a number of bins or classes below 1.
 * @throws {DimensionError} when `probabilities` is not a row of `classes` for each label.
 */
export function calibration(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  { bins = 15 }: { bins?: number } = {},
): Calibration {
  checkNumber("bins", bins, { min: 1, integer: true });
  checkNumber("classes", classes, { min: 1, integer: true });
  const n = labels.length;
  if (n === 0) throw new ArgumentError("no labels were given, expected at least one");
  checkLength("probabilities", probabilities.length, n * classes);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, hits: 0 }));
  const judged: { confidence: number; hit: boolean }[] = [];
  let [logarithms, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const label = checkNumber(`label ${i}`, labels[i], { min: 0, max: classes - 1, integer: true });
    let best = 0;
    for (let y = 0; y < classes; y++) {
      const at = i * classes + y;
      const p = checkNumber(`probability ${at}`, probabilities[at], { min: 0, max: 1 + 1e-6 });
      if (p > probabilities[i * classes + best]) best = y;
      squares += (p - (y === label ? 1 : 0)) ** 2;
    }
    logarithms -= Math.log(probabilities[i * classes + label]);
    const confidence = probabilities[i * classes + best];
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))];
    bin.count++;
    bin.confidence += confidence;
    if (best === label) bin.hits++;
    judged.push({ confidence, hit: best === label });
  }
  return {
    negativeLogLikelihood: logarithms / n,
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
 * Returns the temperature T that makes softmax(f/T) most likely on held-out data (temperature scaling: Guo et al. 2017): above 1 for a
 * model that is too sure of itself. Dividing logits by T scales every energy and so leaves classes and energy rankings of E(x, y) as they are.
 *
 * @param logits f(x), row-major `[labels.length, classes]`.
 * @throws {ArgumentError} for no labels, a label out of range, or logits that are not finite.
 *
 * @example
 * ```ts
 * import { fitTemperature } from "@basin/jem";
 *
 * // Twice as sure as it should be: right three times in four with log-odds of 2 log 3.
 * const f = 2 * Math.log(3);
 * console.log(fitTemperature([f, 0, f, 0, f, 0, f, 0], [0, 0, 0, 1], 2)); // 2
 * ```
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  checkNumber("classes", classes, { min: 1, integer: true });
  if (labels.length === 0) throw new ArgumentError("no labels were given, expected at least one");
  checkLength("logits", logits.length, labels.length * classes);
  for (let i = 0; i < logits.length; i++) checkNumber(`logit ${i}`, logits[i]);
  for (let i = 0; i < labels.length; i++)
    checkNumber(`label ${i}`, labels[i], { min: 0, max: classes - 1, integer: true });
  // The slope of the loss in β = 1/T rises, since log-sum-exp is convex: bisect it on a logarithmic scale.
  let [low, high] = [Math.log(1e-3), Math.log(1e3)];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (lossSlope(logits, labels, classes, Math.exp(middle)) > 0) high = middle;
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
