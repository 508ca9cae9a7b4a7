import { checkOptions } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "../model/contract.ts";
import type { Batch, Objective } from "../objectives/objective.ts";
import type { Measures, TestSet } from "./measures.ts";

/** Options of {@link marginalMovement}. */
export interface MovementOptions {
  /** By how many nats the step lowers the marginal objective, to first order. Default 0.1. */
  nats?: number;
}

/**
 * Returns how far one gradient step on the marginal objective −log p(x) moves p(y|x). The step is θ ← θ − ηg with η =
 * nats/‖g‖², which lowers the objective by `nats` to first order. The parameters are restored.
 *
 * Measured on the probe: `movement`, the mean of |Δ log p(y|x)| at the labels; `divergence`, the mean of KL(p
 * before(y|x)‖p after(y|x)); `flips`, the share of inputs whose class changes; and `marginalMovement`, the root mean
 * square of ΔE(x) about its mean, because a constant shift changes nothing.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { jointEnergy } from "@basin/jem";
 * import { cdNegatives, contrastive, marginalMovement, planeNet } from "@basin/jem/experiments";
 * import { drawToy, twoMoons } from "@basin/jem/toys";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const head = "centered+scalar";
 * const model = jointEnergy(planeNet({ seed: 1, outputs: 3, width: 8, head, separate: true }), { head });
 * const probe = drawToy(twoMoons(), createRng(1), 50);
 * const objective = contrastive(model, { negatives: cdNegatives({ steps: 2, stepSize: 0.002 }) });
 * const batch = { x: tf.tensor2d(probe.inputs, [50, 2]) };
 * console.log(marginalMovement(model, objective, batch, probe, createRng(2)).movement); // 0 to rounding
 * ```
 */
export function marginalMovement(
  model: JointModel,
  objective: Objective,
  batch: Batch,
  probe: TestSet,
  rng: Rng,
  options: MovementOptions = {},
): Measures {
  checkOptions("marginalMovement", options, "nats");
  const variables = model.variables as tf.Variable[];
  const constants = objective.prepare(batch, rng);
  const kept = variables.map((variable) => variable.clone());
  const x = tf.tensor(probe.inputs, [probe.labels.length, ...model.space.shape]);
  try {
    const before = reading(model, x);
    const { value, grads } = tf.variableGrads(() => objective.loss(batch, constants), variables);
    value.dispose();
    const squares = tf.tidy(() =>
      Object.values(grads).reduce((sum, g) => sum + g.square().sum().dataSync()[0], 0),
    );
    const rate = (options.nats ?? 0.1) / squares;
    if (Number.isFinite(rate)) {
      for (const variable of variables) {
        const moved = tf.tidy(() => variable.sub(grads[variable.name].mul(rate)));
        variable.assign(moved as tf.Tensor);
        moved.dispose();
      }
    }
    tf.dispose(grads);
    return compare(before, reading(model, x), probe.labels);
  } finally {
    for (const [k, variable] of variables.entries()) variable.assign(kept[k]);
    tf.dispose([kept, constants, x]);
  }
}

interface Reading {
  readonly logConditional: number[][];
  readonly energies: Float32Array;
}

function reading(model: JointModel, x: tf.Tensor): Reading {
  return tf.tidy(() => ({
    logConditional: tf.logSoftmax(model.logits(x)).arraySync() as number[][],
    energies: model.can.batch.energies(x).dataSync() as Float32Array,
  }));
}

function compare(before: Reading, after: Reading, labels: ArrayLike<number>): Measures {
  const n = labels.length;
  let [movement, divergence, flips, first, second] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [p, q] = [before.logConditional[i], after.logConditional[i]];
    movement += Math.abs(q[labels[i]] - p[labels[i]]) / n;
    for (let y = 0; y < p.length; y++) divergence += (Math.exp(p[y]) * (p[y] - q[y])) / n;
    if (p.indexOf(Math.max(...p)) !== q.indexOf(Math.max(...q))) flips += 1 / n;
    const change = after.energies[i] - before.energies[i];
    first += change / n;
    second += change ** 2 / n;
  }
  return { movement, divergence, flips, marginalMovement: Math.sqrt(Math.max(0, second - first ** 2)) };
}
