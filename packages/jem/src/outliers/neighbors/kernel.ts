import { CapabilityError, CostError } from "@basin/energy-core";
import { type WasmInstance, wasmModule } from "@basin/energy-core/internal";
import { wasm as plain } from "../../wasm/neighbors.generated.ts";
import { wasm as relaxed } from "../../wasm/neighbors-relaxed.generated.ts";

/** The functions of `assembly/neighbors.ts`; pointers are in bytes. */
export interface NeighborsKernel {
  products(
    queries: number,
    known: number,
    d: number,
    values: number,
    stride: number,
    m: number,
    n: number,
  ): void;
  firstAbove(values: number, from: number, count: number, limit: number): number;
}

/**
 * Returns the kernel with a memory of `bytes`, or undefined if WebAssembly with SIMD or that much memory is not
 * available.
 */
export function neighborsKernel(bytes: number): WasmInstance<NeighborsKernel> | undefined {
  for (const code of [relaxed, plain]) {
    try {
      return wasmModule<NeighborsKernel>(code).instantiateSync(bytes);
    } catch (error) {
      if (error instanceof CostError) return undefined;
      if (!(error instanceof CapabilityError)) throw error;
    }
  }
  return undefined;
}
