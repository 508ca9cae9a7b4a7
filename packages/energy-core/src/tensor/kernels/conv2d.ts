import type * as tf from "@tensorflow/tfjs";
import { type Heap, stockKernel } from "./heap.ts";
import { type Window, type WindowAttributes, windowOf } from "./window.ts";

type Kernel = (args: {
  inputs: Record<string, tf.TensorInfo>;
  backend: unknown;
  attrs: object;
}) => tf.TensorInfo;

/** Floats of patches made at a time: 4 MiB stay near the processor, and a large batch needs no more than a small one. */
const CHUNK = 1 << 20;
/** Below so many input channels, an input gradient by forward convolution leaves most of XNNPACK's columns empty. */
const NARROW = 8;

/**
 * Returns the kernel of the gradient of a convolution with respect to its filter: the transpose of the matrix of patches, times dy.
 */
export function filterGradient(heap: Heap): Kernel {
  return ({ inputs: { x, dy }, backend, attrs }) => {
    const filterShape = (attrs as { filterShape: number[] }).filterShape;
    const window = windowOf(x.shape, filterShape, dy.shape, attrs as WindowAttributes);
    const [oh, ow, kh, kw] = window.taps;
    const [rows, columns] = [oh * ow, kh * kw * window.c];
    const { kernels, pointer } = heap;
    const out = heap.make(filterShape);
    kernels.clear(pointer(out), columns * window.k);
    inChunks(window, (first, count) => {
      const patches = heap.make([columns, count * rows]);
      const transposed = heap.make([columns, count * rows]);
      const { h, w, c, k, taps } = window;
      kernels.patches(pointer(x) + 4 * first * h * w * c, pointer(patches), count, h, w, c, ...taps);
      kernels.transpose(pointer(patches), pointer(transposed), count * rows, columns);
      heap.viewing([count * rows, k], pointer(dy) + 4 * first * rows * k, (part) => {
        const product = multiply(transposed, part, backend);
        kernels.add(pointer(out), pointer(product), columns * k);
        heap.free(product);
      });
      heap.free(patches, transposed);
    });
    return out;
  };
}

/**
 * Returns the kernel of the gradient of a convolution with respect to its input. With a stride of one it is a convolution of dy with the
 * filter turned around; else dy times the transposed filter gives the patches' gradients, which are added where they came from.
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
  const [rows, columns] = [oh * ow, kh * kw * c];
  const { kernels, pointer } = heap;
  const out = heap.make([n, h, w, c]);
  kernels.clear(pointer(out), n * h * w * c);
  const transposed = heap.make([k, columns]);
  kernels.transpose(pointer(filter), pointer(transposed), columns, k);
  inChunks(window, (first, count) => {
    heap.viewing([count * rows, k], pointer(dy) + 4 * first * rows * k, (part) => {
      const patches = multiply(part, transposed, backend);
      kernels.addPatches(pointer(out) + 4 * first * h * w * c, pointer(patches), count, h, w, c, ...taps);
      heap.free(patches);
    });
  });
  heap.free(transposed);
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
  const kernel = stockKernel("Conv2D").kernelFunc as unknown as Kernel;
  const out = kernel({ inputs: { x: dy, filter: turned }, backend, attrs });
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

/** a·b of two matrices, by the stock kernel, which is fast without transpose flags. */
function multiply(a: tf.TensorInfo, b: tf.TensorInfo, backend: unknown): tf.TensorInfo {
  const three = (t: tf.TensorInfo): tf.TensorInfo => ({ ...t, shape: [1, ...t.shape] });
  const kernel = stockKernel("BatchMatMul").kernelFunc as unknown as Kernel;
  return kernel({
    inputs: { a: three(a), b: three(b) },
    backend,
    attrs: { transposeA: false, transposeB: false },
  });
}
