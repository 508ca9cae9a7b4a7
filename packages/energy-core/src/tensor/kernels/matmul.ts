import type * as tf from "@tensorflow/tfjs";
import { type Heap, stockKernel } from "./heap.ts";

/** Returns a matrix product that transposes its arguments first and multiplies without flags, which alone is fast. */
export function matrixProduct(heap: Heap) {
  return ({
    inputs: { a, b },
    backend,
    attrs,
  }: {
    inputs: Record<string, tf.TensorInfo>;
    backend: unknown;
    attrs?: unknown;
  }) => {
    const { transposeA, transposeB } = attrs as { transposeA?: boolean; transposeB?: boolean };
    const made: tf.TensorInfo[] = [];
    const plain = (x: tf.TensorInfo, flag: boolean | undefined): tf.TensorInfo => {
      if (!flag || x.dtype !== "float32") return x;
      made.push(transposed(heap, x));
      return made[made.length - 1];
    };
    const kernel = stockKernel("BatchMatMul").kernelFunc as unknown as (args: object) => tf.TensorInfo;
    const inputs = { a: plain(a, transposeA), b: plain(b, transposeB) };
    const result = kernel({
      inputs,
      backend,
      attrs: { ...(attrs as object), transposeA: false, transposeB: false },
    });
    heap.free(...made);
    return result;
  };
}

/** Swaps the last two axes. */
function transposed({ make, pointer, kernels }: Heap, x: tf.TensorInfo): tf.TensorInfo {
  const [rows, columns] = x.shape.slice(-2);
  const matrices = x.shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const out = make([...x.shape.slice(0, -2), columns, rows]);
  for (let m = 0; m < matrices; m++) {
    const skip = 4 * m * rows * columns;
    kernels.transpose(pointer(x) + skip, pointer(out) + skip, rows, columns);
  }
  return out;
}
