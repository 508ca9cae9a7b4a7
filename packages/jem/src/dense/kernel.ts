import { CapabilityError } from "@basin/energy-core";
import { type WasmInstance, wasmModule } from "@basin/energy-core/internal";
import { wasm as plain } from "../wasm/dense.generated.ts";
import { wasm as relaxed } from "../wasm/dense-relaxed.generated.ts";
import type { DenseKernel } from "./exports.ts";

const modules = { relaxed: wasmModule<DenseKernel>(relaxed), plain: wasmModule<DenseKernel>(plain) };

/**
 * Which of the two builds runs: "relaxed" multiplies and adds with one rounding, in an engine that has relaxed SIMD and
 * on a processor that has the instruction; "plain" runs wherever SIMD does. Results of the two differ by rounding.
 */
export type DenseBuild = keyof typeof modules;

/**
 * Returns the kernel with a memory of `bytes`, or undefined where WebAssembly with SIMD is missing.
 *
 * @param build Default: relaxed where the engine has it.
 */
export function denseKernel(bytes: number, build?: DenseBuild): WasmInstance<DenseKernel> | undefined {
  for (const name of build === undefined ? (["relaxed", "plain"] as const) : [build]) {
    try {
      return modules[name].instantiateSync(bytes);
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
    }
  }
  return undefined;
}
