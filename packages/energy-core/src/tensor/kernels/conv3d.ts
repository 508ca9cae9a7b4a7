import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";
import { multiply } from "./products.ts";

type Shape5D = [number, number, number, number, number];
interface Args {
  readonly inputs: { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo };
  readonly backend: unknown;
  readonly attrs: {
    readonly strides: number | [number, number, number];
    readonly pad: "valid" | "same";
    readonly inputShape: Shape5D;
  };
}

/**
 * Returns the kernel of the gradient of a three-dimensional convolution with respect to its input, which the stock one gets wrong: slice by
 * slice, dy times the transposed filter gives the patches' gradients, which are added where they came from.
 */
export function inputGradient3D(heap: Heap) {
  return ({ inputs: { dy, filter }, backend, attrs }: Args): tf.TensorInfo => {
    const { inputShape, strides, pad } = attrs;
    const sizes = tf.backend_util.computeConv3DInfo(inputShape, filter.shape as Shape5D, strides, 1, pad);
    const [n, d, h, w, c] = inputShape;
    const [kd, kh, kw, , k] = filter.shape;
    const [, od, oh, ow] = dy.shape;
    const { strideDepth, strideHeight, strideWidth, padInfo } = sizes;
    const { kernels, pointer } = heap;
    const out = heap.make(inputShape);
    kernels.clear(pointer(out), n * d * h * w * c);
    const columns = kh * kw * c;
    for (let slice = 0; slice < n * od; slice++) {
      const [image, i] = [Math.floor(slice / od), slice % od];
      for (let tap = 0; tap < kd; tap++) {
        const depth = i * strideDepth + tap - padInfo.front;
        if (depth < 0 || depth >= d) continue;
        const patches = multiply(heap, backend, oh * ow, columns, {
          a: pointer(dy) + 4 * slice * oh * ow * k,
          b: pointer(filter) + 4 * tap * columns * k,
          depth: k,
          transposedB: true,
        });
        const to = pointer(out) + 4 * (image * d + depth) * h * w * c;
        // prettier-ignore
        kernels.addPatches(
          to,
          pointer(patches),
          1,
          h,
          w,
          c,
          oh,
          ow,
          kh,
          kw,
          strideHeight,
          strideWidth,
          1,
          1,
          padInfo.top,
          padInfo.left,
        );
        heap.free(patches);
      }
    }
    return out;
  };
}
