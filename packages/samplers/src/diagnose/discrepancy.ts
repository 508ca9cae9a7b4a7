import { ArgumentError, checkNumber, type DifferentiableEnergy, type Matrix } from "@basin/energy-core";
import { checkLength, checkOptions } from "@basin/energy-core/internal";

/** Options of {@link kernelSteinDiscrepancy}. */
export interface SteinOptions {
  /** Length c of the kernel (c² + |x − y|²)^−½, above 0. Default 1: scale coordinates to unit size first. */
  length?: number;
  /** β of the target exp(−βE). Default 1. */
  inverseTemperature?: number;
}

/**
 * Returns the squared kernel Stein discrepancy between draws and exp(−βE), as the unbiased average of the Stein kernel
 * over pairs: 0 in expectation when the draws have that law, positive otherwise. It needs no normalizer and no
 * reference draws. It detects a bias that R̂ cannot, but not wrong weights of distant modes. Inverse multiquadric
 * kernel (Gorham & Mackey 2017). O(n²) in the draws.
 *
 * @throws {ArgumentError} for fewer than two draws.
 * @throws {DimensionError} when they do not fit the energy.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { kernelSteinDiscrepancy, nuts, sample } from "@basin/samplers";
 *
 * const normal = gaussian({ dimension: 2 });
 * const { chains } = await sample(normal, nuts(), { seed: 1, draws: 200 });
 * console.log(kernelSteinDiscrepancy(normal, { data: chains[0].positions, shape: [200, 2], stride: [2, 1], offset: 0 })); // near 0
 * ```
 */
export function kernelSteinDiscrepancy(
  energy: DifferentiableEnergy,
  draws: Matrix<Float64Array>,
  options: SteinOptions = {},
): number {
  checkOptions("kernelSteinDiscrepancy", options, "length inverseTemperature");
  const [n, d] = draws.shape;
  checkLength("draw", d, energy.space.dimension);
  if (n < 2) throw new ArgumentError(`a discrepancy needs at least two draws, got ${n}`);
  const c = checkNumber("length", options.length ?? 1, { above: 0 });
  const beta = checkNumber("inverseTemperature", options.inverseTemperature ?? 1, { min: 0 });
  const scores = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const gradient = scores.subarray(i * d, (i + 1) * d);
    energy.can.gradient(draws.data.subarray(i * d, (i + 1) * d), gradient);
    for (let k = 0; k < d; k++) gradient[k] *= -beta;
  }
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) sum += steinKernel(draws.data, scores, i * d, j * d, d, c);
  return (2 * sum) / (n * (n - 1));
}

/** s(x)·s(y) k + s(x)·∇_y k + s(y)·∇_x k + Σ ∂²k/∂x∂y for k = (c² + |x − y|²)^−½. */
function steinKernel(
  x: Float64Array,
  scores: Float64Array,
  i: number,
  j: number,
  d: number,
  c: number,
): number {
  let squared = 0;
  let product = 0;
  let across = 0;
  for (let k = 0; k < d; k++) {
    const difference = x[i + k] - x[j + k];
    squared += difference * difference;
    product += scores[i + k] * scores[j + k];
    across += (scores[i + k] - scores[j + k]) * difference;
  }
  const q = c * c + squared;
  const root = Math.sqrt(q);
  return product / root + (across + d) / (q * root) - (3 * squared) / (q * q * root);
}

/** Options of {@link maximumMeanDiscrepancy}. */
export interface MmdOptions {
  /**
   * Length ℓ of the kernel exp(−|x − y|² / 2ℓ²), above 0. Default: the median distance between the draws of both sets.
   */
  length?: number;
}

/**
 * Returns the squared maximum mean discrepancy between two sets of draws, as the unbiased estimate with a Gaussian
 * kernel: 0 in expectation when both have the same law (Gretton et al. 2012). O(n²).
 *
 * @throws {ArgumentError} for fewer than two draws in a set, and when all draws coincide and no length is given.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import type { Matrix } from "@basin/energy-core";
 * import { maximumMeanDiscrepancy, nuts, sample } from "@basin/samplers";
 *
 * const { chains } = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 200 });
 * const matrix = (data: Float64Array): Matrix<Float64Array> => ({ data, shape: [200, 2], stride: [2, 1], offset: 0 });
 * const [a, b] = chains.map(({ positions }) => matrix(positions));
 * console.log(maximumMeanDiscrepancy(a, b)); // near 0
 * ```
 */
export function maximumMeanDiscrepancy(
  a: Matrix<Float64Array>,
  b: Matrix<Float64Array>,
  options: MmdOptions = {},
): number {
  checkOptions("maximumMeanDiscrepancy", options, "length");
  checkLength("draw of the second set", b.shape[1], a.shape[1]);
  if (a.shape[0] < 2 || b.shape[0] < 2) {
    throw new ArgumentError(
      `a discrepancy needs at least two draws a set, got ${a.shape[0]} and ${b.shape[0]}`,
    );
  }
  const length = options.length ?? medianDistance(a, b);
  checkNumber("length", length, { above: 0 });
  return withinMean(a, length) + withinMean(b, length) - 2 * betweenMean(a, b, length);
}

function distance(a: Matrix<Float64Array>, i: number, b: Matrix<Float64Array>, j: number): number {
  const d = a.shape[1];
  let sum = 0;
  for (let k = 0; k < d; k++) sum += (a.data[i * d + k] - b.data[j * d + k]) ** 2;
  return sum;
}

function withinMean(a: Matrix<Float64Array>, length: number): number {
  const n = a.shape[0];
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) sum += Math.exp(-distance(a, i, a, j) / (2 * length * length));
  return (2 * sum) / (n * (n - 1));
}

function betweenMean(a: Matrix<Float64Array>, b: Matrix<Float64Array>, length: number): number {
  let sum = 0;
  for (let i = 0; i < a.shape[0]; i++) {
    for (let j = 0; j < b.shape[0]; j++) sum += Math.exp(-distance(a, i, b, j) / (2 * length * length));
  }
  return sum / (a.shape[0] * b.shape[0]);
}

/** The median distance over at most about 10⁴ pairs, evenly spread. */
function medianDistance(a: Matrix<Float64Array>, b: Matrix<Float64Array>): number {
  const stride = (n: number) => Math.max(1, Math.floor(n / 100));
  const distances: number[] = [];
  for (let i = 0; i < a.shape[0]; i += stride(a.shape[0])) {
    for (let j = 0; j < b.shape[0]; j += stride(b.shape[0])) distances.push(Math.sqrt(distance(a, i, b, j)));
  }
  distances.sort((p, q) => p - q);
  return distances[distances.length >> 1];
}
