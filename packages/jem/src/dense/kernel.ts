import { CapabilityError } from "@basin/energy-core";
import { type WasmInstance, wasmModule } from "@basin/energy-core/wasm";
import { wasm as plain } from "../wasm/dense.generated.ts";
import { wasm as relaxed } from "../wasm/dense-relaxed.generated.ts";

/** The functions of `assembly/dense.ts`; pointers and strides are in bytes. */
export interface DenseKernel {
  gemm(a: number, rs: number, ks: number, b: number, c: number, m: number, n: number, k: number): void;
  pack(from: number, rs: number, cs: number, k: number, n: number, to: number): void;
  activate(z: number, slope: number, bias: number, m: number, n: number, kind: number): void;
  multiply(a: number, b: number, count: number): void;
  columnSums(z: number, m: number, n: number, out: number): void;
  langevin(
    x: number,
    gradient: number,
    noise: number,
    count: number,
    stepSize: number,
    noiseScale: number,
    limit: number,
    low: number,
    high: number,
    sign: number,
  ): void;
  adam(
    parameters: number,
    gradient: number,
    first: number,
    second: number,
    average: number,
    count: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    shrink: number,
    averageDecay: number,
  ): void;
}

const modules = { relaxed: wasmModule<DenseKernel>(relaxed), plain: wasmModule<DenseKernel>(plain) };

/**
 * Which of the two builds runs: "relaxed" multiplies and adds with one rounding, in an engine that has relaxed SIMD and on a processor
 * that has the instruction; "plain" runs wherever SIMD does. Results of the two differ by rounding.
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
