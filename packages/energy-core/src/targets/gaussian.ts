import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { cholesky, inverseFromCholesky } from "../cholesky.ts";
import { ArgumentError, checkLength, checkNumber, DimensionError } from "../errors.ts";
import { type MatrixLike, matrix, toMatrix, toVector, type VectorLike } from "../matrix.ts";
import { log } from "../random/math.ts";
import { diagonalData, LOG_TWO_PI, type Target } from "./target.ts";

/** The options of {@link gaussian}: one of `covariance`, `standardDeviations` and `dimension` sets the dimension. */
export interface GaussianOptions {
  /** n, when neither `covariance` nor `standardDeviations` says it. */
  dimension?: number;
  /** μ, length n. Default 0. */
  mean?: VectorLike;
  /** Σ, n × n, symmetric positive definite. */
  covariance?: MatrixLike;
  /** Standard deviations, length n. Default 1, or spread by `conditionNumber`. */
  standardDeviations?: VectorLike;
  /** κ ≥ 1: variances spaced evenly in their logarithm from 1/κ to 1. Default 1. */
  conditionNumber?: number;
  /** ρ in (−1/(n − 1), 1): the correlation of every pair of coordinates. Default 0. */
  correlation?: number;
}

/**
 * Returns the Gaussian E(x) = ½ (x − μ)ᵀ Σ⁻¹ (x − μ), with Σ given as a matrix, or as standard deviations σ and a
 * common correlation ρ: Σ_ij = σ_i σ_j (ρ + (1 − ρ) δ_ij).
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const narrow = gaussian({ dimension: 100, conditionNumber: 1e4 });
 * console.log(narrow.covariance.data[0]); // 1e-4
 * ```
 *
 * @throws {ArgumentError} when Σ is not symmetric positive definite or options contradict each other.
 * @throws {DimensionError} when lengths do not agree.
 */
export function gaussian(options: GaussianOptions): Target {
  checkOptions(
    "gaussian",
    options,
    "dimension mean covariance standardDeviations conditionNumber correlation",
  );
  return options.covariance === undefined && (options.correlation ?? 0) === 0
    ? independent(options)
    : correlated(options);
}

/**
 * Without the covariance matrix, which is made where it is asked for: thousands of coordinates cost no more than their
 * number.
 */
function independent(options: GaussianOptions): Target {
  const sd = scalesOf(options);
  const n = sd.length;
  const mean = meanOf(options, n);
  const variances = sd.map((s) => s * s);
  let covariance: Target["covariance"] | undefined;
  return {
    ...separable(
      mean,
      variances.map((variance) => 1 / variance),
    ),
    name: "gaussian",
    mean,
    get covariance() {
      covariance ??= matrix(diagonalData(variances), n, n);
      return covariance;
    },
    logPartition: logPartitionOf(variances.map(Math.sqrt)),
    sample(rng) {
      const z = mean.map(() => rng.normal());
      return mean.map((m, i) => m + Math.sqrt(variances[i]) * z[i]);
    },
  };
}

function correlated(options: GaussianOptions): Target {
  const covariance = covarianceOf(options);
  const n = covariance.shape[0];
  const mean = meanOf(options, n);
  const lower = cholesky(covariance.data, n, "covariance");
  const diagonal = covariance.data.every((value, k) => value === 0 || k % (n + 1) === 0);
  const quadratic = diagonal
    ? separable(
        mean,
        Float64Array.from(mean, (_, i) => 1 / covariance.data[i * (n + 1)]),
      )
    : coupled(mean, inverseFromCholesky(lower, n));
  return {
    ...quadratic,
    name: "gaussian",
    mean,
    covariance,
    logPartition: logPartitionOf(Float64Array.from(mean, (_, i) => lower[i * (n + 1)])),
    sample(rng) {
      const z = Float64Array.from(mean, () => rng.normal());
      return mean.map((m, i) => {
        let sum = m;
        for (let k = 0; k <= i; k++) sum += lower[i * n + k] * z[k];
        return sum;
      });
    },
  };
}

function meanOf(options: GaussianOptions, n: number): Float64Array {
  const mean = toVector(options.mean ?? new Float64Array(n), "mean");
  checkLength("mean", mean.length, n);
  return Float64Array.from(mean);
}

/** (n/2) log 2π + Σ log L_ii. */
function logPartitionOf(pivots: Float64Array): number {
  return pivots.reduce((sum, pivot) => sum + log(pivot), (pivots.length / 2) * LOG_TWO_PI);
}

function scalesOf({ conditionNumber, ...options }: GaussianOptions): Float64Array {
  const standardDeviations =
    options.standardDeviations && toVector(options.standardDeviations, "standardDeviations");
  if (standardDeviations !== undefined && conditionNumber !== undefined) {
    throw new ArgumentError("standardDeviations and conditionNumber were both given; give one");
  }
  const n = checkNumber("dimension", options.dimension ?? standardDeviations?.length ?? Number.NaN, {
    min: 1,
    integer: true,
  });
  if (standardDeviations !== undefined) checkLength("standardDeviations", standardDeviations.length, n);
  const kappa = checkNumber("conditionNumber", conditionNumber ?? 1, { min: 1 });
  return Float64Array.from({ length: n }, (_, i) =>
    standardDeviations === undefined
      ? Math.sqrt(kappa ** (n > 1 ? i / (n - 1) - 1 : 0))
      : checkNumber(`standardDeviations[${i}]`, standardDeviations[i], { above: 0 }),
  );
}

function covarianceOf(options: GaussianOptions) {
  const { covariance, standardDeviations, conditionNumber, correlation = 0 } = options;
  if (covariance !== undefined) {
    if (standardDeviations !== undefined || conditionNumber !== undefined || correlation !== 0) {
      throw new ArgumentError("covariance was given together with options that describe another one");
    }
    return symmetric(covariance);
  }
  const sd = scalesOf(options);
  const n = sd.length;
  checkNumber("correlation", correlation, { above: n > 1 ? -1 / (n - 1) : -1, max: 1 - 1e-12 });
  const data = diagonalData(sd.map((s) => s * s));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i] = correlation * sd[i] * sd[j];
  }
  return matrix(data, n, n);
}

function symmetric(covariance: MatrixLike) {
  const copy = toMatrix(covariance, Float64Array, "covariance");
  const [rows, columns] = copy.shape;
  if (rows !== columns || rows === 0) {
    throw new DimensionError(`covariance has shape [${rows}, ${columns}], expected a square matrix`);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [copy.data[i * rows + j], copy.data[j * rows + i]];
      if (a !== b)
        throw new ArgumentError(`covariance is not symmetric: (${i}, ${j}) is ${a}, (${j}, ${i}) is ${b}`);
    }
  }
  return copy;
}

function separable(mean: Float64Array, precisions: Float64Array) {
  return differentiable(mean.length, (x, gradient) => {
    let energy = 0;
    for (let i = 0; i < mean.length; i++) {
      const d = x[i] - mean[i];
      gradient[i] = precisions[i] * d;
      energy += gradient[i] * d;
    }
    return 0.5 * energy;
  });
}

function coupled(mean: Float64Array, precision: Float64Array) {
  const n = mean.length;
  const d = new Float64Array(n);
  return differentiable(n, (x, gradient) => {
    for (let i = 0; i < n; i++) d[i] = x[i] - mean[i];
    let energy = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, k = i * n; j < n; j++, k++) sum += precision[k] * d[j];
      gradient[i] = sum;
      energy += sum * d[i];
    }
    return 0.5 * energy;
  });
}
