import type * as tf from "@tensorflow/tfjs";
import { type Heap, stockKernel } from "./heap.ts";
import { multiply, productSum } from "./products.ts";
import { type Window, type WindowAttributes, windowOf } from "./window.ts";

type Kernel = (args: {
  inputs: Record<string, tf.TensorInfo>;
  backend: unknown;
  attrs: object;
}) => tf.TensorInfo;

/**
 * Floats of patches made at a time: half a megabyte stays near the processor, and a large batch needs no more than a
 * small one.
 */
const CHUNK = 1 << 17;
/** Below so many input channels, an input gradient by forward convolution leaves most of XNNPACK's columns empty. */
const NARROW = 8;

/**
 * Returns the kernel of the gradient of a convolution with respect to its filter: the transposed matrix of patches,
 * times dy.
 */
export function filterGradient(heap: Heap): Kernel {
  return ({ inputs: { x, dy }, backend, attrs }) => {
    const filterShape = (attrs as { filterShape: number[] }).filterShape;
    const window = windowOf(x.shape, filterShape, dy.shape, attrs as WindowAttributes);
    const { h, w, c, k, taps } = window;
    const [oh, ow, kh, kw] = taps;
    const [rows, columns] = [oh * ow, kh * kw * c];
    const { kernels, pointer } = heap;
    const sum = productSum(heap, backend, columns, k);
    inChunks(window, (first, count) => {
      const patches = heap.make([count * rows, columns]);
      kernels.patches(pointer(x) + 4 * first * h * w * c, pointer(patches), count, h, w, c, ...taps);
      sum.add({
        a: pointer(patches),
        b: pointer(dy) + 4 * first * rows * k,
        depth: count * rows,
        transposedA: true,
      });
      heap.free(patches);
    });
    return { ...sum.finish(), shape: filterShape };
  };
}

/**
 * Returns the kernel of the gradient of a convolution with respect to its input. With a stride of one it is a
 * convolution of dy with the filter turned around; else dy times the transposed filter gives the patches' gradients,
 * which are added where they came from.
 */
export function inputGradient(heap: Heap): Kernel {
  return ({ inputs: { dy, filter }, backend, attrs }) => {
    const inputShape = (attrs as { inputShape: number[] }).inputShape;
    const window = windowOf(inputShape, filter.shape, dy.shape, attrs as WindowAttributes);
    const pad = turnedPadding(window);
    return pad !== undefined && window.c >= NARROW
      ? byConvolution(heap, window, dy, filter, pad, backend)
      : byPatches(heap, window, dy, filter, backend);
  };
}

function byPatches(
  heap: Heap,
  window: Window,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  backend: unknown,
): tf.TensorInfo {
  const { n, h, w, c, k, taps } = window;
  const [oh, ow, kh, kw] = taps;
  const rows = oh * ow;
  const { kernels, pointer } = heap;
  const out = heap.make([n, h, w, c]);
  kernels.clear(pointer(out), n * h * w * c);
  inChunks(window, (first, count) => {
    const patches = multiply(heap, backend, count * rows, kh * kw * c, {
      a: pointer(dy) + 4 * first * rows * k,
      b: pointer(filter),
      depth: k,
      transposedB: true,
    });
    kernels.addPatches(pointer(out) + 4 * first * h * w * c, pointer(patches), count, h, w, c, ...taps);
    heap.free(patches);
  });
  return out;
}

function byConvolution(
  heap: Heap,
  { c, k, taps }: Window,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  pad: readonly (readonly [number, number])[],
  backend: unknown,
): tf.TensorInfo {
  const [, , kh, kw, , , dh, dw] = taps;
  const { kernels, pointer } = heap;
  const turned = heap.make([kh, kw, k, c]);
  for (let tap = 0; tap < kh * kw; tap++) {
    const from = pointer(filter) + 4 * (kh * kw - 1 - tap) * c * k;
    kernels.transpose(from, pointer(turned) + 4 * tap * c * k, c, k);
  }
  const attrs = { strides: [1, 1], dilations: [dh, dw], pad, dataFormat: "NHWC" };
  const out = stockKernel("Conv2D")({ inputs: { x: dy, filter: turned }, backend, attrs });
  heap.free(turned);
  return out;
}

/** The padding of dy that makes the turned convolution give the input's size; nothing where there is none. */
function turnedPadding({ h, w, taps }: Window): [number, number][] | undefined {
  const [oh, ow, kh, kw, sh, sw, dh, dw, top, left] = taps;
  if (sh !== 1 || sw !== 1) return undefined;
  const vertical: [number, number] = [dh * (kh - 1) - top, h - oh + top];
  const horizontal: [number, number] = [dw * (kw - 1) - left, w - ow + left];
  if (Math.min(...vertical, ...horizontal) < 0) return undefined;
  return [[0, 0], vertical, horizontal, [0, 0]];
}

function inChunks({ n, c, taps }: Window, use: (first: number, count: number) => void): void {
  const [oh, ow, kh, kw] = taps;
  const size = Math.max(1, Math.floor(CHUNK / (oh * ow * kh * kw * c)));
  for (let first = 0; first < n; first += size) use(first, Math.min(size, n - first));
}
