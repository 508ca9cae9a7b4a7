import * as tf from "@tensorflow/tfjs";

const WASM = "wasm";
let stock: tf.KernelConfig | undefined;

/** What the wasm backend offers a kernel here. */
interface Backend {
  disposeData(dataId: object): void;
}

/**
 * Replaces the matrix product of tfjs's wasm backend by one that transposes its arguments first. The stock kernel is fast only
 * without transpose flags, and every backward pass sets one (dy·Wᵀ and xᵀ·dy), where it is ten times slower. The results agree
 * to rounding. Calling it again, or without the wasm backend, changes nothing.
 *
 * @returns whether the wasm backend is there to be made faster.
 */
export function installFastWasmKernels(): boolean {
  if (stock !== undefined) return true;
  const original = tf.getKernel("BatchMatMul", WASM);
  const transpose = tf.getKernel("Transpose", WASM);
  if (original === undefined || transpose === undefined) return false;
  tf.unregisterKernel("BatchMatMul", WASM);
  tf.registerKernel({
    kernelName: "BatchMatMul",
    backendName: WASM,
    setupFunc: original.setupFunc,
    disposeFunc: original.disposeFunc,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const disposable: tf.TensorInfo[] = [];
      const plain = (x: tf.TensorInfo, flag: unknown): tf.TensorInfo => {
        if (!flag) return x;
        const rank = x.shape.length;
        const perm = [...x.shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
        const flipped = transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as tf.TensorInfo;
        disposable.push(flipped);
        return flipped;
      };
      const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const result = original.kernelFunc({
        inputs: { a: plain(a, attrs?.transposeA), b: plain(b, attrs?.transposeB) },
        backend,
        attrs: { ...attrs, transposeA: false, transposeB: false },
      });
      for (const { dataId } of disposable) (backend as unknown as Backend).disposeData(dataId);
      return result;
    },
  });
  stock = original;
  return true;
}

/** Puts the stock matrix product back, for comparisons. */
export function uninstallFastWasmKernels(): void {
  if (stock === undefined) return;
  tf.unregisterKernel("BatchMatMul", WASM);
  tf.registerKernel(stock);
  stock = undefined;
}
