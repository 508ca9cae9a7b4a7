import * as tf from "@tensorflow/tfjs";

/**
 * Functions whose values jump and are level elsewhere; tfjs has no gradient of them, which its Masking and
 * ThresholdedReLU layers need.
 */
const LEVEL = [
  "All",
  "Any",
  "Equal",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "LogicalNot",
  "NotEqual",
];

/** Registers the gradient 0 for what has none in tfjs, since its result is level wherever it is smooth. */
export function registerLevelGradients(): void {
  for (const kernelName of LEVEL) {
    if (tf.getGradient(kernelName) !== undefined) continue;
    tf.registerGradient({
      kernelName,
      inputsToSave: ["All", "Any", "LogicalNot"].includes(kernelName) ? ["x"] : ["a", "b"],
      gradFunc: (_, inputs) =>
        Object.fromEntries(
          inputs.map(({ shape }, i) => [inputs.length === 1 ? "x" : "ab"[i], () => tf.zeros(shape)]),
        ),
    });
  }
}
