import type * as tf from "@tensorflow/tfjs";
import { type Heap, stockKernel } from "./heap.ts";

/** Matrices by address, and whether each is held transposed: op(a) [m, depth], op(b) [depth, n]. */
export interface Factors {
  readonly a: number;
  readonly b: number;
  readonly depth: number;
  readonly transposedA?: boolean;
  readonly transposedB?: boolean;
}

/** A matrix [m, n] that products are added to. */
export interface ProductSum {
  add(factors: Factors): void;
  /** Returns the sum as a tensor, which the caller frees; nothing may be added afterwards. */
  finish(): tf.TensorInfo;
}

/** Terms that assembly/lib/product.ts works on at a time. */
const DEPTH = 128;

/** Returns an empty sum of products, by our own kernel where it runs in wasm, and by XNNPACK's where it does not. */
export function productSum(heap: Heap, backend: unknown, m: number, n: number): ProductSum {
  return heap.kernel === "wasm" ? ownSum(heap, m, n) : stockSum(heap, backend, m, n);
}

/** Returns op(a)·op(b). */
export function multiply(
  heap: Heap,
  backend: unknown,
  m: number,
  n: number,
  factors: Factors,
): tf.TensorInfo {
  const sum = productSum(heap, backend, m, n);
  sum.add(factors);
  return sum.finish();
}

function ownSum({ kernels, make, free, pointer }: Heap, m: number, n: number): ProductSum {
  const wide = (n + 7) & ~7;
  const sum = make([m, wide]);
  kernels.clear(pointer(sum), m * wide);
  return {
    add({ a, b, depth, transposedA = false, transposedB = false }) {
      const scratch = make([DEPTH * (wide + 6)]);
      kernels.product(a, b, pointer(sum), m, depth, n, transposedA, transposedB, pointer(scratch));
      free(scratch);
    },
    finish() {
      if (wide === n) return sum;
      const out = make([m, n]);
      kernels.trim(pointer(sum), pointer(out), m, n);
      free(sum);
      return out;
    },
  };
}

/** XNNPACK's product is fast without transpose flags alone, so that what is held transposed is transposed first. */
function stockSum(heap: Heap, backend: unknown, m: number, n: number): ProductSum {
  const { kernels, make, free, pointer } = heap;
  const kernel = stockKernel("BatchMatMul");
  let sum: tf.TensorInfo | undefined;
  const plain = <T>(
    at: number,
    transposed: boolean | undefined,
    rows: number,
    columns: number,
    use: (matrix: tf.TensorInfo) => T,
  ): T => {
    if (!transposed) return heap.viewing([1, rows, columns], at, use);
    const turned = make([1, rows, columns]);
    kernels.transpose(at, pointer(turned), columns, rows);
    const result = use(turned);
    free(turned);
    return result;
  };
  return {
    add({ a, b, depth, transposedA, transposedB }) {
      const attrs = { transposeA: false, transposeB: false };
      const product = plain(a, transposedA, m, depth, (left) =>
        plain(b, transposedB, depth, n, (right) => kernel({ inputs: { a: left, b: right }, backend, attrs })),
      );
      if (sum === undefined) {
        sum = { ...product, shape: [m, n] };
        return;
      }
      kernels.add(pointer(sum), pointer(product), m * n);
      free(product);
    },
    finish: () => sum as tf.TensorInfo,
  };
}
