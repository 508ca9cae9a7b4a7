import { ArgumentError, checkNumber, type LearnableEnergy } from "@basin/energy-core";
import { checkKind, checkOptions, checksum, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng, type RngState, restoreRng } from "@basin/energy-core/random";
import type { CheckpointOptions, Progress, RunOptions } from "@basin/energy-core/run";
import { Batches, type BatchesState } from "./batches.ts";
import { contrastiveGradient } from "./gradient.ts";
import type { Learner, UpdatePlace } from "./learner.ts";
import { learn } from "./loop.ts";
import { momentumStep } from "./momentum.ts";
import type { NegativePhase } from "./negatives.ts";
import type { LearningRate } from "./rates.ts";

/**
 * Options of {@link maximizeLikelihood}. `onProgress` is called after every update. A checkpoint needs negatives that
 * can save their chains or have none.
 */
export interface LikelihoodOptions extends RunOptions<UpdateProgress>, CheckpointOptions {
  /** Seed of batches and negatives. Default: drawn, and reported in the result. */
  seed?: number;
  /** Parameter updates. Default 1000. */
  updates?: number;
  /** Positives an update; all data when larger. Default 64. */
  batchSize?: number;
  /** Step against the gradient. Default 0.01. */
  learningRate?: LearningRate;
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

/**
 * Trains `energy` on `data` by stochastic maximum likelihood, θ ← θ − η (E_data[∂E/∂θ] − E_model[∂E/∂θ]), with the
 * model's expectation from `negatives` (contrastive divergence, persistent chains, a replay buffer or chains at several
 * temperatures): {@link learn} with a learner of any energy with parameters. Changes `energy.can.parameters.values` in
 * place.
 *
 * @throws {ArgumentError} without data.
 * @throws {EnergyValueError} when a gradient is not finite: θ is then what it was before.
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
  options: LikelihoodOptions = {},
): Promise<{
  readonly updates: number;
  /** One value for each update. A gap near zero is not convergence: also look at long chains of the trained model. */
  readonly energyGap: Float64Array;
  readonly gradientNorm: Float64Array;
  /** The seed used. */
  readonly seed: number;
}> {
  checkOptions(
    "maximizeLikelihood",
    options,
    "seed updates batchSize learningRate momentum weightDecay checkpoint checkpointEvery signal onProgress",
  );
  const updates = checkNumber("updates", options.updates ?? 1000, { min: 1, integer: true });
  const batchSize = checkNumber("batchSize", options.batchSize ?? 64, { min: 1, integer: true });
  const momentum = checkNumber("momentum", options.momentum ?? 0, { min: 0, max: 0.9999 });
  const weightDecay = checkNumber("weightDecay", options.weightDecay ?? 0, { min: 0 });
  const { learningRate = 0.01 } = options;
  const seed = seedOf(options);
  if (data.length === 0) throw new ArgumentError("there are no data to learn from");
  const isRight = typeof negatives?.draw === "function";
  checkKind("what draws negatives", negatives, isRight, "a rule such as persistentChains(heatBath())");
  const learner = new LikelihoodLearner<E, X>(energy, data, negatives, {
    ...{ seed, updates, batchSize, momentum, weightDecay },
  });
  const fingerprint = () => ({
    ...{ seed, updates, batchSize, momentum, weightDecay, negatives: negatives.name },
    parameters: checksum(Float64Array.from(energy.can.parameters.values)),
    data: checksum(Float64Array.from(data, (x) => energy.energy(x))),
  });
  const identity = { format: "maximizeLikelihood", version: 1, fingerprint };
  const { signal, onProgress, checkpoint, checkpointEvery } = options;
  await learn(learner, {
    ...{ updates, learningRate, identity, signal, onProgress, checkpoint, checkpointEvery },
  });
  const { energyGap, gradientNorm } = learner;
  return { updates, energyGap, gradientNorm, seed };
}

interface Plan extends Required<Pick<LikelihoodOptions, "seed" | "updates" | "batchSize" | "momentum">> {
  readonly weightDecay: number;
}

interface LikelihoodState<X> {
  readonly parameters: Float64Array;
  readonly velocity: Float64Array;
  readonly energyGap: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly batches: BatchesState;
  readonly rng: RngState;
  readonly chains: readonly X[] | undefined;
}

/**
 * Any energy with parameters, one state at a time: both expectations are means over states, and steps have momentum.
 */
class LikelihoodLearner<E extends LearnableEnergy<X>, X>
  implements Learner<LikelihoodState<X>, Pick<UpdateProgress, "energyGap" | "gradientNorm">>
{
  readonly energyGap: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly #energy: E & LearnableEnergy<X>;
  readonly #data: readonly X[];
  readonly #negatives: NegativePhase<E, X>;
  readonly #plan: Plan;
  readonly #batches: Batches;
  readonly #gradient: Float64Array;
  readonly #velocity: Float64Array;
  #rng: Rng;

  constructor(
    energy: E & LearnableEnergy<X>,
    data: readonly X[],
    negatives: NegativePhase<E, X>,
    plan: Plan,
  ) {
    this.#energy = energy;
    this.#data = data;
    this.#negatives = negatives;
    this.#plan = plan;
    const root = createRng(plan.seed);
    this.#batches = new Batches(data.length, plan.batchSize, root.split(0));
    this.#rng = root.split(1);
    const { length } = energy.can.parameters.values;
    this.#gradient = new Float64Array(length);
    this.#velocity = new Float64Array(length);
    this.energyGap = new Float64Array(plan.updates);
    this.gradientNorm = new Float64Array(plan.updates);
  }

  async update({ update, learningRate }: UpdatePlace) {
    const positives = Array.from(this.#batches.next(), (row) => this.#data[row]);
    const energy = this.#energy;
    const negatives = await this.#negatives.draw(energy, positives, this.#rng);
    const { energyGap, norm } = contrastiveGradient(energy, positives, negatives, this.#gradient);
    const step = { ...this.#plan, learningRate };
    momentumStep(energy.can.parameters.values, this.#velocity, this.#gradient, step);
    this.energyGap[update] = energyGap;
    this.gradientNorm[update] = norm;
    return { energyGap, gradientNorm: norm };
  }

  save(): LikelihoodState<X> {
    return {
      parameters: Float64Array.from(this.#energy.can.parameters.values),
      velocity: this.#velocity.slice(),
      energyGap: this.energyGap.slice(),
      gradientNorm: this.gradientNorm.slice(),
      batches: this.#batches.save(),
      rng: this.#rng.save(),
      chains: this.#negatives.states?.(),
    };
  }

  restore(state: LikelihoodState<X>): void {
    this.#energy.can.parameters.values.set(state.parameters);
    this.#velocity.set(state.velocity);
    this.energyGap.set(state.energyGap);
    this.gradientNorm.set(state.gradientNorm);
    this.#batches.restore(state.batches);
    this.#rng = restoreRng(state.rng);
    if (state.chains !== undefined) this.#negatives.restore?.(state.chains);
  }
}
