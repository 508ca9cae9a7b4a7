import { CapabilityError, type Matrix, row } from "@basin/energy-core";
import {
  compiled,
  type KernelOption,
  layOut,
  type WasmInstance,
  wasmModule,
} from "@basin/energy-core/internal";
import { wasm } from "../wasm/synchronous.generated.ts";
import { columnStride, packColumns, packRows, rowStride } from "./bits.ts";
import type { SynchronousExports } from "./exports.ts";
import { MAX_BITS, smallestField } from "./overlap-energy.ts";

const MODULE = wasmModule<SynchronousExports>(wasm);

/** States in the lanes of one vector of bytes. */
const LANES = 16;

/** How synchronous recall of one state ended. */
export interface SynchronousEnd {
  readonly state: Int8Array;
  readonly sweeps: number;
  readonly end?: "fixed point" | "cycle";
  /** Σ_μ (M^μ)² of a fixed point, which the last sweep has measured. */
  readonly squares?: number;
}

/** Synchronous recall of 16 states at once in wasm. */
export interface SynchronousKernel {
  /** Returns where each row of `states` ends. */
  run(states: Matrix<Int8Array>, maxSweeps: number): SynchronousEnd[];
}

/**
 * Returns the kernel for a Hebbian memory, or undefined where TypeScript is asked for, or `"auto"` finds no SIMD or too
 * large a memory.
 *
 * @throws {CapabilityError} when `"wasm"` was asked for and cannot run.
 */
export function synchronousKernel(
  patterns: Matrix<Int8Array>,
  unit: number,
  thresholds: Float64Array,
  option: KernelOption,
): SynchronousKernel | undefined {
  return compiled(option, () => {
    const entries = patterns.shape[0] * patterns.shape[1];
    if (entries > MAX_BITS)
      throw new CapabilityError(`the recall kernel takes at most 2^29 pattern entries, got ${entries}`);
    return new WasmSynchronousKernel(patterns, unit, thresholds);
  });
}

class WasmSynchronousKernel implements SynchronousKernel {
  readonly #wasm: WasmInstance<SynchronousExports>;
  readonly #at: ReturnType<typeof memoryOf>;
  readonly #patterns: number;
  readonly #neurons: number;

  constructor(patterns: Matrix<Int8Array>, unit: number, thresholds: Float64Array) {
    [this.#patterns, this.#neurons] = patterns.shape;
    this.#at = memoryOf(this.#patterns, this.#neurons);
    this.#wasm = MODULE.instantiateSync(this.#at.bytes);
    const { buffer } = this.#wasm.memory;
    packRows(new Uint8Array(buffer, this.#at.rows), patterns);
    packColumns(new Uint8Array(buffer, this.#at.columns), patterns);
    const limits = new Int32Array(buffer, this.#at.limits, this.#neurons);
    for (let i = 0; i < this.#neurons; i++) limits[i] = smallestField(unit, thresholds[i]);
  }

  run(states: Matrix<Int8Array>, maxSweeps: number): SynchronousEnd[] {
    const count = states.shape[0];
    const ends = new Array<SynchronousEnd>(count);
    const lanes: { row: number; sweeps: number }[] = [];
    let next = 0;
    let open = 0;
    for (let lane = 0; lane < LANES; lane++) {
      lanes.push({ row: next, sweeps: 0 });
      this.#load(lane, row(states, Math.min(next, count - 1)));
      if (next++ < count) open++;
    }
    while (open > 0) {
      const masks = this.#sweep();
      for (const [lane, at] of lanes.entries()) {
        if (at.row >= count) continue;
        at.sweeps++;
        const changed = (masks >>> lane) & 1;
        const end = !changed ? "fixed point" : (masks >>> (16 + lane)) & 1 ? undefined : "cycle";
        if (end === undefined && at.sweeps < maxSweeps) continue;
        const squares = end === "fixed point" ? this.#squares(lane) : undefined;
        ends[at.row] = { state: this.#read(lane), sweeps: at.sweeps, end, squares };
        // The lane goes on with the next state, so that no state waits for a slower one.
        at.row = next++;
        at.sweeps = 0;
        if (at.row < count) this.#load(lane, row(states, at.row));
        else open--;
      }
    }
    return ends;
  }

  #sweep(): number {
    const at = this.#at;
    return this.#wasm.exports.sweep(
      at.rows,
      at.columns,
      at.spins,
      at.before,
      at.limits,
      at.sums,
      at.table,
      this.#patterns,
      this.#neurons,
    );
  }

  #squares(lane: number): number {
    const sums = new Int32Array(this.#wasm.memory.buffer, this.#at.sums, LANES * this.#patterns);
    let squares = 0;
    for (let k = lane; k < sums.length; k += LANES) squares += sums[k] * sums[k];
    return squares;
  }

  #load(lane: number, state: Int8Array): void {
    const { exports, memory } = this.#wasm;
    const at = this.#at;
    new Int8Array(memory.buffer, at.state, this.#neurons).set(state);
    exports.put(at.state, at.spins, at.before, lane, this.#neurons);
  }

  #read(lane: number): Int8Array {
    const { exports, memory } = this.#wasm;
    const at = this.#at;
    exports.take(at.state, at.spins, lane, this.#neurons);
    return new Int8Array(memory.buffer, at.state, this.#neurons).slice();
  }
}

function memoryOf(patterns: number, neurons: number) {
  const columnBytes = columnStride(patterns);
  return layOut({
    rows: patterns * rowStride(neurons),
    columns: neurons * columnBytes,
    spins: LANES * neurons,
    before: LANES * neurons,
    limits: 4 * neurons,
    state: neurons,
    sums: 8 * columnBytes * 4 * LANES,
    table: Math.max(4096, 2 * columnBytes * 1024),
  });
}
