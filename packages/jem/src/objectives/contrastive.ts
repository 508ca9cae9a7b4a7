import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { BatchEnergy } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Negatives } from "./negatives.ts";
import type { Objective } from "./objective.ts";
import { type PairLossName, type PairLossOptions, pairLoss } from "./pairs.ts";

/** Options of {@link contrastive}. */
export interface ContrastiveOptions extends PairLossOptions {
  /** Where the negatives come from. */
  negatives: Negatives;
  /** Loss of a pair. Default "contrastive", the gradient of the likelihood. */
  loss?: PairLossName;
  /** Weight of the mean of E² over data and negatives, which keeps energies of order one. Default 0. */
  energyPenalty?: number;
}

/**
 * Returns the objective that lowers the energy of data and raises that of negatives,
 *
 * mean_i w_i ℓ(E(x_i), E(x⁻_i)) + α (mean E(x_i)² + mean E(x⁻_i)²),
 *
 * with the weights w_i of the negatives, and a loss ℓ(e, e⁻) of a pair: contrastive e − e⁻, whose mean has the gradient
 * of the likelihood; bce ln(1 + exp e) + ln(1 + exp(−e⁻)), a discriminator with logit −E; and the losses of LeCun et
 * al. (2006, table 1) with the negative as the most offending answer. These are perceptron max(0, e − e⁻), hinge max(0,
 * m + e − e⁻), log ln(1 + exp(e − e⁻)), lvq2 min(m, max(0, e − e⁻)), mce 1/(1 + exp(e⁻ − e)), square-square e² + max(0,
 * m − e⁻)² and square-exponential e² + γ exp(−e⁻), with m the `margin` and γ the `push`. They agree with `loss` of
 * `@basin/energy-core`. Negatives are constants: gradients do not flow through the sampler.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { tensorEnergy } from "@basin/energy-core/tensor";
 * import { cdNegatives, contrastive } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const slope = tf.variable(tf.scalar(1));
 * const energy = tensorEnergy([1], (x) => x.square().sum(1).mul(slope).mul(0.5));
 * const objective = contrastive(energy, { negatives: cdNegatives({ steps: 5, stepSize: 0.1 }) });
 * const batch = { x: tf.zeros([8, 1]) };
 * const constants = objective.prepare(batch, createRng(1));
 * console.log(objective.name, objective.loss(batch, constants).dataSync()[0] < 0); // "CD-5", true
 * ```
 */
export function contrastive(energy: BatchEnergy, options: ContrastiveOptions): Objective {
  checkOptions("contrastive", options, "margin push negatives loss energyPenalty");
  const { negatives, loss = "contrastive", margin, push } = options;
  const penalty = checkNumber("energyPenalty", options.energyPenalty ?? 0, { min: 0 });
  return {
    name: loss === "contrastive" ? negatives.name : `${negatives.name} + ${loss}`,
    prepare({ x }, rng) {
      const { samples, weights } = negatives.draw(energy, x, rng);
      return weights ? [samples, weights] : [samples];
    },
    loss: ({ x }, [samples, weights]) =>
      tf.tidy(() => {
        const energies = energy.can.batch.energies(tf.concat([x, samples])).as1D();
        const count = x.shape[0];
        const e = energies.slice([0], [count]);
        const w = energies.slice([count]);
        const each = pairLoss(loss, e, w, { margin, push });
        const mean = (weights ? each.mul(weights) : each).mean();
        return (
          penalty > 0 ? mean.add(e.square().mean().add(w.square().mean()).mul(penalty)) : mean
        ) as tf.Scalar;
      }),
  };
}
