import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { Progress, RunOptions } from "@basin/energy-core/run";
import { finiteWatch, type UpdatePlace } from "@basin/samplers/internal";
import { cosineRate, learn } from "@basin/samplers/learn";
import * as tf from "@tensorflow/tfjs";
import { Adam } from "../train/optimizer.ts";
import { readVariables, writeGradients, writeVariables } from "../train/tensor-engine.ts";
import type { Batch, Objective } from "./objective.ts";

/** What an `onProgress` is told after every update; `done` and `total` count updates. */
export interface FitProgress extends Progress {
  readonly loss: number;
}

/** Options of {@link fit}. */
export interface FitOptions extends RunOptions<FitProgress> {
  /** Seed of data and of everything the objective draws. */
  seed: number;
  /** Parameter updates. Default 1000. */
  updates?: number;
  /** Adam's learning rate at the start; it falls to a hundredth by a half cosine. Default 1e-3. */
  learningRate?: number;
  /** Decay of the moving average of the parameters, which the variables hold at the end, in [0, 1). Default 0.99. */
  averageDecay?: number;
  /** Losses beyond ± this end the run. Default: only NaN and ±∞ do. */
  maxLoss?: number;
}

/**
 * Minimizes an objective by Adam, leaves the moving average of the parameters in the variables, and resolves to the
 * loss of every update.
 *
 * @param next returns the data of one update, from its own stream; disposed of here.
 *
 * @example
 * ```ts
 * import { energyNet } from "@basin/jem";
 * import { denoisingScoreMatching, fit, planeNet } from "@basin/jem/experiments";
 * import { drawToy, twoMoons } from "@basin/jem/toys";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const moons = twoMoons();
 * const energy = energyNet(planeNet({ seed: 1, outputs: 1, width: 8, reads: "energy" }));
 * const losses = await fit(
 *   energy.variables,
 *   (rng) => ({ x: tf.tensor2d(drawToy(moons, rng, 32).inputs, [32, 2]) }),
 *   denoisingScoreMatching(energy, { noise: 0.05 }),
 *   { seed: 1, updates: 5 },
 * );
 * console.log(losses.length); // 5
 * ```
 *
 * @throws {DivergenceError} when the loss is not finite or beyond the limit, naming the update.
 * @throws {ArgumentError} without variables.
 */
export async function fit(
  variables: readonly tf.Variable[],
  next: (rng: Rng) => Batch,
  objective: Objective,
  options: FitOptions,
): Promise<Float64Array> {
  checkOptions("fit", options, "seed updates learningRate averageDecay maxLoss signal onProgress");
  const updates = checkNumber("updates", options.updates ?? 1000, { min: 1, integer: true });
  const learningRate = checkNumber("learningRate", options.learningRate ?? 1e-3, { above: 0 });
  const decay = checkNumber("averageDecay", options.averageDecay ?? 0.99, { min: 0, max: 1 - 1e-9 });
  const limit = checkNumber("maxLoss", options.maxLoss ?? Number.MAX_VALUE, { above: 0 });
  if (variables.length === 0) throw new ArgumentError("there are no variables, so there is nothing to train");
  const root = createRng(options.seed);
  const [data, noise] = [root.split(0), root.split(1)];
  const adam = new Adam(readVariables(variables), decay);
  const losses = new Float64Array(updates);
  const learner = {
    update({ update, learningRate: rate }: UpdatePlace) {
      const loss = gradientOf(variables, next(data), objective, noise, adam.gradient);
      losses[update] = loss;
      // A loss that ends the run leaves the parameters before it.
      if (Math.abs(loss) <= limit) {
        adam.step({ learningRate: rate, weightDecay: 0, scale: 1 });
        writeVariables(variables, adam.parameters);
      }
      return { loss };
    },
    save: () => undefined,
    restore() {},
  };
  const advice = () => `lower learningRate (${learningRate}) or the sampler's stepSize`;
  const { signal, onProgress } = options;
  try {
    const rate = cosineRate(learningRate, { final: 0.01 });
    await learn(learner, {
      ...{ updates, learningRate: rate, watch: finiteWatch(limit), advice, signal, onProgress },
    });
  } finally {
    writeVariables(variables, adam.averaged());
  }
  return losses;
}

/** Returns the loss of a batch, with its gradient in `out`. */
function gradientOf(
  variables: readonly tf.Variable[],
  batch: Batch,
  objective: Objective,
  rng: Rng,
  out: Float32Array,
): number {
  const constants = objective.prepare(batch, rng);
  const { value, grads } = tf.variableGrads(
    () => objective.loss(batch, constants),
    variables as tf.Variable[],
  );
  const loss = value.dataSync()[0];
  writeGradients(variables, grads, out);
  tf.dispose([value, grads, batch.x, batch.y ?? [], constants]);
  return loss;
}
