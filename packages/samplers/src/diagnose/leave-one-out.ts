import { ArgumentError, checkNumber, DimensionError, logSumExp, type NdArrayLike } from "@basin/energy-core";
import { checkOptions, kindOf } from "@basin/energy-core/internal";
import { LEAST_DRAWS, whyUndefined } from "./chains.ts";
import { effectiveSampleSize } from "./effective-sample-size.ts";
import { paretoSmooth } from "./pareto-smooth.ts";

/** Options of {@link leaveOneOut}. */
export interface LeaveOneOutOptions {
  /**
   * Effective draws a draw, for all observations. Default: of each, that of its likelihoods exp(log p(y_i | θ)) over
   * the chains.
   */
  relativeEfficiency?: number;
}

/** How well a model predicts each observation from the others. */
export interface LeaveOneOut {
  /** Σ_i log p(y_i | y_−i): the expected log density of new observations. High is good. */
  readonly expectedLogDensity: number;
  /** √(n · variance of the terms). */
  readonly standardError: number;
  /** How much the sum falls by leaving out: the effective number of parameters. */
  readonly effectiveParameters: number;
  /** log p(y_i | y_−i) of each observation. */
  readonly pointwise: Float64Array;
  /** k̂ of each observation. */
  readonly shapes: Float64Array;
  /** The k̂ up to which a term is good, min(1 − 1/log₁₀ S, 0.7). */
  readonly maxShape: number;
  /** Relative efficiency of each observation. */
  readonly relativeEfficiencies: Float64Array;
  /** Which terms are not to be trusted. */
  readonly warnings: readonly string[];
}

/**
 * Returns the leave-one-out cross-validation of a model from its draws alone, by Pareto-smoothed importance sampling
 * (PSIS-LOO; Vehtari, Gelman & Gabry 2017): log p(y_i | y_−i) = log Σ_s w_is p(y_i | θ_s), w_is ∝ 1/p(y_i | θ_s),
 * smoothed by {@link paretoSmooth}.
 *
 * @param logLikelihood log p(y_i | θ_s) as an ndarray `[chains, draws, observations]`; {@link deriveDraws} and
 * {@link drawsArray} make one. Not energies: log densities, high where the observation is likely.
 * @throws {DimensionError} for another shape. @throws {ArgumentError} for a log likelihood that is not finite.
 *
 * @example
 * ```ts
 * import { differentiable } from "@basin/energy-core";
 * import { deriveDraws, drawsArray, leaveOneOut, nuts, sample } from "@basin/samplers";
 *
 * // Normal observations of unknown mean.
 * const y = [0.3, -0.9, 1.4, 0.2, 6];
 * const energy = differentiable(1, ([mu], out) => {
 *   out[0] = y.reduce((sum, value) => sum + mu - value, 0);
 *   return y.reduce((sum, value) => sum + 0.5 * (value - mu) ** 2, 0);
 * });
 * const draws = await sample(energy, nuts(), { seed: 1 });
 * const names = y.map((_, i) => `y[${i}]`);
 * const log = ([mu]: Float64Array) => y.map((value) => -0.5 * (value - mu) ** 2 - 0.5 * Math.log(2 * Math.PI));
 * const { expectedLogDensity, standardError } = leaveOneOut(drawsArray(deriveDraws(draws, names, log)));
 * console.log(expectedLogDensity, "±", standardError);
 * ```
 */
export function leaveOneOut(logLikelihood: NdArrayLike, options: LeaveOneOutOptions = {}): LeaveOneOut {
  checkOptions("leaveOneOut", options, "relativeEfficiency");
  const { relativeEfficiency } = options;
  if (relativeEfficiency !== undefined) checkNumber("relativeEfficiency", relativeEfficiency, { above: 0 });
  const columns = observationsOf(logLikelihood);
  const n = columns.length;
  const [chains, draws] = logLikelihood.shape;
  const count = chains * draws;
  const pointwise = new Float64Array(n);
  const shapes = new Float64Array(n);
  const relativeEfficiencies = new Float64Array(n);
  let inSample = 0;
  for (const [i, column] of columns.entries()) {
    const efficiency = relativeEfficiency ?? efficiencyOf(column, chains);
    const smoothed = paretoSmooth(
      column.map((value) => -value),
      { relativeEfficiency: efficiency },
    );
    pointwise[i] = logSumExp(smoothed.logWeights.map((weight, s) => weight + column[s]));
    shapes[i] = smoothed.shape;
    relativeEfficiencies[i] = efficiency;
    inSample += logSumExp(column) - Math.log(count);
  }
  const sum = pointwise.reduce((total, value) => total + value, 0);
  const squares = pointwise.reduce((total, value) => total + (value - sum / n) ** 2, 0);
  const maxShape = Math.min(1 - 1 / Math.log10(count), 0.7);
  return {
    expectedLogDensity: sum,
    standardError: Math.sqrt(squares),
    effectiveParameters: inSample - sum,
    ...{ pointwise, shapes, maxShape, relativeEfficiencies },
    warnings: shapeWarnings(shapes, maxShape),
  };
}

function shapeWarnings(shapes: Float64Array, largest: number): string[] {
  const bad = [...shapes.entries()].filter(([, shape]) => !(shape <= largest));
  if (bad.length === 0) return [];
  const [first, shape] = bad[0];
  return [
    `${bad.length} of ${shapes.length} observations have a k-hat above ${largest.toFixed(2)}, the first of them ${first} (${shape.toFixed(2)}): each sways the posterior so much that their terms are not to be trusted. Fit without them, or use a model with heavier tails.`,
  ];
}

/** Returns log p of each observation, chain after chain. */
function observationsOf(logLikelihood: NdArrayLike): Float64Array[] {
  if (!Array.isArray(logLikelihood?.shape))
    throw new DimensionError(
      `the log likelihood is ${kindOf(logLikelihood)}, expected an ndarray [chains, draws, observations]`,
    );
  const { data, shape, stride, offset = 0 } = logLikelihood;
  if (shape.length !== 3 || shape[0] < 1 || shape[1] < LEAST_DRAWS || shape[2] < 1) {
    throw new DimensionError(
      `the log likelihood has the shape [${shape.join(", ")}], expected [chains, draws, observations] with at least ${LEAST_DRAWS} draws`,
    );
  }
  const [chains, draws, n] = shape;
  const [byChain, byDraw, byObservation] = stride ?? [draws * n, n, 1];
  return Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: chains * draws }, (_, s) => {
      const [chain, draw] = [Math.floor(s / draws), s % draws];
      const value = data[offset + chain * byChain + draw * byDraw + i * byObservation];
      if (Number.isFinite(value)) return value;
      throw new ArgumentError(
        `the log likelihood of observation ${i} at draw ${draw} of chain ${chain} is ${value}, expected a finite number`,
      );
    }),
  );
}

/** Effective draws a draw of the likelihoods; 1 where they do not vary. */
function efficiencyOf(column: Float64Array, chains: number): number {
  const top = column.reduce((most, value) => Math.max(most, value), -Infinity);
  const draws = column.length / chains;
  const likelihoods = Array.from({ length: chains }, (_, c) =>
    column.subarray(c * draws, (c + 1) * draws).map((value) => Math.exp(value - top)),
  );
  return whyUndefined(likelihoods) ? 1 : effectiveSampleSize(likelihoods, { of: "mean" }) / column.length;
}
