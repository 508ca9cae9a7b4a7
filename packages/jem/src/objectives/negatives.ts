import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import {
  type BatchEnergy,
  type EnergiesAndGradients,
  inputGradients,
  normalTensor,
  uniformTensor,
} from "@basin/energy-core/tensor";
import { ReplayBuffer } from "@basin/samplers/internal";
import { type Sgld, type TensorSgldOptions, tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { type PgdOptions, pgd, resolvePgd } from "./pgd.ts";

/** States to compare with data, constants of the gradient. The caller disposes of both tensors. */
export interface NegativeDraw {
  /** `[count, ...shape]`, the k-th made beside the k-th datum. */
  readonly samples: tf.Tensor;
  /** Weights of the pairs, `[count]`; all one when absent. */
  readonly weights?: tf.Tensor1D;
}

/** Where the negatives of an update come from. */
export interface Negatives {
  /** The name it is reported under. */
  readonly name: string;
  /** Returns as many negatives as there are data in `x`, for the parameters as they stand. */
  draw(energy: BatchEnergy, x: tf.Tensor, rng: Rng): NegativeDraw;
}

/** Options of {@link cdNegatives}. */
export interface CdOptions extends TensorSgldOptions {
  /** Standard deviation of normal noise added to the data before the first step. Default 0. */
  startNoise?: number;
}

/**
 * Returns CD-k: chains of `steps` Langevin steps that start at the data (Hinton 2002). The defaults of the steps are
 * those of `sgld` in `@basin/samplers/tensor`.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { cdNegatives } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const negatives = cdNegatives({ steps: 3, stepSize: 0.1 });
 * console.log(negatives.name, negatives.draw(bowl, tf.ones([8, 2]), createRng(1)).samples.shape); // [8, 2]
 * ```
 */
export function cdNegatives(options: CdOptions = {}): Negatives {
  checkOptions(
    "cdNegatives",
    options,
    "startNoise steps stepSize temperature noiseScale box maxGradient direction",
  );
  const { startNoise = 0, ...walk } = options;
  const sampler = tensorSgld(walk);
  checkNumber("startNoise", startNoise, { min: 0 });
  return {
    name: `CD-${sampler.steps}`,
    draw: (energy, x, rng) => ({
      samples: tf.tidy(() => sampler.run(energy, jittered(x, startNoise, rng), rng)),
    }),
  };
}

/**
 * Returns CD-k with weights that replace a Metropolis test (Yair & Michaeli 2021). CD is a game in which a
 * discriminator separates chains from their time reversals. Its gradient weighs the pair of x₀ and x_k by 2σ(log r),
 * where
 *
 * log r = (E(x₀) − E(x_k))/T + Σ_t log q(x_t|x_{t+1}) − log q(x_{t+1}|x_t)
 *
 * and q is the density of a step. In detailed balance r = 1 and all weights are 1: plain CD. Costs one gradient more
 * than CD-k.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { timeReversalNegatives } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const negatives = timeReversalNegatives({ steps: 3, stepSize: 0.1 });
 * console.log(negatives.name, negatives.draw(bowl, tf.ones([8, 2]), createRng(1)).samples.shape); // [8, 2]
 * ```
 *
 * @throws {ArgumentError} for a sampler without noise or with a box, whose steps have no such density.
 */
export function timeReversalNegatives(options: TensorSgldOptions = {}): Negatives {
  checkOptions(
    "timeReversalNegatives",
    options,
    "steps stepSize temperature noiseScale box maxGradient direction",
  );
  const sampler = tensorSgld(options);
  if (!(sampler.noiseScale > 0) || options.box !== undefined) {
    throw new ArgumentError(
      `time-reversal weights need noise and no box; noiseScale is ${sampler.noiseScale}, box ${options.box ?? "absent"}`,
    );
  }
  return {
    name: `CD-${sampler.steps} with time-reversal weights`,
    draw: (energy, x, rng) => weighted(sampler, energy, x, rng),
  };
}

function weighted(
  { steps, stepSize, noiseScale, temperature }: Sgld,
  energy: BatchEnergy,
  start: tf.Tensor,
  rng: Rng,
): NegativeDraw {
  const [samples, weights] = tf.tidy(() => {
    let x = start;
    let here = tidied(inputGradients(energy, x));
    let logRatio: tf.Tensor = here.energies.div(temperature);
    for (let k = 0; k < steps; k++) {
      const noise = normalTensor(rng, x.shape, noiseScale);
      const next = x.sub(here.gradients.mul(stepSize)).add(noise);
      const there = tidied(inputGradients(energy, next));
      // Back from `next`: the noise that the reversed step would have needed.
      const back = x.sub(next).add(there.gradients.mul(stepSize));
      const squares = squaredNorms(noise).sub(squaredNorms(back));
      logRatio = logRatio.add(squares.div(2 * noiseScale ** 2));
      x = next;
      here = there;
    }
    return [x, tf.sigmoid(logRatio.sub(here.energies.div(temperature))).mul(2)];
  });
  return { samples, weights: weights as tf.Tensor1D };
}

/** The same, with the energies given back to the tidy that they were kept from. */
function tidied({ energies, gradients }: EnergiesAndGradients): EnergiesAndGradients {
  const copy = energies.clone();
  energies.dispose();
  return { energies: copy, gradients };
}

/** Options of {@link persistentNegatives}. */
export interface PersistentNegativesOptions extends TensorSgldOptions {
  /** Chains kept. Default 2000. */
  chains?: number;
  /** Probability that a chain starts afresh, in [0, 1]. Default 0.05. */
  restartProbability?: number;
  /** Writes a fresh start. Default: independent uniform draws on [0, 1). */
  fresh?: (rng: Rng, out: Float32Array) => void;
  /**
   * s, above 0: after the Langevin steps each chain may jump to a draw of N(0, s²I) by an independence Metropolis step
   * (Tierney 1994), which keeps exp(−E/T) invariant and lets chains change modes. Use it for states of a few numbers;
   * in many dimensions no jump is accepted. Default: no jumps.
   */
  jumpScale?: number;
}

/**
 * Returns persistent contrastive divergence: `steps` Langevin steps that continue random members of a pool of chains
 * (Tieleman 2008; with restarts Du & Mordatch 2019). The pool is filled from the stream of the first draw.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { persistentNegatives } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const negatives = persistentNegatives({ steps: 3, stepSize: 0.1, chains: 100 });
 * console.log(negatives.name, negatives.draw(bowl, tf.ones([8, 2]), createRng(1)).samples.shape); // [8, 2]
 * ```
 */
export function persistentNegatives(options: PersistentNegativesOptions = {}): Negatives {
  checkOptions(
    "persistentNegatives",
    options,
    "chains restartProbability fresh jumpScale steps stepSize temperature noiseScale box",
    "maxGradient direction",
  );
  const {
    chains: capacity = 2000,
    restartProbability = 0.05,
    fresh = uniformStart,
    jumpScale,
    ...walk
  } = options;
  const sampler = tensorSgld(walk);
  checkNumber("chains", capacity, { min: 1, integer: true });
  checkNumber("restartProbability", restartProbability, { min: 0, max: 1 });
  if (jumpScale !== undefined) checkNumber("jumpScale", jumpScale, { above: 0 });
  let buffer: ReplayBuffer | undefined;
  return {
    name: `PCD-${sampler.steps}`,
    draw(energy, x, rng) {
      const size = x.size / x.shape[0];
      buffer ??= new ReplayBuffer<Float32Array>(
        new Float32Array(capacity * size),
        size,
        fresh,
        rng,
        restartProbability,
      );
      const states = new Float32Array(x.size);
      const places = buffer.draw(rng, states);
      const samples = tf.tidy(() => {
        const moved = sampler.run(energy, tf.tensor(states, x.shape), rng);
        return jumpScale === undefined ? moved : jump(energy, moved, jumpScale, sampler.temperature, rng);
      });
      buffer.put(places, samples.dataSync() as Float32Array);
      return { samples };
    },
  };
}

function uniformStart(rng: Rng, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = rng.uniform();
}

/** One independence Metropolis step with proposals from N(0, scale² I). */
function jump(energy: BatchEnergy, x: tf.Tensor, scale: number, temperature: number, rng: Rng): tf.Tensor {
  const proposal = normalTensor(rng, x.shape, scale);
  const excess = (at: tf.Tensor) =>
    energy.can.batch
      .energies(at)
      .div(temperature)
      .sub(squaredNorms(at).div(2 * scale ** 2));
  const accepted = uniformTensor(rng, [x.shape[0]])
    .log()
    .lessEqual(excess(x).sub(excess(proposal)));
  return tf.where(accepted.reshape([x.shape[0], ...x.shape.slice(1).map(() => 1)]), proposal, x);
}

/** Options of {@link adversarialNegatives}. */
export interface AdversarialOptions extends PgdOptions {
  /** Standard deviation of normal noise added to the data before the first step. Default 0. */
  startNoise?: number;
}

/**
 * Returns adversarial negatives: data plus noise, moved by `steps` steps of projected gradient descent on the energy.
 * This is like CD, but without noise in the steps and within a ball; with the "bce" loss the energy is the
 * discriminator of an adversarial game (Yin, Li & Rohde 2022).
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { adversarialNegatives } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const negatives = adversarialNegatives({ steps: 3, radius: 0.5, startNoise: 0.3 });
 * console.log(negatives.name, negatives.draw(bowl, tf.ones([8, 2]), createRng(1)).samples.shape); // [8, 2]
 * ```
 */
export function adversarialNegatives(options: AdversarialOptions): Negatives {
  checkOptions("adversarialNegatives", options, "startNoise radius norm steps stepSize randomStart box");
  const { startNoise = 0, ...climb } = options;
  checkNumber("startNoise", startNoise, { min: 0 });
  const { steps } = resolvePgd(climb);
  return {
    name: `PGD-${steps}`,
    draw(energy, x, rng) {
      const samples = tf.tidy(() =>
        pgd(
          (at) => energy.can.batch.energies(at).neg() as tf.Tensor1D,
          jittered(x, startNoise, rng),
          rng,
          climb,
        ),
      );
      return { samples };
    },
  };
}

function jittered(x: tf.Tensor, scale: number, rng: Rng): tf.Tensor {
  return scale > 0 ? x.add(normalTensor(rng, x.shape, scale)) : x;
}

function squaredNorms(x: tf.Tensor): tf.Tensor1D {
  return x.square().reshape([x.shape[0], -1]).sum(1);
}
