import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";
import { multiply } from "./products.ts";

type Shape5D = [number, number, number, number, number];
interface Attributes {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
}
interface Args<A> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: unknown;
  readonly attrs: Attributes & A;
}

/**
 * Returns the kernel of the gradient of a three-dimensional convolution with respect to its input, which the stock one
 * gets wrong: slice by slice, dy times the transposed filter gives the patches' gradients, which are added where they
 * came from.
 */
export function inputGradient3D(heap: Heap) {
  return ({
    inputs: { dy, filter },
    backend,
    attrs,
  }: Args<{ inputShape: readonly number[] }>): tf.TensorInfo => {
    const { kernels, pointer } = heap;
    const slices = slicesOf(attrs.inputShape, filter.shape, dy.shape, attrs);
    const { rows, columns, k, image } = slices;
    const out = heap.make(attrs.inputShape);
    kernels.clear(pointer(out), tf.util.sizeFromShape(out.shape));
    slices.each((slice, tap, plane) => {
      const patches = multiply(heap, backend, rows, columns, {
        a: pointer(dy) + 4 * slice * rows * k,
        b: pointer(filter) + 4 * tap * columns * k,
        depth: k,
        transposedB: true,
      });
      kernels.addPatches(pointer(out) + 4 * plane, pointer(patches), ...image);
      heap.free(patches);
    });
    return out;
  };
}

/**
 * Returns the kernel of the gradient of a three-dimensional convolution with respect to its filter, which the stock one
 * gets wrong with strides: tap by tap, the sum over slices of the transposed patches times dy.
 */
export function filterGradient3D(heap: Heap) {
  return ({ inputs: { x, dy }, backend, attrs }: Args<{ filterShape: readonly number[] }>): tf.TensorInfo => {
    const { kernels, pointer } = heap;
    const slices = slicesOf(x.shape, attrs.filterShape, dy.shape, attrs);
    const { rows, columns, k, image } = slices;
    const out = heap.make(attrs.filterShape);
    kernels.clear(pointer(out), tf.util.sizeFromShape(out.shape));
    slices.each((slice, tap, plane) => {
      const patches = heap.make([rows, columns]);
      kernels.patches(pointer(x) + 4 * plane, pointer(patches), ...image);
      const product = multiply(heap, backend, columns, k, {
        a: pointer(patches),
        b: pointer(dy) + 4 * slice * rows * k,
        depth: rows,
        transposedA: true,
      });
      kernels.add(pointer(out) + 4 * tap * columns * k, pointer(product), columns * k);
      heap.free(patches, product);
    });
    return out;
  };
}

/**
 * The slices of a three-dimensional convolution: x [n, d, h, w, c], filter [kd, kh, kw, c, k], y [n, od, oh, ow, k].
 */
function slicesOf(
  [n, d, h, w, c]: readonly number[],
  filterShape: readonly number[],
  [, od, oh, ow, k]: readonly number[],
  { strides, pad }: Attributes,
) {
  const [kd, kh, kw] = filterShape;
  const sizes = tf.backend_util.computeConv3DInfo([n, d, h, w, c], filterShape as Shape5D, strides, 1, pad);
  const { strideDepth, strideHeight, strideWidth, padInfo } = sizes;
  const { top, left } = padInfo;
  const image = [1, h, w, c, oh, ow, kh, kw, strideHeight, strideWidth, 1, 1, top, left] as const;
  /** Calls `use` with each slice of y, each tap in depth that reaches a plane of x, and where that plane begins. */
  const each = (use: (slice: number, tap: number, plane: number) => void) => {
    for (let slice = 0; slice < n * od; slice++) {
      const [at, i] = [Math.floor(slice / od), slice % od];
      for (let tap = 0; tap < kd; tap++) {
        const depth = i * strideDepth + tap - padInfo.front;
        if (depth >= 0 && depth < d) use(slice, tap, (at * d + depth) * h * w * c);
      }
    }
  };
  return { rows: oh * ow, columns: kh * kw * c, k, image, each };
}
