import { ArgumentError, checkNumber, checkOptions } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { type BatchEnergy, normalTensor, uniformTensor } from "@basin/energy-core/tensor";
import { type PartitionEstimate, partitionEstimate } from "@basin/samplers/temper";
import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../inputs.ts";

/** Options of {@link boxPartition}. */
export interface BoxPartitionOptions {
  seed: number;
  /** [low, high] of every coordinate. */
  box: readonly [low: number, high: number];
  /** Temperatures from 0 to 1, at least 2. Default 400. */
  temperatures?: number;
  /** Chains in each direction. Default 500. */
  chains?: number;
  /** Draws at β = 1 for the reverse chains, row-major `[chains, ...]`; without them there are none. */
  final?: (rng: Rng, count: number) => Float32Array;
}

/** Proposals at these shares of the box's side: what moves at high temperature is far too long at low. */
const REACHES = [0.3, 0.1, 0.03, 0.01];

/**
 * Returns a bracket of log ∫ exp(−E(x)) dx over a box by annealed importance sampling (Neal 2001) and its reverse (Grosse, Ghahramani & Adams
 * 2015), all chains in one batch: from the uniform law on the box along exp(−βE), β rising as the square of equal steps, each followed by one
 * random-walk Metropolis step, whose reach cycles through 0.3, 0.1, 0.03 and 0.01 of the side. Steps out of the box are refused.
 *
 * @example
 * ```ts
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { boxPartition } from "@basin/jem/experiments";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * const { forward, standardError } = boxPartition(bowl, { seed: 1, box: [-6, 6], temperatures: 50, chains: 100 });
 * console.log(forward, standardError); // near ln 2π
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export function boxPartition(energy: BatchEnergy, options: BoxPartitionOptions): PartitionEstimate {
  checkOptions("boxPartition", options, "seed box temperatures chains final");
  const { box, final } = options;
  if (!(box[0] < box[1])) throw new ArgumentError(`box is [${box.join(", ")}], expected low < high`);
  const count = checkNumber("temperatures", options.temperatures ?? 400, { min: 2, integer: true });
  const chains = checkNumber("chains", options.chains ?? 500, { min: 2, integer: true });
  const beta = (k: number) => (k / (count - 1)) ** 2;
  const root = createRng(options.seed);
  const shape = [chains, ...energy.can.batch.shape];
  const dimension = sizeOf(energy.can.batch.shape);
  const start = dimension * Math.log(box[1] - box[0]);

  const up = root.split(0);
  const forward = new Float64Array(chains);
  let state = evaluated(energy, uniformTensor(up, shape, box[0], box[1]));
  for (let k = 0; k + 1 < count; k++) {
    add(forward, state.energies, beta(k) - beta(k + 1));
    state = metropolis(energy, state, beta(k + 1), k, box, up);
  }
  dispose(state);
  const down = root.split(1);
  const reverse = new Float64Array(final ? chains : 0);
  if (final) {
    state = evaluated(energy, tf.tensor(final(down, chains), shape));
    for (let k = count - 1; k > 0; k--) {
      state = metropolis(energy, state, beta(k), k, box, down);
      add(reverse, state.energies, beta(k) - beta(k - 1));
    }
    dispose(state);
  }
  return partitionEstimate(start, forward, reverse);
}

interface State {
  readonly x: tf.Tensor;
  readonly energies: tf.Tensor1D;
}

function evaluated(energy: BatchEnergy, x: tf.Tensor): State {
  return { x, energies: tf.tidy(() => energy.can.batch.energies(x).as1D()) };
}

function dispose({ x, energies }: State): void {
  tf.dispose([x, energies]);
}

/** One random-walk step that keeps exp(−βE) on the box; takes the state over. */
function metropolis(
  energy: BatchEnergy,
  state: State,
  beta: number,
  turn: number,
  [low, high]: readonly [number, number],
  rng: Rng,
): State {
  const [x, energies] = tf.tidy(() => {
    const count = state.x.shape[0];
    const reach = REACHES[turn % REACHES.length] * (high - low);
    const proposal = state.x.add(normalTensor(rng, state.x.shape, reach));
    const there = energy.can.batch.energies(proposal);
    const inside = proposal
      .greaterEqual(low)
      .logicalAnd(proposal.lessEqual(high))
      .reshape([count, -1])
      .all(1);
    const lucky = uniformTensor(rng, [count]).log().lessEqual(state.energies.sub(there).mul(beta));
    const accepted = inside.logicalAnd(lucky);
    const spread = accepted.reshape([count, ...state.x.shape.slice(1).map(() => 1)]);
    return [tf.where(spread, proposal, state.x), tf.where(accepted, there, state.energies)];
  });
  dispose(state);
  return { x, energies: energies as tf.Tensor1D };
}

function add(sums: Float64Array, energies: tf.Tensor1D, factor: number): void {
  const values = energies.dataSync();
  for (let i = 0; i < sums.length; i++) sums[i] += factor * values[i];
}
