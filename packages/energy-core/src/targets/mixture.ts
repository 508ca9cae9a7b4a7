import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { oneEach } from "../internal/one-each.ts";
import { type MatrixLike, matrix, row, toMatrix, type VectorLike } from "../matrix.ts";
import { categorical } from "../random/discrete.ts";
import { exp, log } from "../random/math.ts";
import { LOG_TWO_PI, type Target } from "./target.ts";

/** The options of {@link gaussianMixture}. */
export interface GaussianMixtureOptions {
  /** μ_k, one a row: components × n. */
  means: MatrixLike;
  /** σ_k, above 0: the standard deviation of component k in every direction; one number for all. Default 1. */
  standardDeviations?: number | VectorLike;
  /** Relative weights w_k, above 0; normalized. Default all equal. */
  weights?: VectorLike;
}

/**
 * Returns a mixture of isotropic Gaussians, E(x) = −log Σ_k w_k N(x; μ_k, σ_k²), normalized so that log Z = 0.
 *
 * @example
 * ```ts
 * import { gaussianMixture } from "@basin/energy-core/targets";
 *
 * const two = gaussianMixture({ means: [[-3], [3]] });
 * console.log(two.covariance.data[0]); // 10
 * ```
 *
 * @throws {DimensionError} when lengths do not agree; {ArgumentError} for weights or deviations out of range.
 */
export function gaussianMixture(options: GaussianMixtureOptions): Target {
  checkOptions("gaussianMixture", options, "means standardDeviations weights");
  const means = toMatrix(options.means, Float64Array, "means");
  const [components, n] = means.shape;
  checkNumber("number of components", components, { min: 1 });
  checkNumber("dimension", n, { min: 1 });
  const sd = oneEach("standardDeviations", options.standardDeviations ?? 1, components, { above: 0 });
  const weights = oneEach("weights", options.weights ?? 1, components, { above: 0 });
  const total = weights.reduce((sum, w) => sum + w, 0);
  for (let k = 0; k < components; k++) weights[k] /= total;
  const constants = weights.map((w, k) => log(w) - n * (0.5 * LOG_TWO_PI + log(sd[k])));
  const logTerms = new Float64Array(components);
  const energy = differentiable(n, (x, gradient) => {
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      let squares = 0;
      for (let i = 0; i < n; i++) squares += (x[i] - means.data[k * n + i]) ** 2;
      logTerms[k] = constants[k] - squares / (2 * sd[k] * sd[k]);
      highest = Math.max(highest, logTerms[k]);
    }
    let sum = 0;
    for (let k = 0; k < components; k++) sum += logTerms[k] = exp(logTerms[k] - highest);
    gradient.fill(0);
    for (let k = 0; k < components; k++) {
      const pull = logTerms[k] / sum / (sd[k] * sd[k]);
      for (let i = 0; i < n; i++) gradient[i] += pull * (x[i] - means.data[k * n + i]);
    }
    return -highest - log(sum);
  });
  return {
    ...energy,
    name: "gaussianMixture",
    ...momentsOf(means.data, n, sd, weights),
    logPartition: 0,
    sample(rng) {
      const k = categorical(rng, weights);
      return row(means, k).map((m) => m + sd[k] * rng.normal());
    },
  };
}

function momentsOf(means: Float64Array, n: number, sd: Float64Array, weights: Float64Array) {
  const mean = new Float64Array(n);
  for (const [k, w] of weights.entries()) for (let i = 0; i < n; i++) mean[i] += w * means[k * n + i];
  const covariance = new Float64Array(n * n);
  for (const [k, w] of weights.entries()) {
    for (let i = 0; i < n; i++) {
      covariance[i * n + i] += w * sd[k] * sd[k];
      for (let j = 0; j < n; j++) {
        covariance[i * n + j] += w * (means[k * n + i] - mean[i]) * (means[k * n + j] - mean[j]);
      }
    }
  }
  return { mean, covariance: matrix(covariance, n, n) };
}
