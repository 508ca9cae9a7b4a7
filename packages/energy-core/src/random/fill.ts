import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkName, checkNumber } from "../errors.ts";
import { layOut } from "../internal/regions.ts";
import { compiled, type KernelName, type KernelOption, kernelNames } from "../wasm/choose.ts";
import { wasm } from "../wasm/fill.generated.ts";
import { type WasmInstance, wasmModule } from "../wasm/module.ts";
import type { FillExports } from "./exports.ts";
import { fillNormalTwin, fillUniformTwin } from "./fill-twin.ts";
import { type Rng, seedLanes } from "./rng.ts";

/** The options of {@link bulkRng}. */
export interface BulkRngOptions {
  /** Which implementation runs; both give the same bits. Default `"auto"`: wasm where it works. */
  kernel?: KernelOption;
}

/** A generator of whole arrays of 32-bit floats. */
export interface BulkRng {
  /** The implementation in use. */
  readonly kernel: KernelName;
  /**
   * Fills `out` with independent normal numbers and returns it. The largest deviate that can occur is 6.66 standard
   * deviations (31-bit uniforms), beyond which the normal distribution has 2.7e-11 of its mass.
   */
  fillNormal(out: Float32Array, mean?: number, standardDeviation?: number): Float32Array;
  /** Fills `out` with independent numbers low + (high − low) u, u uniform on the multiples of 2⁻²⁴ in [0, 1). */
  fillUniform(out: Float32Array, low?: number, high?: number): Float32Array;
  /** Returns the state as 32 unsigned words, for checkpoints. */
  save(): Uint32Array;
  /** Goes on from a state that {@link save} gave. */
  restore(state: ArrayLike<number>): void;
}

type Fill = (state: Int32Array, out: Float32Array, a: number, b: number) => void;

interface Backend {
  readonly state: Int32Array;
  readonly normal: Fill;
  readonly uniform: Fill;
}

const LANES = 8;
/** Floats drawn into wasm memory at a time: 32 KiB stay in the first-level cache. */
const CHUNK = 8192;

const AT = layOut({ state: 16 * LANES, numbers: 4 * CHUNK });

const module = wasmModule<FillExports>(wasm);

/**
 * Returns a generator of arrays, seeded by `rng`'s key (not by what has been drawn from it). Eight xoshiro128++ lanes;
 * the same bits with either kernel and on every platform. Numbers come in blocks of eight, so a fill whose length is no
 * multiple of eight discards the rest of its last block.
 *
 * @example
 * ```ts
 * import { bulkRng, createRng } from "@basin/energy-core/random";
 *
 * const noise = bulkRng(createRng(7)).fillNormal(new Float32Array(784));
 * console.log(noise.length);
 * ```
 *
 * @throws {ArgumentError} for an unknown kernel; {CapabilityError} when `"wasm"` was asked for and cannot run.
 */
export function bulkRng(rng: Rng, options: BulkRngOptions = {}): BulkRng {
  checkOptions("bulkRng", options, "kernel");
  const { backend, kernel } = backendOf(checkName("kernel", options.kernel ?? "auto", kernelNames));
  seedLanes(backend.state, 0, rng, LANES);
  return {
    kernel,
    fillNormal(out, mean = 0, standardDeviation = 1) {
      checkNumber("mean", mean);
      backend.normal(
        backend.state,
        out,
        mean,
        checkNumber("standardDeviation", standardDeviation, { min: 0 }),
      );
      return out;
    },
    fillUniform(out, low = 0, high = 1) {
      checkNumber("high", high, { min: checkNumber("low", low) });
      backend.uniform(backend.state, out, low, high - low);
      return out;
    },
    save: () => Uint32Array.from(backend.state, (word) => word >>> 0),
    restore(state) {
      if (state.length !== 4 * LANES) {
        throw new ArgumentError(`a bulk generator's state has ${4 * LANES} words, got ${state.length}`);
      }
      for (let k = 0; k < state.length; k++) backend.state[k] = state[k];
    },
  };
}

function backendOf(option: KernelOption): { backend: Backend; kernel: KernelName } {
  const instance = compiled(option, () => module.instantiateSync(AT.bytes));
  if (instance) return { backend: wasmBackend(instance), kernel: "wasm" };
  const state = new Int32Array(4 * LANES);
  const backend = { state, normal: inBlocks(fillNormalTwin), uniform: inBlocks(fillUniformTwin) };
  return { backend, kernel: "typescript" };
}

function wasmBackend({ exports, memory }: WasmInstance<FillExports>): Backend {
  const buffer = new Float32Array(memory.buffer, AT.numbers, CHUNK);
  const chunked =
    (fill: FillExports["fillNormal"]): Fill =>
    (_, out, a, b) => {
      for (let at = 0; at < out.length; at += CHUNK) {
        const length = Math.min(CHUNK, out.length - at);
        fill(AT.state, AT.numbers, (length + 7) >> 3, a, b);
        out.set(length === CHUNK ? buffer : buffer.subarray(0, length), at);
      }
    };
  return {
    state: new Int32Array(memory.buffer, AT.state, 4 * LANES),
    normal: chunked(exports.fillNormal),
    uniform: chunked(exports.fillUniform),
  };
}

/** Lets a fill of whole blocks serve any length. */
function inBlocks(fill: Fill): Fill {
  const last = new Float32Array(8);
  return (state, out, a, b) => {
    const whole = out.length & ~7;
    fill(state, out.subarray(0, whole), a, b);
    if (whole === out.length) return;
    fill(state, last, a, b);
    out.set(last.subarray(0, out.length - whole), whole);
  };
}
