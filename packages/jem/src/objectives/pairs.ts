import { checkNumber } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import * as tf from "@tensorflow/tfjs";

/** Losses of the energy e of a datum and the energy w of a negative beside it. */
export const pairLossNames = [
  "contrastive",
  "bce",
  "perceptron",
  "hinge",
  "log",
  "lvq2",
  "mce",
  "square-square",
  "square-exponential",
] as const;
export type PairLossName = (typeof pairLossNames)[number];

/** Options of {@link pairLoss}. */
export interface PairLossOptions {
  /** m, above 0: the gap that margin losses ask for. Default 1. */
  margin?: number;
  /** γ, above 0: the scale of the push of "square-exponential". Default 1. */
  push?: number;
}

/**
 * Returns the loss of each pair, `[pairs]`, of the energies e of data and w of negatives, differentiable in both.
 * `contrastive` lists the equations.
 *
 * @throws {ArgumentError} for an unknown loss, listing the known ones, and options out of range.
 */
export function pairLoss(
  name: PairLossName,
  data: tf.Tensor1D,
  negatives: tf.Tensor1D,
  options: PairLossOptions = {},
): tf.Tensor1D {
  checkOptions("pairLoss", options, "margin push");
  checkName("loss", name, pairLossNames);
  const m = checkNumber("margin", options.margin ?? 1, { above: 0 });
  const push = checkNumber("push", options.push ?? 1, { above: 0 });
  const [e, w] = [data, negatives];
  return tf.tidy(() => {
    switch (name) {
      case "contrastive":
        return e.sub(w);
      case "bce":
        return tf.softplus(e).add(tf.softplus(w.neg()));
      case "perceptron":
        return tf.relu(e.sub(w));
      case "hinge":
        return tf.relu(e.sub(w).add(m));
      case "log":
        return tf.softplus(e.sub(w));
      case "lvq2":
        return tf.relu(e.sub(w)).minimum(m);
      case "mce":
        return tf.sigmoid(e.sub(w));
      case "square-square":
        return e.square().add(tf.relu(tf.scalar(m).sub(w)).square());
      case "square-exponential":
        return e.square().add(tf.exp(w.neg()).mul(push));
    }
  }) as tf.Tensor1D;
}
