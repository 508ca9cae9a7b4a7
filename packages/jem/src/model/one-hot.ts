import { type TensorEnergy, tensorEnergy } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { JointEnergy } from "./joint-energy.ts";

/** Returns rows with a 1 at each label, `[labels.length, classes]`; tf.oneHot refuses a single class. */
export function oneHot(labels: Int32Array, classes: number): tf.Tensor {
  return classes === 1 ? tf.ones([labels.length, 1]) : tf.oneHot(tf.tensor1d(labels, "int32"), classes);
}

/** Returns E(x, y) with a class of its own for each row of a batch. */
export function ofClasses({ space, labels: classes, logits }: JointEnergy, labels: Int32Array): TensorEnergy {
  const chosen = oneHot(labels, classes);
  return tensorEnergy(space.shape, (batch) => logits(batch).mul(chosen).sum(1).neg());
}
