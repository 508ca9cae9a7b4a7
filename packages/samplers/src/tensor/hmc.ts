import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import { type BatchEnergy, inputGradients, normalTensor } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { WalkerKernel } from "../walkers/walkers.ts";
import {
  liftBatch,
  moveBatch,
  type TensorBatch,
  type TensorMove,
  type TensorProposal,
  type TensorWalkers,
} from "./walkers.ts";

/** Options of {@link tensorHmc}. */
export interface HmcOptions {
  /** Trajectories of one application, at least 1. Default 1. */
  iterations?: number;
  /** Leapfrog steps in a trajectory, at least 1. Default 10; 1 is the Metropolis-adjusted Langevin algorithm. */
  steps?: number;
  /** Leapfrog step size ε, above 0. Default 0.1. */
  stepSize?: number;
  /** ε is drawn from ε · [1 − jitter, 1 + jitter] for each trajectory of the batch, in [0, 1). Default 0.2. */
  jitter?: number;
  /** T > 0 of exp(−E/T). Default 1. Walkers at β have exp(−βE/T). */
  temperature?: number;
  /** Walkers of a batch, at least 1, where it is used as a kernel of walkers. Default 64. */
  group?: number;
}

/** A batch after {@link Hmc.run}. The caller disposes of `states`. */
export interface HmcBatch {
  /** The states, `[batch, ...shape]`. */
  readonly states: tf.Tensor;
  /** Mean acceptance probability over the batch and the trajectories. */
  readonly acceptanceProbability: number;
  /** Number of trajectories that ended in a NaN energy or an energy error above 1000 and were refused. */
  readonly divergences: number;
}

/** Hamiltonian Monte Carlo on batches of tensors, ready to run, and a kernel of walkers. */
export interface Hmc extends WalkerKernel<BatchEnergy, Float64Array, TensorWalkers> {
  readonly iterations: number;
  readonly steps: number;
  readonly stepSize: number;
  readonly temperature: number;
  /** Moves each state of the batch `start` by `iterations` trajectories. `start` does not change. */
  run(energy: BatchEnergy, start: tf.Tensor, rng: Rng): HmcBatch;
}

const DIVERGENCE = 1000;

/**
 * Returns Hamiltonian Monte Carlo on tensor batches: each state of the batch is a chain with a separate momentum and a
 * separate Metropolis test on H = E/T + ½|p|² (Duane et al. 1987; Neal 2011). Energies and gradients are evaluated for
 * all at once. exp(−E/T) is invariant up to the rounding of the energies: in single precision, energies near 1e5 have a
 * resolution of 0.008. Tempering, annealed importance sampling and sequential Monte Carlo take it as a kernel: a group
 * of its walkers is one batch.
 *
 * @throws {ArgumentError} for options out of range.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { tensorHmc } from "@basin/samplers/tensor";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const normal = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const { states, acceptanceProbability } = tensorHmc({ iterations: 20, stepSize: 0.5, steps: 3 }).run(normal, tf.zeros([100, 2]), createRng(1));
 * console.log(states.square().mean().dataSync()[0], acceptanceProbability); // about 1
 * ```
 */
export function tensorHmc(options: HmcOptions = {}): Hmc {
  checkOptions("tensorHmc", options, "iterations steps stepSize jitter temperature group");
  const settings: Settings = {
    iterations: checkNumber("iterations", options.iterations ?? 1, { min: 1, integer: true }),
    steps: checkNumber("steps", options.steps ?? 10, { min: 1, integer: true }),
    stepSize: checkNumber("stepSize", options.stepSize ?? 0.1, { above: 0 }),
    jitter: checkNumber("jitter", options.jitter ?? 0.2, { min: 0, max: 0.999 }),
  };
  const temperature = checkNumber("temperature", options.temperature ?? 1, { above: 0 });
  const group = checkNumber("group", options.group ?? 64, { min: 1, integer: true });
  const { iterations, steps, stepSize } = settings;
  const trajectories: TensorMove = {
    name: "hmc",
    propose: (energy, { states }, rng, beta) => trajectory(energy, states, rng, settings, beta / temperature),
  };
  return {
    ...liftBatch(trajectories, { group, iterations }),
    iterations,
    steps,
    stepSize,
    temperature,
    run(energy, start, rng) {
      let batch: TensorBatch = { states: start.clone(), energies: new Float32Array(start.shape[0]) };
      let [acceptance, divergences] = [0, 0];
      for (let k = 0; k < iterations; k++) {
        const { infos, ...next } = moveBatch(trajectories, energy, batch, rng, 1);
        batch.states.dispose();
        batch = next;
        acceptance += infos.reduce((sum, info) => sum + info.acceptanceProbability, 0) / infos.length;
        divergences += infos.filter(({ diverged }) => diverged).length;
      }
      return { states: batch.states, acceptanceProbability: acceptance / iterations, divergences };
    },
  };
}

type Settings = Required<Pick<HmcOptions, "iterations" | "steps" | "stepSize" | "jitter">>;

/** Returns where the trajectories end and the probabilities to go there, by H − H₀ with NaN as +∞. */
function trajectory(
  energy: BatchEnergy,
  start: tf.Tensor,
  rng: Rng,
  { steps, stepSize, jitter }: Settings,
  beta: number,
): TensorProposal {
  const size = stepSize * (jitter === 0 ? 1 : 1 + jitter * (2 * rng.uniform() - 1));
  const kick = -size * beta;
  const ends = tf.tidy(() => {
    let x = start;
    let p = normalTensor(rng, start.shape);
    const kinetic0 = halfSquares(p);
    let at = inputGradients(energy, x);
    const before = at.energies;
    p = p.add(at.gradients.mul(kick / 2));
    for (let k = 1; k <= steps; k++) {
      x = x.add(p.mul(size));
      // Gradients hand out energies that no tidy frees.
      if (k > 1) at.energies.dispose();
      at = inputGradients(energy, x);
      p = p.add(at.gradients.mul(k < steps ? kick : kick / 2));
    }
    return { states: x, before, after: at.energies, kinetic0, kinetic1: halfSquares(p) };
  });
  const { states, ...numbers } = ends;
  const [before, after, k0, k1] = [ends.before, ends.after, ends.kinetic0, ends.kinetic1].map(
    (tensor) => tensor.dataSync().slice() as Float32Array,
  );
  tf.dispose(numbers);
  const errors = Float64Array.from(before, (value, i) => {
    const error = (after[i] - value) * beta + (k1[i] - k0[i]);
    return Number.isNaN(error) ? Infinity : error;
  });
  return {
    states,
    energies: after,
    acceptances: errors.map((error) => (error <= 0 ? 1 : error < Infinity ? exp(-error) : 0)),
    diverged: Uint8Array.from(errors, (error) => Number(!(error <= DIVERGENCE))),
  };
}

function halfSquares(p: tf.Tensor): tf.Tensor {
  return p.square().reshape([p.shape[0], -1]).sum(1).mul(0.5);
}
