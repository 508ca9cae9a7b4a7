import { type WasmInstance, wasmModule } from "@basin/energy-core/wasm";
import { wasm } from "../../wasm/solve.generated.ts";
import { solveTwin } from "./twin.ts";

/** The functions of the bit-parallel annealer: assembly/solve.ts in wasm, twin.ts in TypeScript. */
export interface SolveExports {
  /** Runs sweeps `from` … `to − 1` of the table that `job` names; returns 1 when the last one flipped anything, else 0. */
  sweeps(from: number, to: number, job: number): number;
}

const module = wasmModule<SolveExports>(wasm);

/** Both forms of the kernel over a memory of `bytes` bytes. */
export function solveKernel(bytes: number) {
  return {
    wasm: () => module.instantiate(bytes),
    typescript: (): WasmInstance<SolveExports> => {
      const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
      return { exports: solveTwin(buffer), memory: { buffer, grow: () => -1 } };
    },
  };
}
