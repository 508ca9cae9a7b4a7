import { type WasmInstance, wasmModule } from "@basin/energy-core/wasm";
import { wasm } from "../../wasm/lanes.generated.ts";
import { laneTwin } from "./twin.ts";

/** The functions of the annealer in lanes: assembly/lanes.ts in wasm, twin.ts in TypeScript. */
export interface LaneExports {
  /** Computes the local fields of all replicas from their spins. */
  laneFields(count: number, nodes: number, spins: number, starts: number, site: number): void;
  /** Runs one sweep for each of the `sweeps` numbers β' = 2β log₂ e at `betas`. */
  laneSweeps(
    count: number,
    nodes: number,
    spins: number,
    starts: number,
    betas: number,
    sweeps: number,
    tape: number,
  ): void;
}

const module = wasmModule<LaneExports>(wasm);

/** Both forms of the kernel over a memory of `bytes` bytes. */
export function laneKernel(bytes: number) {
  return {
    wasm: () => module.instantiate(bytes),
    typescript: (): WasmInstance<LaneExports> => {
      const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
      return { exports: laneTwin(buffer), memory: { buffer, grow: () => -1 } };
    },
  };
}
