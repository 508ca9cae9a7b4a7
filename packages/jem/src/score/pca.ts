import { checkNumber, DimensionError } from "@basin/energy-core";
import * as tf from "@tensorflow/tfjs";
import { floatRows, type Inputs } from "../inputs.ts";

/** A linear model of inputs, as a baseline that any outlier score should beat. */
export interface PcaResidual {
  readonly components: number;
  /** Returns the squared distance of each input to the affine subspace of the leading components; higher is more outlying. */
  scores(inputs: Inputs): Float32Array;
}

const ROUNDS = 12;

/**
 * Returns the squared residual of a principal component analysis, a baseline for outlier scores: ‖(x − μ) − V Vᵀ(x − μ)‖² with V
 * the leading eigenvectors of the covariance, found by orthogonal iteration from a fixed start.
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 * @param components number of leading eigenvectors, from 1 to `size`. Default 50.
 *
 * @example
 * ```ts
 * import { pcaResidual } from "@basin/jem";
 *
 * const diagonal = Float32Array.of(0, 0, 1, 1, 2, 2);
 * const model = pcaResidual(diagonal, 2, { components: 1 });
 * console.log(model.scores(Float32Array.of(3, 3, 0, 1))); // 0 on the diagonal, 0.5 off it, up to rounding
 * ```
 *
 * @throws {DimensionError} when `inputs` is not whole rows of `size`, at least two of them.
 * @throws {ArgumentError} for a number of components out of range: inputs of fewer than 50 coordinates need one given.
 */
export function pcaResidual(
  inputs: Inputs,
  size: number,
  { components = 50 }: { components?: number } = {},
): PcaResidual {
  checkNumber("components", components, { min: 1, max: size, integer: true });
  const count = inputs.length / size;
  if (!Number.isInteger(count) || count < 2) {
    throw new DimensionError(`inputs has length ${inputs.length}, expected at least two rows of ${size}`);
  }
  const { mean, covariance } = covarianceOf(inputs, size, count);
  const basis = leadingEigenvectors(covariance, size, components);
  return {
    components,
    scores: (batch) => {
      const rows = batch.length / size;
      if (!Number.isInteger(rows))
        throw new DimensionError(`batch has length ${batch.length}, expected whole rows of ${size}`);
      return tf.tidy(() => {
        const centered = tf
          .tensor2d(floatRows(batch, size, 0, rows), [rows, size])
          .sub(tf.tensor2d(mean, [1, size])) as tf.Tensor2D;
        const coordinates = tf.matMul(centered, tf.tensor2d(basis, [size, components]));
        return centered.square().sum(1).sub(coordinates.square().sum(1)).dataSync() as Float32Array;
      });
    },
  };
}

function covarianceOf(inputs: Inputs, size: number, count: number) {
  return tf.tidy(() => {
    const rows = tf.tensor2d(floatRows(inputs, size, 0, count), [count, size]);
    const mean = rows.mean(0, true);
    const centered = rows.sub(mean) as tf.Tensor2D;
    const covariance = tf.matMul(centered.transpose() as tf.Tensor2D, centered).div(count);
    return { mean: mean.dataSync() as Float32Array, covariance: covariance.dataSync() as Float32Array };
  });
}

/** Orthogonal iteration from the coordinates of largest variance; returns `[size, components]`, row-major. */
function leadingEigenvectors(covariance: Float32Array, size: number, components: number): Float32Array {
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => covariance[b * size + b] - covariance[a * size + a] || a - b,
  );
  // Vectors are kept as rows here, where neighbors in memory are what the inner loops walk.
  let vectors: Float64Array[] = order
    .slice(0, components)
    .map((i) => Float64Array.from(covariance.subarray(i * size, (i + 1) * size)));
  orthonormalize(vectors);
  for (let round = 0; round < ROUNDS; round++) {
    vectors = vectors.map((vector) => multiply(covariance, vector));
    orthonormalize(vectors);
  }
  const basis = new Float32Array(size * components);
  for (const [k, vector] of vectors.entries())
    for (let i = 0; i < size; i++) basis[i * components + k] = vector[i];
  return basis;
}

function multiply(symmetric: Float32Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, i) => {
    let sum = 0;
    for (let j = 0, at = i * size; j < size; j++, at++) sum += symmetric[at] * vector[j];
    return sum;
  });
}

/** Modified Gram–Schmidt; a vector that depends on those before it becomes zero and drops out of the model. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  for (const [k, vector] of vectors.entries()) {
    const before = Math.sqrt(dot(vector, vector));
    for (const earlier of vectors.slice(0, k)) {
      const share = dot(vector, earlier);
      for (let i = 0; i < vector.length; i++) vector[i] -= share * earlier[i];
    }
    const length = Math.sqrt(dot(vector, vector));
    const factor = length > 1e-10 * before ? 1 / length : 0;
    for (let i = 0; i < vector.length; i++) vector[i] *= factor;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
