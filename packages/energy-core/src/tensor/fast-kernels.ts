import * as tf from "@tensorflow/tfjs";
import { checkOptions } from "../check-options.ts";
import { checkName } from "../errors.ts";
import { type KernelOption, kernelNames } from "../wasm/choose.ts";
import { filterGradient, inputGradient } from "./kernels/conv2d.ts";
import { filterGradient3D, inputGradient3D } from "./kernels/conv3d.ts";
import { depthwiseFilterGradient, depthwiseInputGradient, segmentSum } from "./kernels/depthwise.ts";
import { explicitlyPadded } from "./kernels/forward.ts";
import { convolutionGradients } from "./kernels/gradients.ts";
import { type Heap, heapOf, stock } from "./kernels/heap.ts";
import { leadingSum, matrixProduct, sharedIdentity } from "./kernels/matmul.ts";
import { maxPool3DGradient, maxPoolGradient } from "./kernels/pool.ts";

/** Options of {@link installFastWasmKernels}. */
export interface FastKernelOptions {
  /**
   * Which implementation moves the data between matrix products. Default `"auto"`: wasm where the backend's memory is
   * within reach.
   */
  kernel?: KernelOption;
}

type Kernels = Readonly<Record<string, (heap: Heap) => (args: never) => tf.TensorInfo>>;

/** In place of kernels that give wrong numbers without a word. */
const MENDED: Kernels = {
  Conv3DBackpropInputV2: inputGradient3D,
  Conv3DBackpropFilterV2: filterGradient3D,
  MaxPoolGrad: maxPoolGradient,
  MaxPool3DGrad: maxPool3DGradient,
  Conv2D: () => explicitlyPadded("Conv2D"),
  DepthwiseConv2dNative: () => explicitlyPadded("DepthwiseConv2dNative"),
  FusedConv2D: () => explicitlyPadded("FusedConv2D"),
  FusedDepthwiseConv2D: () => explicitlyPadded("FusedDepthwiseConv2D"),
};

/** In place of slow kernels, and of none. */
const FAST: Kernels = {
  BatchMatMul: matrixProduct,
  Sum: leadingSum,
  Identity: sharedIdentity,
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: inputGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  UnsortedSegmentSum: segmentSum,
};

/** What puts tfjs back as it was; absent while nothing is installed. */
let undo: (() => void)[] | undefined;
/** The same for {@link MENDED} alone, where an app chose the backend by itself. */
let unmend: (() => void)[] | undefined;

/**
 * Makes gradients fast and complete on the wasm backend of tfjs. In stock tfjs, the matrix product is ten times slower
 * in batches and with transpose flags, which every backward pass sets (dy·Wᵀ, xᵀ·dy). The gradient of a convolution's
 * input is as slow, and training a convolution throws. This function replaces `BatchMatMul` (one speed for all flags),
 * `Conv2DBackpropInput`, sums over leading axes and clones, adds `Conv2DBackpropFilter`, both gradients of depthwise
 * convolutions and `UnsortedSegmentSum` (the gradient of a gather), makes convolutions with dilations differentiable to
 * any order, and corrects kernels that are wrong in stock tfjs: forward convolutions with "same" padding and some
 * strides wider than the filter, the gradients of maximum pools over negative numbers and of a three-dimensional
 * convolution's input and strided filter. The results agree with the other backends' to rounding. Calling it again, or
 * without the wasm backend, changes nothing.
 *
 * @returns whether the wasm backend is active.
 * @throws {ArgumentError} for an unknown kernel; {CapabilityError} when `"wasm"` is asked for by name and cannot run.
 *
 * @example
 * ```ts
 * import { installFastWasmKernels, useWasm } from "@basin/energy-core/tensor";
 *
 * await useWasm({ fastKernels: false });
 * console.log(installFastWasmKernels()); // true
 * ```
 */
export function installFastWasmKernels(options: FastKernelOptions = {}): boolean {
  checkOptions("installFastWasmKernels", options, "kernel");
  const option = checkName("kernel", options.kernel ?? "auto", kernelNames);
  if (undo !== undefined) return true;
  const backend = tf.findBackend("wasm");
  if (!backend || tf.getKernel("BatchMatMul", "wasm") === undefined) return false;
  uninstallFastWasmKernels();
  const heap = heapOf(backend, option);
  undo = [...replaceKernels({ ...MENDED, ...FAST }, heap), ...convolutionGradients().map(replaceGradient)];
  return true;
}

/** Replaces kernels of the wasm backend that silently give wrong numbers, where no fast ones are installed. */
export function mendWasmKernels(): void {
  if (undo !== undefined || unmend !== undefined || tf.getBackend() !== "wasm") return;
  unmend = replaceKernels(MENDED, heapOf(tf.backend(), "auto"));
}

function replaceKernels(kernels: Kernels, heap: Heap): (() => void)[] {
  return Object.entries(kernels).map(([name, kernel]) => replaceKernel(name, kernel(heap)));
}

/**
 * Puts tfjs's own kernels and gradients back, for comparisons.
 *
 * @example
 * ```ts
 * import { uninstallFastWasmKernels } from "@basin/energy-core/tensor";
 *
 * uninstallFastWasmKernels(); // nothing happens where none are installed
 * ```
 */
export function uninstallFastWasmKernels(): void {
  for (const step of [...(undo ?? []), ...(unmend ?? [])]) step();
  undo = unmend = undefined;
}

function replaceKernel(kernelName: string, kernelFunc: (args: never) => tf.TensorInfo): () => void {
  const original = tf.getKernel(kernelName, "wasm");
  if (original !== undefined) {
    stock.set(kernelName, original);
    tf.unregisterKernel(kernelName, "wasm");
  }
  tf.registerKernel({
    ...original,
    kernelName,
    backendName: "wasm",
    kernelFunc: kernelFunc as tf.KernelFunc,
  });
  return () => {
    tf.unregisterKernel(kernelName, "wasm");
    stock.delete(kernelName);
    if (original !== undefined) tf.registerKernel(original);
  };
}

function replaceGradient(config: tf.GradConfig): () => void {
  const { kernelName } = config;
  const original = tf.getGradient(kernelName);
  if (original !== undefined) tf.unregisterGradient(kernelName);
  tf.registerGradient(config);
  return () => {
    tf.unregisterGradient(kernelName);
    if (original !== undefined) tf.registerGradient(original);
  };
}
