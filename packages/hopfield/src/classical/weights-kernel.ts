import { CapabilityError, CostError, type Matrix } from "@basin/energy-core";
import { type KernelOption, layOut, type WasmInstance, wasmModule } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { Settings, Walk } from "../dynamics.ts";
import { wasm } from "../wasm/weights.generated.ts";
import type { WeightsExports } from "./exports.ts";
import type { Ended } from "./recalls.ts";

const MODULE = wasmModule<WeightsExports>(wasm);

/** States whose fields are formed in one pass over the weights. */
const GROUP = 8;

/** Asynchronous recall with N × N weights in wasm. */
export interface WeightsKernel {
  /** Begins a recall; the one before is given up. */
  walk(start: Int8Array, settings: Settings): Walk;
  /** Recalls every row of `states`. */
  run(states: Matrix<Int8Array>, settings: Settings): Ended[];
}

/**
 * Returns the kernel for a network held as weights, or undefined where TypeScript is asked for, or `"auto"` finds no
 * SIMD or no room.
 *
 * @throws {CapabilityError} when `"wasm"` was asked for and cannot run; {CostError} when it finds no room.
 */
export function weightsKernel(
  weights: Matrix,
  thresholds: Float64Array,
  option: KernelOption,
): WeightsKernel | undefined {
  if (option === "typescript") return undefined;
  try {
    return new WasmWeightsKernel(weights, thresholds);
  } catch (error) {
    const missing = error instanceof CapabilityError || error instanceof CostError;
    if (option === "wasm" || !missing) throw error;
    return undefined;
  }
}

class WasmWeightsKernel implements WeightsKernel {
  readonly #wasm: WasmInstance<WeightsExports>;
  readonly #at: ReturnType<typeof memoryOf>;
  readonly #neurons: number;
  readonly #thresholds: Float64Array;

  constructor({ data, shape: [n] }: Matrix, thresholds: Float64Array) {
    this.#neurons = n;
    this.#thresholds = thresholds;
    this.#at = memoryOf(n);
    this.#wasm = MODULE.instantiateSync(this.#at.bytes);
    const { buffer } = this.#wasm.memory;
    const { weights, stride } = this.#at;
    const heap = new Float64Array(buffer, weights, n * stride);
    for (let i = 0; i < n; i++) heap.set(data.subarray(i * n, (i + 1) * n), i * stride);
    new Float64Array(buffer, this.#at.thresholds, n).set(thresholds);
  }

  walk(start: Int8Array, settings: Settings): Walk {
    this.#load([start]);
    return this.#walk(0, settings);
  }

  run({ data, shape: [rows, n] }: Matrix<Int8Array>, settings: Settings): Ended[] {
    const ends: Ended[] = [];
    for (let from = 0; from < rows; from += GROUP) {
      const group = Math.min(GROUP, rows - from);
      this.#load(Array.from({ length: group }, (_, r) => data.subarray((from + r) * n, (from + r + 1) * n)));
      for (let r = 0; r < group; r++) ends.push(finish(this.#walk(r, settings), settings.maxSweeps));
    }
    return ends;
  }

  #load(states: readonly Int8Array[]): void {
    const { exports, memory } = this.#wasm;
    const at = this.#at;
    const n = this.#neurons;
    const view = new Int8Array(memory.buffer, at.states, GROUP * n);
    for (const [r, state] of states.entries()) view.set(state, r * n);
    exports.fields(at.weights, at.states, at.thresholds, at.fields, n, at.stride, states.length);
  }

  #walk(r: number, { free, order, seed }: Settings): Walk {
    const { exports, memory } = this.#wasm;
    const at = this.#at;
    const n = this.#neurons;
    const state = new Int8Array(memory.buffer, at.states + r * n, n);
    const line = at.fields + 8 * r * at.stride;
    const energy = new Float64Array(memory.buffer, at.energy, 1);
    energy[0] = this.#energyOf(state, new Float64Array(memory.buffer, line, n));
    new Uint32Array(memory.buffer, at.free, free.length).set(free);
    // The generator's words follow its two key words, which only splitting needs.
    new Uint32Array(memory.buffer, at.rng, 4).set(createRng(seed).save().slice(2));
    const random = order === "random" ? 1 : 0;
    return {
      state: () => state.slice(),
      energy: () => energy[0],
      sweep: () => {
        const flips = exports.sweep(
          at.weights,
          line,
          state.byteOffset,
          at.free,
          at.order,
          at.rng,
          at.energy,
          free.length,
          at.stride,
          random,
        );
        return { flips, end: flips === 0 ? "fixed point" : undefined };
      },
    };
  }

  /**
   * E = −½ Σ_i S_i (f_i − θ_i) with f_i = Σ_j w_ij S_j − θ_i, added up in the order of energy-core's quadratic energy.
   */
  #energyOf(state: Int8Array, fields: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < state.length; i++) sum += state[i] * (fields[i] - this.#thresholds[i]);
    return -0.5 * sum;
  }
}

function finish(walk: Walk, maxSweeps: number): Ended {
  let sweeps = 0;
  let end: Ended["end"];
  while (sweeps < maxSweeps && !end) {
    end = walk.sweep().end;
    sweeps++;
  }
  return { state: walk.state(), energy: walk.energy(), sweeps, end };
}

/** The layout, and the length of a row of weights or fields, in numbers. */
function memoryOf(neurons: number) {
  const stride = Math.ceil(neurons / 2) * 2;
  const at = layOut({
    weights: 8 * neurons * stride,
    fields: 8 * GROUP * stride,
    thresholds: 8 * neurons,
    states: GROUP * neurons,
    free: 4 * neurons,
    order: 4 * neurons,
    rng: 16,
    energy: 8,
  });
  return { stride, ...at };
}
