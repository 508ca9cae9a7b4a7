import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { type BatchEnergy, normalTensor } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Objective } from "./objective.ts";

/** Options of {@link denoisingScoreMatching}. */
export interface DenoisingOptions {
  /** σ of the noise, above 0: the model learns the data's law convolved with N(0, σ²). Default 0.1. */
  noise?: number;
}

/**
 * Returns denoising score matching (Vincent 2011): with x̃ = x + σε, ε ~ N(0, I), the loss ½ E‖σ∇E(x̃) − ε‖², whose
 * minimum over all energies has ∇E = −∇log(p ∗ N(0, σ²I)). It needs no sampling, but does not learn the weights of
 * distant components.
 *
 * @param energy must be twice differentiable by tfjs: built of `applyModel` or the functions of
 * `@basin/energy-core/tensor`.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { denoisingScoreMatching } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const precision = tf.variable(tf.scalar(1));
 * const energy = tensorEnergy([1], (x) => x.square().sum(1).mul(precision).mul(0.5));
 * const objective = denoisingScoreMatching(energy);
 * const batch = { x: tf.ones([4, 1]) };
 * const constants = objective.prepare(batch, createRng(1));
 * console.log(objective.loss(batch, constants).dataSync()[0]);
 * ```
 */
export function denoisingScoreMatching(energy: BatchEnergy, options: DenoisingOptions = {}): Objective {
  checkOptions("denoisingScoreMatching", options, "noise");
  const sigma = checkNumber("noise", options.noise ?? 0.1, { above: 0 });
  const gradient = gradientOf(energy);
  return {
    name: "denoising score matching",
    prepare: ({ x }, rng) => [normalTensor(rng, x.shape)],
    loss: ({ x }, [noise]) =>
      tf.tidy(() => {
        const error = gradient(x.add(noise.mul(sigma)))
          .mul(sigma)
          .sub(noise);
        return error
          .square()
          .sum()
          .mul(0.5 / x.shape[0]) as tf.Scalar;
      }),
  };
}

/** Options of {@link slicedScoreMatching}. */
export interface SlicedOptions {
  /** Directions drawn for each datum, at least 1. Default 1. */
  projections?: number;
}

/**
 * Returns sliced score matching with the variance reduced (Song, Garg, Shi & Ermon 2019), for s = −∇E and v ~ N(0, I):
 * the loss E[vᵀ(∂s/∂x)v + ½‖s‖²], which equals ½E‖s − ∇log p‖² up to a constant of the data.
 *
 * @param energy must be three times differentiable by tfjs: built of `applyModel` or the functions of
 * `@basin/energy-core/tensor`.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { slicedScoreMatching } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const precision = tf.variable(tf.scalar(1));
 * const energy = tensorEnergy([1], (x) => x.square().sum(1).mul(precision).mul(0.5));
 * const objective = slicedScoreMatching(energy);
 * const batch = { x: tf.ones([4, 1]) };
 * const constants = objective.prepare(batch, createRng(1));
 * console.log(objective.loss(batch, constants).dataSync()[0]);
 * ```
 */
export function slicedScoreMatching(energy: BatchEnergy, options: SlicedOptions = {}): Objective {
  checkOptions("slicedScoreMatching", options, "projections");
  const projections = checkNumber("projections", options.projections ?? 1, { min: 1, integer: true });
  const gradient = gradientOf(energy);
  return {
    name: "sliced score matching",
    prepare: ({ x }, rng) => [normalTensor(rng, [projections * x.shape[0], ...x.shape.slice(1)])],
    loss: ({ x }, [directions]) =>
      tf.tidy(() => {
        const repeated = projections === 1 ? x : tf.concat(Array.from({ length: projections }, () => x));
        const curvature = tf.grad((at: tf.Tensor) => gradient(at).mul(directions).sum())(repeated);
        const squares = gradient(repeated).square().sum().mul(0.5);
        return squares.sub(curvature.mul(directions).sum()).div(repeated.shape[0]) as tf.Scalar;
      }),
  };
}

/** ∇E of each state of a batch. */
function gradientOf(energy: BatchEnergy): (x: tf.Tensor) => tf.Tensor {
  return tf.grad((x: tf.Tensor) => energy.can.batch.energies(x).sum());
}
