import * as tf from "@tensorflow/tfjs";
import { checkOptions } from "../check-options.ts";
import { BasinError } from "../errors.ts";
import { installFastWasmKernels } from "./fast-kernels.ts";

/** Options of {@link useWasm}. */
export interface UseWasmOptions {
  /**
   * Folder or address, ending in "/", that holds the `.wasm` files of `@tensorflow/tfjs-backend-wasm`. Default: in
   * Node, the installed package.
   */
  path?: string;
  /** Whether {@link installFastWasmKernels} follows. Default true. */
  fastKernels?: boolean;
}

/**
 * Makes the WebAssembly backend of tfjs the current one, with faster kernels. Needs the package
 * `@tensorflow/tfjs-backend-wasm`; in Node it finds the binaries in the installed package, elsewhere `path` says where
 * they are served.
 *
 * @throws {BasinError} when the package is not installed or the backend does not start.
 *
 * @example
 * ```ts
 * import { useWasm } from "@basin/energy-core/tensor";
 *
 * await useWasm();
 * ```
 */
export async function useWasm(options: UseWasmOptions = {}): Promise<void> {
  checkOptions("useWasm", options, "path fastKernels");
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm").catch((cause: unknown) => {
    throw new BasinError(
      "useWasm needs the package @tensorflow/tfjs-backend-wasm; install it beside @tensorflow/tfjs",
      { cause },
    );
  });
  const path = options.path ?? installedPath();
  if (path !== undefined) setWasmPaths(path);
  if (!(await tf.setBackend("wasm"))) throw new BasinError("tfjs's wasm backend did not start");
  await tf.ready();
  if (options.fastKernels ?? true) installFastWasmKernels();
}

/** The folder of the binaries in Node; nothing in a browser, where the package's own default holds. */
function installedPath(): string | undefined {
  const builtin = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process
    ?.getBuiltinModule;
  if (builtin === undefined) return undefined;
  const { createRequire } = builtin("node:module") as {
    createRequire(from: string): { resolve(name: string): string };
  };
  const binary = createRequire(import.meta.url).resolve(
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
  );
  return binary.slice(0, binary.lastIndexOf("tfjs-backend-wasm.wasm"));
}
