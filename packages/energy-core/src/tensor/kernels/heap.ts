import * as tf from "@tensorflow/tfjs";
import { CapabilityError } from "../../errors.ts";
import { compiled, type KernelName, type KernelOption } from "../../wasm/choose.ts";
import { wasm } from "../../wasm/gradients.generated.ts";
import { wasmModule } from "../../wasm/module.ts";
import type { GradientKernels } from "./exports.ts";
import { twinKernels } from "./twin.ts";

// The library is compiled without DOM or Node types.
declare const WebAssembly: { readonly Memory: new () => object };

/** What is used of tfjs's wasm backend, whose own types keep it private. */
export interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    readonly asm?: Readonly<Record<string, unknown>>;
    readonly tfjs: { disposeData(id: number): void };
  };
  readonly dataIdMap: {
    get(dataId: object): { readonly id: number; readonly memoryOffset: number };
    delete(dataId: object): boolean;
  };
  incRef(dataId: object): void;
  makeOutput(shape: readonly number[], dtype: "float32", memoryOffset?: number): tf.TensorInfo;
  disposeData(dataId: object): boolean;
}

/** The memory of tfjs's wasm backend, with our kernels working in it. */
export interface Heap {
  readonly kernels: GradientKernels;
  /** Which implementation the kernels are. */
  readonly kernel: KernelName;
  pointer(tensor: tf.TensorInfo): number;
  /** The whole memory, until it next grows. */
  floats(): Float32Array;
  /** Returns an uninitialized tensor. */
  make(shape: readonly number[]): tf.TensorInfo;
  free(...tensors: readonly tf.TensorInfo[]): void;
  /** Calls `use` with a tensor that stands for memory of another one, and forgets it afterwards. */
  viewing<T>(shape: readonly number[], pointer: number, use: (view: tf.TensorInfo) => T): T;
}

const module = wasmModule<GradientKernels>(wasm);

/** @throws {CapabilityError} when `"wasm"` is asked for by name and the backend's memory is out of reach. */
export function heapOf(wasmBackend: tf.KernelBackend, option: KernelOption): Heap {
  const backend = wasmBackend as unknown as WasmBackend;
  const { kernels, kernel } = kernelsOf(backend, option);
  return {
    kernels,
    kernel,
    floats: () => new Float32Array(backend.wasm.HEAPU8.buffer),
    pointer: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    make: (shape) => backend.makeOutput(shape, "float32"),
    free(...tensors) {
      for (const { dataId } of tensors) backend.disposeData(dataId);
    },
    viewing(shape, pointer, use) {
      const view = backend.makeOutput(shape, "float32", pointer);
      try {
        return use(view);
      } finally {
        // Disposing of it would free memory that is another tensor's; this drops the name, and what XNNPACK packed for
        // it.
        backend.wasm.tfjs.disposeData(backend.dataIdMap.get(view.dataId).id);
        backend.dataIdMap.delete(view.dataId);
      }
    },
  };
}

function kernelsOf(
  backend: WasmBackend,
  option: KernelOption,
): { kernels: GradientKernels; kernel: KernelName } {
  const kernels = compiled(option, () => module.instantiateOver(memoryOf(backend)));
  if (kernels) return { kernels, kernel: "wasm" };
  const buffer = () => backend.wasm.HEAPU8.buffer;
  const twin = twinKernels(
    () => new Float32Array(buffer()),
    () => new Int32Array(buffer()),
  );
  return { kernels: twin, kernel: "typescript" };
}

/** The backend's memory is among the exports of its module, under a name that depends on how it was built. */
function memoryOf({ wasm: { asm = {} } }: WasmBackend): object {
  const memory = Object.values(asm).find((value): value is object => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new CapabilityError("the memory of tfjs's wasm backend is out of reach");
  return memory;
}

/** Returns the stock kernel of the wasm backend. */
export function stockKernel<A extends object>(name: string): (args: A) => tf.TensorInfo {
  const config = stock.get(name) ?? tf.getKernel(name, "wasm");
  if (config === undefined) throw new CapabilityError(`tfjs's wasm backend has no kernel ${name}`);
  // tfjs has one type for the functions of all kernels.
  return config.kernelFunc as unknown as (args: A) => tf.TensorInfo;
}

/** The kernels that ours have replaced. */
export const stock = new Map<string, tf.KernelConfig>();
