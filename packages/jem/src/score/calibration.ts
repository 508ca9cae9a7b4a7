import { ArgumentError, checkLength, checkNumber } from "@basin/energy-core";

/** How far stated probabilities are to be believed. */
export interface Calibration {
  /** Mean −log p(label), in nats. */
  readonly negativeLogLikelihood: number;
  /** Mean Σ_y (p_y − [y is the label])², from 0 to 2 (Brier 1950). */
  readonly brier: number;
  /** Σ over bins of share · |accuracy − confidence|, the confidence being the largest probability (Guo et al. 2017). */
  readonly expectedCalibrationError: number;
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
 * @throws {ArgumentError} for no labels, a label out of range, or a probability outside [0, 1].
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
  }
  return {
    negativeLogLikelihood: logarithms / n,
    brier: squares / n,
    expectedCalibrationError: sums.reduce((sum, bin) => sum + Math.abs(bin.hits - bin.confidence), 0) / n,
    bins: sums
      .filter(({ count }) => count > 0)
      .map(({ count, confidence, hits }) => ({
        count,
        confidence: confidence / count,
        accuracy: hits / count,
      })),
  };
}
