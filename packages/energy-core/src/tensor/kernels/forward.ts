import * as tf from "@tensorflow/tfjs";
import { stockKernel } from "./heap.ts";
import { checkLastChannels, type WindowAttributes } from "./window.ts";

type Shape4D = [number, number, number, number];
interface Args {
  readonly inputs: { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo };
  readonly attrs: WindowAttributes;
}

/**
 * Returns the stock forward kernel `name`, with the padding "same" given in numbers: under its name, XNNPACK refuses
 * some strides wider than the filter (2×2 with stride 3 on 9×9), and the stock kernel then returns what the memory
 * held, without a word.
 */
export function explicitlyPadded(name: string): (args: Args) => tf.TensorInfo {
  const kernel = stockKernel(name);
  const depthwise = name.includes("Depthwise");
  return (args) => {
    const { strides, dataFormat } = args.attrs;
    checkLastChannels(dataFormat);
    const dilations = args.attrs.dilations ?? 1;
    const dimRoundingMode = args.attrs.dimRoundingMode ?? undefined;
    const attrs = { ...args.attrs, dilations, dimRoundingMode, dataFormat: "NHWC" };
    if (attrs.pad !== "same") return kernel({ ...args, attrs });
    const { padInfo } = tf.backend_util.computeConv2DInfo(
      args.inputs.x.shape as Shape4D,
      args.inputs.filter.shape as Shape4D,
      strides,
      dilations,
      "same",
      dimRoundingMode,
      depthwise,
    );
    const { top, bottom, left, right } = padInfo;
    const pad = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    return kernel({ ...args, attrs: { ...attrs, pad } });
  };
}
