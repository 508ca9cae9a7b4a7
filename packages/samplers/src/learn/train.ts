import { ArgumentError, checkNumber, checkOptions, type LearnableEnergy } from "@basin/energy-core";
import { createRng, permutation, type Rng } from "@basin/energy-core/random";
import { type Progress, pacer, type RunOptions } from "@basin/energy-core/run";
import { contrastiveGradient } from "./gradient.ts";
import type { NegativePhase } from "./negatives.ts";

/** Options of {@link maximizeLikelihood}. `onProgress` is called after every update. */
export interface LikelihoodOptions extends RunOptions<UpdateProgress> {
  /** Seed of batches and negatives. */
  seed: number;
  /** Parameter updates. Default 1000. */
  updates?: number;
  /** Positives an update; all data when larger. Default 64. */
  batchSize?: number;
  /** Step against the gradient: a number, or a function of the update from 0. Default 0.01. */
  learningRate?: number | ((update: number) => number);
  /** Share of the last step that is kept, in [0, 1). Default 0. */
  momentum?: number;
  /** Adds weightDecay · θ to the gradient. Default 0. */
  weightDecay?: number;
}

/** What one update did; `done` and `total` count updates. */
export interface UpdateProgress extends Progress {
  /** Mean energy of the positives minus that of the negatives. */
  readonly energyGap: number;
  /** Length of the gradient. */
  readonly gradientNorm: number;
}

/** What the training did. */
export interface LikelihoodReport {
  readonly updates: number;
  /** One value an update. A gap near zero is not convergence: look at long chains of the trained model too. */
  readonly energyGap: Float64Array;
  readonly gradientNorm: Float64Array;
}

/**
 * Trains `energy` on `data` by stochastic maximum likelihood, θ ← θ − η (E_data[∂E/∂θ] − E_model[∂E/∂θ]), with the model's
 * expectation from `negatives` (contrastive divergence, persistent chains or a replay buffer). Changes `energy.can.parameters.values` in place.
 *
 * @throws {ArgumentError} without data. @throws {EnergyValueError} when a gradient is not finite: θ is then what it was before.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { heatBath } from "@basin/samplers";
 * import { maximizeLikelihood, persistentChains } from "@basin/samplers/learn";
 *
 * const pair = denseQuadratic([[0, 0], [0, 0]]);
 * const data = [Int8Array.of(1, 1), Int8Array.of(-1, -1), Int8Array.of(1, -1)];
 * await maximizeLikelihood(pair, data, persistentChains(heatBath(), { chains: 50 }), { seed: 1, updates: 100 });
 * console.log(pair.can.parameters.values);
 * ```
 */
export async function maximizeLikelihood<E extends LearnableEnergy<X>, X>(
  energy: E & LearnableEnergy<X>,
  data: readonly NoInfer<X>[],
  negatives: NegativePhase<NoInfer<E>, NoInfer<X>>,
  options: LikelihoodOptions,
): Promise<LikelihoodReport> {
  checkOptions(
    "maximizeLikelihood",
    options,
    "seed updates batchSize learningRate momentum weightDecay signal onProgress",
  );
  const updates = checkNumber("updates", options.updates ?? 1000, { min: 1, integer: true });
  const batchSize = checkNumber("batchSize", options.batchSize ?? 64, { min: 1, integer: true });
  const momentum = checkNumber("momentum", options.momentum ?? 0, { min: 0, max: 0.9999 });
  const weightDecay = checkNumber("weightDecay", options.weightDecay ?? 0, { min: 0 });
  const { learningRate = 0.01 } = options;
  if (data.length === 0) throw new ArgumentError("there are no data to learn from");
  const root = createRng(options.seed);
  const nextBatch = batches(data, batchSize, root.split(0));
  const rng = root.split(1);
  const parameters = energy.can.parameters.values;
  const gradient = new Float64Array(parameters.length);
  const velocity = new Float64Array(parameters.length);
  const report = { updates, energyGap: new Float64Array(updates), gradientNorm: new Float64Array(updates) };
  const pace = pacer({ signal: options.signal });
  for (let update = 0; update < updates; update++) {
    const positives = nextBatch();
    const { energyGap, norm } = contrastiveGradient(
      energy,
      positives,
      negatives.draw(energy, positives, rng),
      gradient,
    );
    const rate = typeof learningRate === "number" ? learningRate : learningRate(update);
    checkNumber("learningRate", rate, { above: 0 });
    for (let i = 0; i < parameters.length; i++) {
      velocity[i] = momentum * velocity[i] - rate * (gradient[i] + weightDecay * parameters[i]);
      parameters[i] += velocity[i];
    }
    report.energyGap[update] = energyGap;
    report.gradientNorm[update] = norm;
    options.onProgress?.({ done: update + 1, total: updates, energyGap, gradientNorm: norm });
    if (pace.due) await pace.breathe();
  }
  return report;
}

/** Returns a source of batches: the data in random order, shuffled anew for every epoch. */
function batches<X>(data: readonly X[], batchSize: number, rng: Rng): () => X[] {
  const size = Math.min(batchSize, data.length);
  let order = permutation(rng, data.length);
  let at = 0;
  return () => {
    if (at + size > order.length) {
      order = permutation(rng, data.length);
      at = 0;
    }
    const batch = Array.from(order.subarray(at, at + size), (index) => data[index]);
    at += size;
    return batch;
  };
}
