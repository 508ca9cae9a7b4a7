import { ArgumentError, BasinError, checkNumber, checkOptions } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { type Progress, pacer, type RunOptions } from "@basin/energy-core/run";
import * as tf from "@tensorflow/tfjs";
import type { Batch, Objective } from "./objective.ts";
import { ParameterAverage } from "./parameter-average.ts";

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
  /** Decay of the moving average of the parameters that the variables are left with, in [0, 1). Default 0.99. */
  averageDecay?: number;
  /** Losses beyond ± this end the run. Default: only NaN and ±∞ do. */
  maxLoss?: number;
}

/** A loss that is no longer a number. */
export class FitError extends BasinError {
  override name = "FitError";
}

/**
 * Minimizes an objective by Adam, leaves the moving average of the parameters in the variables, and resolves to the loss of
 * every update.
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
 * @throws {FitError} when the loss is not finite or beyond the limit, naming the update. @throws {ArgumentError} without variables.
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
  const pace = pacer({ signal: options.signal });
  const root = createRng(options.seed);
  const [data, noise] = [root.split(0), root.split(1)];
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999);
  const average = new ParameterAverage(variables, decay);
  const losses = new Float64Array(updates);
  try {
    for (let update = 0; update < updates; update++) {
      if (pace.due) await pace.breathe();
      const share = update / Math.max(1, updates - 1);
      (optimizer as unknown as { learningRate: number }).learningRate =
        learningRate * (0.01 + 0.495 * (1 + Math.cos(Math.PI * share)));
      losses[update] = step(optimizer, variables, next(data), objective, noise);
      if (!(Math.abs(losses[update]) <= limit)) {
        throw new FitError(
          `the loss of ${objective.name} is ${losses[update]} at update ${update}; lower learningRate (${learningRate}) or the ` +
            "sampler's stepSize",
        );
      }
      average.update();
      options.onProgress?.({ done: update + 1, total: updates, loss: losses[update] });
    }
  } finally {
    average.apply();
    optimizer.dispose();
  }
  return losses;
}

function step(
  optimizer: tf.Optimizer,
  variables: readonly tf.Variable[],
  batch: Batch,
  objective: Objective,
  rng: Rng,
): number {
  const constants = objective.prepare(batch, rng);
  const loss = optimizer.minimize(
    () => objective.loss(batch, constants),
    true,
    variables as tf.Variable[],
  ) as tf.Scalar;
  const value = loss.dataSync()[0];
  tf.dispose([loss, batch.x, batch.y ?? [], constants]);
  return value;
}
