import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { type BatchEnergy, inputGradients, normalTensor } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";

/** Options of {@link tensorSgld}. */
export interface TensorSgldOptions {
  /** Steps of one application, at least 1. Default 20. */
  steps?: number;
  /** a, above 0. Default 1. */
  stepSize?: number;
  /** Temperature T ≥ 0 of the target; the noise is s = √(2aT). Default 1. Never together with `noiseScale`. */
  temperature?: number;
  /** Noise scale s ≥ 0. {@link Sgld.temperature} then gives the implied temperature. */
  noiseScale?: number;
  /** States are clamped to [low, high] after each step. Default: no clamping. */
  box?: readonly [low: number, high: number];
  /**
   * Each component of the gradient is clamped to ±`maxGradient`. Default: no clamping. With limit ε/a this is the
   * proximal step of JEM++ (Yang & Ji 2021), x ← x − clamp(a ∇E, ±ε).
   */
  maxGradient?: number;
  /**
   * "sign" follows the sign of the gradient, as projected gradient descent in the maximum norm does. Default
   * "gradient".
   */
  direction?: "gradient" | "sign";
}

/**
 * The options of {@link tensorSgld} with all defaults, as plain data, for engines with their own code for the steps.
 */
export interface SgldSettings {
  readonly steps: number;
  readonly stepSize: number;
  readonly noiseScale: number;
  /** Infinite where nothing is clamped. */
  readonly box: readonly [low: number, high: number];
  readonly maxGradient: number;
  readonly direction: "gradient" | "sign";
}

/** Langevin dynamics on batches of tensors, ready to run. */
export interface Sgld {
  readonly steps: number;
  readonly stepSize: number;
  readonly noiseScale: number;
  /** s²/(2a): the temperature of the stationary law as a → 0. */
  readonly temperature: number;
  /** All of it as data; absent from a sampler that is not {@link tensorSgld}'s. */
  readonly settings?: SgldSettings;
  /** Returns the batch after `steps` steps from `start`, which does not change. The caller disposes of the result. */
  run(energy: BatchEnergy, start: tf.Tensor, rng: Rng): tf.Tensor;
}

/**
 * Returns unadjusted Langevin dynamics on tensor batches, x ← x − a ∇E(x) + s ξ with ξ ~ N(0, 1) (Welling & Teh 2011
 * without the minibatch), whose stationary temperature is s²/(2a) as a → 0. There is no Metropolis test: on a Gaussian
 * of precision λ the variance is T/(λ(1 − aλ/2)), not T/λ. JEM's published a = 1, s = 0.01 imply T = 5e-5.
 *
 * @throws {ArgumentError} for numbers out of range, and when `temperature` and `noiseScale` are both given.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { tensorSgld } from "@basin/samplers/tensor";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const normal = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * tensorSgld({ steps: 20, stepSize: 0.1 }).run(normal, tf.zeros([100, 2]), createRng(1)).print();
 * ```
 */
export function tensorSgld(options: TensorSgldOptions = {}): Sgld {
  checkOptions("tensorSgld", options, "steps stepSize temperature noiseScale box maxGradient direction");
  const steps = checkNumber("steps", options.steps ?? 20, { min: 1, integer: true });
  const stepSize = checkNumber("stepSize", options.stepSize ?? 1, { above: 0 });
  const noiseScale = resolveNoise(options, stepSize);
  const { box } = options;
  if (box && !(box[0] < box[1])) throw new ArgumentError(`box is [${box.join(", ")}], expected low < high`);
  const settings: SgldSettings = {
    steps,
    stepSize,
    noiseScale,
    box: box ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    maxGradient:
      options.maxGradient === undefined
        ? Number.POSITIVE_INFINITY
        : checkNumber("maxGradient", options.maxGradient, { above: 0 }),
    direction: checkName("direction", options.direction ?? "gradient", DIRECTIONS),
  };
  return {
    steps,
    stepSize,
    noiseScale,
    temperature: noiseScale ** 2 / (2 * stepSize),
    settings,
    run(energy, start, rng) {
      let x = start.clone();
      for (let k = 0; k < steps; k++) {
        const next = takeStep(settings, energy, x, rng);
        x.dispose();
        x = next;
      }
      return x;
    },
  };
}

const DIRECTIONS = ["gradient", "sign"] as const;

function takeStep(settings: SgldSettings, energy: BatchEnergy, x: tf.Tensor, rng: Rng): tf.Tensor {
  const { stepSize, noiseScale, box, maxGradient, direction } = settings;
  return tf.tidy(() => {
    const { energies, gradients } = inputGradients(energy, x);
    energies.dispose();
    const clamped = maxGradient < Infinity ? gradients.clipByValue(-maxGradient, maxGradient) : gradients;
    const way = direction === "sign" ? tf.sign(clamped) : clamped;
    const drifted = x.sub(way.mul(stepSize));
    const moved = noiseScale > 0 ? drifted.add(normalTensor(rng, x.shape, noiseScale)) : drifted;
    return Number.isFinite(box[0]) || Number.isFinite(box[1]) ? moved.clipByValue(box[0], box[1]) : moved;
  });
}

function resolveNoise({ temperature, noiseScale }: TensorSgldOptions, stepSize: number): number {
  if (noiseScale === undefined) {
    return Math.sqrt(2 * stepSize * checkNumber("temperature", temperature ?? 1, { min: 0 }));
  }
  if (temperature !== undefined) {
    throw new ArgumentError(
      `temperature (${temperature}) and noiseScale (${noiseScale}) were both given; give one`,
    );
  }
  return checkNumber("noiseScale", noiseScale, { min: 0 });
}
