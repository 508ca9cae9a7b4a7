import { CapabilityError, checkName } from "../errors.ts";
import { type WasmInstance, type WasmModule, wasmModule } from "./module.ts";

/** Which implementation of a kernel runs: the compiled one, or its TypeScript twin, which gives the same bits. */
export type KernelName = "wasm" | "typescript";

/**
 * What a caller may ask for: one by name, or `"auto"`, which takes wasm where it works and says so where it does not.
 */
export type KernelOption = KernelName | "auto";

/** Every value of {@link KernelOption}. */
export const kernelNames: readonly KernelOption[] = ["auto", "wasm", "typescript"];

/** Both implementations of one kernel, made on demand. */
export interface Kernel<K> {
  readonly wasm: () => Promise<K>;
  readonly typescript: () => K;
}

/** The implementation that was chosen. */
export interface Chosen<K> {
  readonly implementation: K;
  readonly kernel: KernelName;
  /** Why `"auto"` fell back to TypeScript; absent when it did not. */
  readonly fallback?: string;
}

/**
 * Resolves to the implementation that `option` asks for. `"auto"` (the default) is wasm, or the TypeScript twin with
 * the reason in `fallback` where WebAssembly or its SIMD is missing or forbidden.
 *
 * @throws {ArgumentError} for an unknown option.
 * @throws {CapabilityError} when `"wasm"` was asked for by name and cannot run.
 */
export async function chooseKernel<K>(kernel: Kernel<K>, option: KernelOption = "auto"): Promise<Chosen<K>> {
  checkName("kernel", option, kernelNames);
  if (option === "typescript") return { implementation: kernel.typescript(), kernel: "typescript" };
  try {
    return { implementation: await kernel.wasm(), kernel: "wasm" };
  } catch (error) {
    if (option === "wasm" || !(error instanceof CapabilityError)) throw error;
    return { implementation: kernel.typescript(), kernel: "typescript", fallback: error.message };
  }
}

/**
 * Returns what makes both implementations of a kernel over a memory of so many bytes, for {@link chooseKernel}.
 *
 * @param base64 the bytes of the module, as `build-wasm` writes them.
 * @param twin makes the TypeScript twin over a buffer.
 */
export function kernelOf<E extends object>(
  base64: string,
  twin: (buffer: ArrayBuffer) => E,
): (bytes: number) => Kernel<WasmInstance<E>> {
  const module = wasmModule<E>(base64);
  return (bytes) => ({
    wasm: () => module.instantiate(bytes),
    typescript: () => {
      const buffer = new ArrayBuffer(8 * Math.ceil(bytes / 8));
      return { exports: twin(buffer), memory: { buffer, grow: () => -1 } };
    },
  });
}

/**
 * Returns what `make` makes of a compiled kernel, at once; undefined for `"typescript"`, and for `"auto"` where
 * WebAssembly or its SIMD is missing or forbidden.
 *
 * @throws {ArgumentError} for an unknown option.
 * @throws {CapabilityError} when `"wasm"` was asked for by name and cannot run.
 */
export function compiled<K>(option: KernelOption, make: () => K): K | undefined {
  checkName("kernel", option, kernelNames);
  if (option === "typescript") return undefined;
  try {
    return make();
  } catch (error) {
    if (option === "wasm" || !(error instanceof CapabilityError)) throw error;
    return undefined;
  }
}

/** A kernel with its memory, compiled or not. */
export interface Placed<E> {
  readonly exports: E;
  readonly buffer: ArrayBuffer;
  readonly kernel: KernelName;
}

/**
 * Returns a kernel over a memory of at least `bytes` bytes, at once: the compiled module, or for `"typescript"`, and
 * for `"auto"` where WebAssembly or its SIMD is missing or forbidden, the twin over a buffer of that size.
 *
 * @param twin makes the twin over a buffer.
 *
 * @throws {CapabilityError} when `"wasm"` was asked for by name and cannot run.
 */
export function placeKernel<E>(
  module: WasmModule<E>,
  twin: (buffer: ArrayBuffer) => E,
  bytes: number,
  option: KernelOption,
): Placed<E> {
  const instance = compiled(option, () => module.instantiateSync(bytes));
  if (instance) return { exports: instance.exports, buffer: instance.memory.buffer, kernel: "wasm" };
  const buffer = new ArrayBuffer(bytes);
  return { exports: twin(buffer), buffer, kernel: "typescript" };
}
