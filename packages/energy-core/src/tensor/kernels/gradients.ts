import * as tf from "@tensorflow/tfjs";
import type { WindowAttributes } from "./window.ts";

/**
 * A convolution and its two gradients, each linear in two of x, filter and dy, so that each one's gradients are the
 * other two.
 */
interface Family {
  readonly forward: string;
  readonly input: string;
  readonly filter: string;
}

const FAMILIES: readonly Family[] = [
  { forward: "Conv2D", input: "Conv2DBackpropInput", filter: "Conv2DBackpropFilter" },
  {
    forward: "DepthwiseConv2dNative",
    input: "DepthwiseConv2dNativeBackpropInput",
    filter: "DepthwiseConv2dNativeBackpropFilter",
  },
  { forward: "Conv3D", input: "Conv3DBackpropInputV2", filter: "Conv3DBackpropFilterV2" },
];

type Gradient = (dy: tf.Tensor, saved: tf.Tensor[], attrs: object) => Record<string, () => tf.Tensor>;

/**
 * Returns the gradients of convolutions and of their gradients, of every order. tfjs's own refuse dilations, and end at
 * the second order; on the wasm backend these do neither. Elsewhere tfjs's own stay in force, where there are any.
 */
export function convolutionGradients(): tf.GradConfig[] {
  return FAMILIES.flatMap(({ forward, input, filter }) => [
    config(forward, ["x", "filter"], (dy, [x, f], attrs) => ({
      x: () => run(input, { dy, filter: f }, { ...attrs, inputShape: x.shape }),
      filter: () => run(filter, { x, dy }, { ...attrs, filterShape: f.shape }),
    })),
    config(input, ["dy", "filter"], (ddx, [dy, f], attrs) => ({
      dy: () => run(forward, { x: ddx, filter: f }, attrs),
      filter: () => run(filter, { x: ddx, dy }, { ...attrs, filterShape: f.shape }),
    })),
    config(filter, ["x", "dy"], (ddf, [x, dy], attrs) => ({
      x: () => run(input, { dy, filter: ddf }, { ...attrs, inputShape: x.shape }),
      dy: () => run(forward, { x, filter: ddf }, attrs),
    })),
  ]);
}

function config(kernelName: string, inputsToSave: string[], gradient: Gradient): tf.GradConfig {
  const own = tf.getGradient(kernelName);
  return {
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attrs) =>
      own === undefined || tf.getBackend() === "wasm"
        ? gradient(dy as tf.Tensor, saved, attrs)
        : own.gradFunc(dy, saved, attrs),
  };
}

function run(kernel: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor {
  // What tfjs records may lack, or hold as null, what a forward convolution needs.
  const { dilations, dataFormat } = attrs as WindowAttributes;
  const whole = { ...attrs, dilations: dilations ?? 1, dataFormat: dataFormat ?? "NHWC" };
  return tf.engine().runKernel(kernel, inputs, whole);
}
