import * as tf from "@tensorflow/tfjs";
import { type Heap, stockKernel, type WasmBackend } from "./heap.ts";
import { multiply } from "./products.ts";

interface MatMulArgs {
  readonly inputs: { readonly a: tf.TensorInfo; readonly b: tf.TensorInfo };
  readonly backend: unknown;
  readonly attrs: { readonly transposeA?: boolean; readonly transposeB?: boolean };
}

/**
 * Returns the kernel of the product of (batches of) matrices, as fast with transpose flags and in batches as without,
 * where tfjs's own is ten times slower.
 */
export function matrixProduct(heap: Heap): (args: MatMulArgs) => tf.TensorInfo {
  return (args) => {
    const { a, b } = args.inputs;
    const { transposeA = false, transposeB = false } = args.attrs;
    const [m, depth] = sides(a, transposeA);
    const [depthOfB, n] = sides(b, transposeB);
    const floats = a.dtype === "float32" && b.dtype === "float32";
    if (!floats || depth !== depthOfB || depth === 0) {
      // What it refuses, or has a special answer to, is the stock kernel's to say.
      return stockKernel<MatMulArgs>("BatchMatMul")(args);
    }
    const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
    const count = tf.util.sizeFromShape(batch);
    const shape = [...batch, m, n];
    const flags = { depth, transposedA: transposeA, transposedB: transposeB };
    const { kernels, pointer } = heap;
    if (count === 1) {
      const factors = { ...flags, a: pointer(a), b: pointer(b) };
      return { ...multiply(heap, args.backend, m, n, factors), shape };
    }
    const out = heap.make(shape);
    const [whichA, whichB] = [places(batch, batchA), places(batch, batchB)];
    for (let k = 0; k < count; k++) {
      const factors = {
        ...flags,
        a: pointer(a) + 4 * whichA(k) * m * depth,
        b: pointer(b) + 4 * whichB(k) * depth * n,
      };
      const product = multiply(heap, args.backend, m, n, factors);
      kernels.clear(pointer(out) + 4 * k * m * n, m * n);
      kernels.add(pointer(out) + 4 * k * m * n, pointer(product), m * n);
      heap.free(product);
    }
    return out;
  };
}

function sides({ shape }: tf.TensorInfo, transposed: boolean): [rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

/** Which matrix of a broadcast operand the k-th product takes. */
function places(batch: readonly number[], own: readonly number[]): (k: number) => number {
  const padded = [...new Array(batch.length - own.length).fill(1), ...own];
  return (k) => {
    let [rest, at, stride] = [k, 0, 1];
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const index = rest % batch[axis];
      rest = Math.floor(rest / batch[axis]);
      if (padded[axis] > 1) at += index * stride;
      stride *= padded[axis];
    }
    return at;
  };
}

/**
 * Returns the kernel of sums, which adds rows up where the leading axes go, as the gradient of a bias wants; else the
 * stock one.
 */
export function leadingSum(heap: Heap) {
  const stock = stockKernel("Sum");
  return (args: {
    inputs: { x: tf.TensorInfo };
    attrs: { axis?: number | number[]; keepDims?: boolean };
  }): tf.TensorInfo => {
    const { x } = args.inputs;
    const axes = tf.util.parseAxisParam(args.attrs.axis as number[], x.shape).sort((p, q) => p - q);
    const leading = axes.every((axis, at) => axis === at) && axes.length < x.shape.length;
    if (x.dtype !== "float32" || !leading || axes.length === 0) return stock(args);
    const rest = x.shape.slice(axes.length);
    const [rows, inner] = [tf.util.sizeFromShape(x.shape.slice(0, axes.length)), tf.util.sizeFromShape(rest)];
    const out = heap.make(args.attrs.keepDims ? [...axes.map(() => 1), ...rest] : rest);
    heap.kernels.clear(heap.pointer(out), inner);
    heap.kernels.sumRows(heap.pointer(out), heap.pointer(x), rows, inner);
    return out;
  };
}

/**
 * Returns the kernel of a clone, which shares the memory of what it clones, as on other backends; the stock one copies
 * it.
 */
export function sharedIdentity() {
  return ({
    inputs: { x },
    backend,
  }: {
    inputs: { x: tf.TensorInfo };
    backend: WasmBackend;
  }): tf.TensorInfo => {
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  };
}
