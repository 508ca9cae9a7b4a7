import type { Rng } from "@basin/energy-core/random";
import type { TensorSgldOptions } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "../model/contract.ts";
import { contrastive } from "../objectives/contrastive.ts";
import {
  adversarialNegatives,
  cdNegatives,
  type Negatives,
  persistentNegatives,
  timeReversalNegatives,
} from "../objectives/negatives.ts";
import type { Batch, Objective } from "../objectives/objective.ts";
import { pgd } from "../objectives/pgd.ts";

/** Ways to train a joint model that the first experiment compares, each with k gradient steps inside an update. */
export const methodNames = ["cd", "pcd", "cd-reversal", "pgd-ce", "pgd-bce"] as const;
export type MethodName = (typeof methodNames)[number];

/** What the methods need to know of a problem. */
export interface MethodSettings {
  /** Langevin steps of CD and PCD: step size and temperature or noise. */
  readonly sgld: TensorSgldOptions;
  /** Chains that PCD keeps, where they start, and how often they start anew. */
  readonly chains: number;
  readonly fresh: (rng: Rng, out: Float32Array) => void;
  readonly restartProbability: number;
  /** For adversarial negatives: noise added to data, and the radius of the ball of the gradient steps. */
  readonly negativeNoise: number;
  readonly negativeRadius: number;
  /** Radius of the L2 ball of adversarial examples, in training and in robust accuracy. */
  readonly attackRadius: number;
  readonly box?: readonly [low: number, high: number];
  /** Weight of the marginal part beside the cross-entropy. */
  readonly marginalWeight: number;
  /** Weight of the mean of E². */
  readonly energyPenalty: number;
}

/** Returns mean −log p(y|x) over a batch with classes. */
function crossEntropy(model: JointModel, x: tf.Tensor, y: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => crossEntropies(model, x, y).mean() as tf.Scalar);
}

/** Returns −log p(y|x) = E(x, y) − E(x) of each input, `[batch]`. */
export function crossEntropies(model: JointModel, x: tf.Tensor, y: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => {
    const logits = model.logits(x);
    const right = logits.mul(tf.oneHot(y, model.labels)).sum(1);
    return tf.logSumExp(logits, 1).sub(right) as tf.Tensor1D;
  });
}

/**
 * Returns the marginal part of a method, the objective on p(x); `undefined` for adversarial training, which has none.
 */
export function marginalObjective(
  model: JointModel,
  method: Exclude<MethodName, "pgd-ce">,
  steps: number,
  settings: MethodSettings,
): Objective {
  const { energyPenalty, chains, fresh, restartProbability } = settings;
  const sgld = { ...settings.sgld, steps };
  const { box = sgld.box } = settings;
  const negatives: Record<typeof method, () => Negatives> = {
    cd: () => cdNegatives(sgld),
    pcd: () => persistentNegatives({ ...sgld, box, chains, fresh, restartProbability }),
    "cd-reversal": () => timeReversalNegatives(sgld),
    "pgd-bce": () =>
      adversarialNegatives({
        steps,
        radius: settings.negativeRadius,
        startNoise: settings.negativeNoise,
        box: settings.box,
      }),
  };
  const loss = method === "pgd-bce" ? "bce" : "contrastive";
  return contrastive(model, { negatives: negatives[method](), loss, energyPenalty });
}

/**
 * Returns the objective of a method: cross-entropy plus the weighted marginal part; for "pgd-ce" only the cross-entropy
 * of adversarial examples (Madry et al. 2018), which follow the gradient of −log p(y|x) uphill for `steps` steps within
 * the ball.
 */
export function methodObjective(
  model: JointModel,
  method: MethodName,
  steps: number,
  settings: MethodSettings,
): Objective {
  if (method === "pgd-ce") return adversarialTraining(model, steps, settings);
  return joint(model, marginalObjective(model, method, steps, settings), settings.marginalWeight);
}

/** Returns cross-entropy plus `weight` times another objective; cross-entropy alone when there is none. */
export function joint(model: JointModel, marginal: Objective | undefined, weight: number): Objective {
  return {
    name: marginal ? `cross-entropy + ${weight} × ${marginal.name}` : "cross-entropy",
    prepare: (batch, rng) => marginal?.prepare(batch, rng) ?? [],
    loss: (batch, constants) =>
      tf.tidy(() => {
        const conditional = crossEntropy(model, batch.x, classes(batch));
        return marginal ? conditional.add(marginal.loss(batch, constants).mul(weight)) : conditional;
      }),
  };
}

function adversarialTraining(model: JointModel, steps: number, settings: MethodSettings): Objective {
  const { attackRadius: radius, box } = settings;
  return {
    name: `PGD-${steps} + cross-entropy`,
    prepare: (batch, rng) => {
      const climb = (x: tf.Tensor) => crossEntropies(model, x, classes(batch));
      return [pgd(climb, batch.x, rng, { steps, radius, box, randomStart: true })];
    },
    loss: (batch, [examples]) => crossEntropy(model, examples, classes(batch)),
  };
}

function classes({ y }: Batch): tf.Tensor1D {
  if (y === undefined) throw new TypeError("a joint objective needs classes in its batches");
  return y;
}
