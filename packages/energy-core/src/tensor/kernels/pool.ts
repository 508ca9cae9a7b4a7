import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";

interface Args {
  readonly inputs: { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo };
  readonly attrs: {
    readonly filterSize: number | [number, number, number];
    readonly strides: number | [number, number, number];
    readonly pad: "valid" | "same" | number;
    readonly dimRoundingMode?: "floor" | "round" | "ceil";
  };
}

type Triple = [depth: number, height: number, width: number];

/** Where windows stand: their sizes, strides and the padding before the first. */
interface Windows {
  readonly size: Triple;
  readonly stride: Triple;
  readonly before: Triple;
}

/**
 * Returns the kernel of the gradient of a maximum pool over two dimensions: each output's gradient goes to the first
 * largest entry of its window. The stock kernel sends it elsewhere where a window holds negative numbers alone.
 */
export function maxPoolGradient(heap: Heap) {
  return ({ inputs: { dy, input }, attrs }: Args): tf.TensorInfo => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const [n, h, w, c] = input.shape;
    const found = tf.backend_util.computePool2DInfo(
      [n, h, w, c],
      filterSize as number,
      strides as number,
      1,
      pad as "same",
      dimRoundingMode,
    );
    const windows: Windows = {
      size: [1, found.filterHeight, found.filterWidth],
      stride: [1, found.strideHeight, found.strideWidth],
      before: [0, found.padInfo.top, found.padInfo.left],
    };
    const [, oh, ow] = dy.shape;
    return route(heap, input, dy, [n, 1, h, w, c], [1, oh, ow], windows);
  };
}

/** Returns the same over three dimensions. */
export function maxPool3DGradient(heap: Heap) {
  return ({ inputs: { dy, input }, attrs }: Args): tf.TensorInfo => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const shape = input.shape as [number, number, number, number, number];
    const found = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const windows: Windows = {
      size: [found.filterDepth, found.filterHeight, found.filterWidth],
      stride: [found.strideDepth, found.strideHeight, found.strideWidth],
      before: [found.padInfo.front, found.padInfo.top, found.padInfo.left],
    };
    const [, od, oh, ow] = dy.shape;
    return route(heap, input, dy, shape, [od, oh, ow], windows);
  };
}

function route(
  { make, pointer, kernels, floats }: Heap,
  input: tf.TensorInfo,
  dy: tf.TensorInfo,
  [n, d, h, w, c]: readonly number[],
  [od, oh, ow]: Triple,
  { size, stride, before }: Windows,
): tf.TensorInfo {
  const out = make(input.shape);
  kernels.clear(pointer(out), n * d * h * w * c);
  const memory = floats();
  const [x, dx] = [pointer(input) >>> 2, pointer(out) >>> 2];
  let from = pointer(dy) >>> 2;
  const range = (axis: number, index: number, length: number) => {
    const first = index * stride[axis] - before[axis];
    return [Math.max(0, first), Math.min(length, first + size[axis])] as const;
  };
  for (let output = 0; output < n * od * oh * ow; output++) {
    const image = Math.floor(output / (od * oh * ow));
    const [z0, z1] = range(0, Math.floor(output / (oh * ow)) % od, d);
    const [y0, y1] = range(1, Math.floor(output / ow) % oh, h);
    const [x0, x1] = range(2, output % ow, w);
    for (let channel = 0; channel < c; channel++, from++) {
      let largest = Number.NEGATIVE_INFINITY;
      let at = -1;
      for (let k = z0; k < z1; k++) {
        for (let i = y0; i < y1; i++) {
          const row = ((image * d + k) * h + i) * w * c + channel;
          for (let j = x0; j < x1; j++) {
            const value = memory[x + row + j * c];
            if (value <= largest && at >= 0) continue;
            largest = value;
            at = row + j * c;
          }
        }
      }
      memory[dx + at] += memory[from];
    }
  }
  return out;
}
