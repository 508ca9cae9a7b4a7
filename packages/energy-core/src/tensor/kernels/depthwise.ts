import type * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";
import { type WindowAttributes, windowOf } from "./window.ts";

interface Args {
  readonly inputs: Record<string, tf.TensorInfo>;
  readonly attrs: object;
}

/** Returns the kernel of the gradient of a depthwise convolution with respect to its filter. */
export function depthwiseFilterGradient({ make, pointer, kernels }: Heap) {
  return ({ inputs: { x, dy }, attrs }: Args): tf.TensorInfo => {
    const { filterShape } = attrs as { filterShape: number[] };
    const { n, h, w, c, k, taps } = windowOf(x.shape, filterShape, dy.shape, attrs as WindowAttributes, true);
    const out = make(filterShape);
    kernels.clear(pointer(out), size(filterShape));
    kernels.depthwiseFilter(pointer(out), pointer(x), pointer(dy), n, h, w, c, k, ...taps);
    return out;
  };
}

/** Returns the kernel of the gradient of a depthwise convolution with respect to its input. */
export function depthwiseInputGradient({ make, pointer, kernels }: Heap) {
  return ({ inputs: { dy, filter }, attrs }: Args): tf.TensorInfo => {
    const { inputShape } = attrs as { inputShape: number[] };
    const { n, h, w, c, k, taps } = windowOf(
      inputShape,
      filter.shape,
      dy.shape,
      attrs as WindowAttributes,
      true,
    );
    const out = make(inputShape);
    kernels.clear(pointer(out), size(inputShape));
    kernels.depthwiseInput(pointer(out), pointer(dy), pointer(filter), n, h, w, c, k, ...taps);
    return out;
  };
}

/** Returns the kernel of sums over the rows of each segment, which the gradient of a gather is. */
export function segmentSum({ make, pointer, kernels }: Heap) {
  return ({ inputs: { x, segmentIds }, attrs }: Args): tf.TensorInfo => {
    const { numSegments } = attrs as { numSegments: number };
    const rows = size(segmentIds.shape);
    const inner = x.shape.slice(segmentIds.shape.length);
    const out = make([numSegments, ...inner]);
    kernels.clear(pointer(out), size(out.shape));
    kernels.segmentSum(pointer(out), pointer(x), pointer(segmentIds), rows, size(inner), numSegments);
    return out;
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
