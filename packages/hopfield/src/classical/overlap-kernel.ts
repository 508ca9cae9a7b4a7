import { CapabilityError, type Matrix } from "@basin/energy-core";
import {
  compiled,
  type KernelOption,
  layOut,
  type WasmInstance,
  wasmModule,
} from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { Settings, Walk } from "../dynamics.ts";
import { wasm } from "../wasm/overlap.generated.ts";
import { columnStride, packColumns, packRows, rowStride } from "./bits.ts";
import type { OverlapExports } from "./exports.ts";
import { energyFromSquares } from "./overlap-energy.ts";

const MODULE = wasmModule<OverlapExports>(wasm);

/** Beyond this P · N a field might not fit its 32 bits. */
const MAX_BITS = 2 ** 30;

/** Asynchronous recall of one Hebbian memory in wasm, on patterns of a bit an entry. */
export interface OverlapKernel {
  /** Begins a recall; the one before is given up. */
  walk(start: Int8Array, settings: Settings): Walk;
  /** Returns E(state); a recall under way is given up. */
  energy(state: Int8Array): number;
}

/**
 * Returns the kernel for a memory, or undefined where TypeScript is asked for, or `"auto"` finds no SIMD or too large a
 * memory.
 *
 * @throws {CapabilityError} when `"wasm"` was asked for and cannot run.
 */
export function overlapKernel(
  patterns: Matrix<Int8Array>,
  unit: number,
  thresholds: Float64Array,
  option: KernelOption,
): OverlapKernel | undefined {
  return compiled(option, () => {
    const entries = patterns.shape[0] * patterns.shape[1];
    if (entries > MAX_BITS)
      throw new CapabilityError(`the recall kernel takes at most 2^30 pattern entries, got ${entries}`);
    return new WasmOverlapKernel(patterns, unit, thresholds);
  });
}

class WasmOverlapKernel implements OverlapKernel {
  readonly #wasm: WasmInstance<OverlapExports>;
  readonly #at: ReturnType<typeof memoryOf>;
  readonly #patterns: number;
  readonly #neurons: number;
  readonly #unit: number;
  readonly #thresholds: Float64Array;
  readonly #wide: number;

  constructor(patterns: Matrix<Int8Array>, unit: number, thresholds: Float64Array) {
    [this.#patterns, this.#neurons] = patterns.shape;
    this.#unit = unit;
    this.#thresholds = thresholds;
    this.#wide = this.#neurons > 32767 ? 1 : 0;
    this.#at = memoryOf(this.#patterns, this.#neurons, this.#wide);
    this.#wasm = MODULE.instantiateSync(this.#at.bytes);
    const { buffer } = this.#wasm.memory;
    packRows(new Uint8Array(buffer, this.#at.rows), patterns);
    packColumns(new Uint8Array(buffer, this.#at.columns), patterns);
    new Float64Array(buffer, this.#at.thresholds, this.#neurons).set(thresholds);
  }

  walk(start: Int8Array, { free, order, seed }: Settings): Walk {
    const { exports, memory } = this.#wasm;
    const at = this.#at;
    const patterns = this.#patterns;
    const state = this.#take(start);
    new Uint32Array(memory.buffer, at.free, free.length).set(free);
    // The generator's words follow its two key words, which only splitting needs.
    new Uint32Array(memory.buffer, at.rng, 4).set(createRng(seed).save().slice(2));
    const random = order === "random" ? 1 : 0;
    return {
      state: () => state.slice(),
      energy: () => energyFromSquares(this.#squares(), patterns, this.#unit, this.#thresholds, state),
      sweep: () => {
        const flips = exports.sweep(
          at.columns,
          at.overlaps,
          at.state,
          at.thresholds,
          at.free,
          at.order,
          at.rng,
          at.sum,
          free.length,
          patterns,
          this.#unit,
          random,
          this.#wide,
        );
        return { flips, end: flips === 0 ? "fixed point" : undefined };
      },
    };
  }

  energy(state: Int8Array): number {
    this.#take(state);
    return energyFromSquares(this.#squares(), this.#patterns, this.#unit, this.#thresholds, state);
  }

  /** Puts a state into the kernel's memory, measures its overlaps, and returns the view on it. */
  #take(state: Int8Array): Int8Array {
    const { exports, memory } = this.#wasm;
    const at = this.#at;
    const view = new Int8Array(memory.buffer, at.state, this.#neurons);
    view.set(state);
    exports.pack(at.state, at.bits, this.#neurons);
    const sum = exports.measure(at.rows, at.bits, at.overlaps, this.#patterns, this.#neurons, this.#wide);
    new Int32Array(memory.buffer, at.sum, 1)[0] = sum;
    return view;
  }

  #squares(): number {
    const { buffer } = this.#wasm.memory;
    const View = this.#wide ? Int32Array : Int16Array;
    let squares = 0;
    for (const overlap of new View(buffer, this.#at.overlaps, this.#patterns)) squares += overlap * overlap;
    return squares;
  }
}

function memoryOf(patterns: number, neurons: number, wide: number) {
  const rowBytes = rowStride(neurons);
  const columnBytes = columnStride(patterns);
  return layOut({
    rows: patterns * rowBytes,
    columns: neurons * columnBytes,
    overlaps: columnBytes * (wide ? 32 : 16),
    thresholds: 8 * neurons,
    state: neurons,
    bits: rowBytes,
    free: 4 * neurons,
    order: 4 * neurons,
    rng: 16,
    sum: 4,
  });
}
