import * as tf from "@tensorflow/tfjs";

/** Returns rows with a 1 at each label, `[labels.length, classes]`; tf.oneHot refuses a single class. */
export function oneHot(labels: Int32Array, classes: number): tf.Tensor {
  return classes === 1 ? tf.ones([labels.length, 1]) : tf.oneHot(tf.tensor1d(labels, "int32"), classes);
}
