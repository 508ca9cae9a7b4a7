import { ArgumentError, checkNumber, restrict } from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, exp, type Rng } from "@basin/energy-core/random";
import { type BatchEnergy, normalTensor } from "@basin/energy-core/tensor";
import type { AnnealedImportance } from "@basin/samplers/internal";
import { annealedImportance } from "@basin/samplers/temper";
import { liftBatch, type TensorMove } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../inputs.ts";

/** Options of {@link boxPartition}. */
export interface BoxPartitionOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** [low, high] of every coordinate. */
  box: readonly [low: number, high: number];
  /** Temperatures from 0 to 1, at least 2. Default 400. */
  temperatures?: number;
  /** Chains in each direction. Default 500. */
  chains?: number;
  /** Draws at β = 1 for the reverse chains, row-major `[chains, ...]`; without them there are none. */
  final?: (rng: Rng, count: number) => Float32Array;
}

/**
 * Proposals at these shares of the box's side, drawn for each step: what moves at high temperature is far too long at
 * low.
 */
const REACHES = [0.3, 0.1, 0.03, 0.01];

/**
 * Resolves to a bracket of log ∫ exp(−E(x)) dx over a box by {@link annealedImportance}, all chains in one batch: from
 * the uniform law on the box along exp(−βE), β rising as the square of equal steps, each followed by one random-walk
 * Metropolis step with a scale of 0.3, 0.1, 0.03 or 0.01 of the side, chosen at random. Steps out of the box are
 * rejected.
 *
 * @example
 * ```ts
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { boxPartition } from "@basin/jem/experiments";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const { forward } = await boxPartition(bowl, { seed: 1, box: [-6, 6], temperatures: 50, chains: 100 });
 * console.log(forward.mean, forward.standardError); // near ln 2π
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export async function boxPartition(
  energy: BatchEnergy,
  options: BoxPartitionOptions,
): Promise<AnnealedImportance> {
  checkOptions("boxPartition", options, "seed box temperatures chains final");
  const { box, final } = options;
  const seed = seedOf(options);
  const [low, high] = box;
  if (!(low < high)) throw new ArgumentError(`box is [${box.join(", ")}], expected low < high`);
  const count = checkNumber("temperatures", options.temperatures ?? 400, { min: 2, integer: true });
  const chains = checkNumber("chains", options.chains ?? 500, { min: 2, integer: true });
  const dimension = sizeOf(energy.can.batch.shape);
  const ends = final?.(createRng(seed).split(FINAL), chains);
  return annealedImportance(restrict(energy, { low, high }), liftBatch(walk(high - low), { group: chains }), {
    seed,
    chains,
    inverseTemperatures: Float64Array.from({ length: count }, (_, k) => (k / (count - 1)) ** 2),
    logPartitionAtStart: dimension * Math.log(high - low),
    initial: (rng) => Float64Array.from({ length: dimension }, () => low + (high - low) * rng.uniform()),
    final:
      ends && ((_, chain) => Float64Array.from(ends.subarray(chain * dimension, (chain + 1) * dimension))),
  });
}

/** Label of the stream that the reverse chains start from, beyond those of the forward ones. */
const FINAL = 2 ** 40;

/** Random-walk Metropolis steps. */
function walk(side: number): TensorMove {
  return {
    name: "random walk",
    propose(energy, batch, rng, beta) {
      const reach = REACHES[rng.index(REACHES.length)] * side;
      const [states, values] = tf.tidy(() => {
        const next = batch.states.add(normalTensor(rng, batch.states.shape, reach));
        return [next, energy.can.batch.energies(next)];
      });
      const energies = values.dataSync().slice() as Float32Array;
      values.dispose();
      const acceptances = Array.from(energies, (there, i) =>
        there < Infinity ? exp(Math.min(0, beta * (batch.energies[i] - there))) : 0,
      );
      return { states, energies, acceptances };
    },
  };
}
