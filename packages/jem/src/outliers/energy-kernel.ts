import { CapabilityError } from "@basin/energy-core";
import { type WasmInstance, wasmModule } from "@basin/energy-core/internal";
import { wasm } from "../wasm/log-sum-exp.generated.ts";
import { energies } from "./energies.ts";
import { FRACTIONS, STEPS } from "./exp.ts";
import { checkRow, type Rows } from "./rows.ts";

/** The function of `assembly/log-sum-exp.ts`; pointers are in bytes. */
interface LogSumExp {
  logSumExp(rows: number, count: number, width: number, steps: number, table: number, out: number): void;
}

/** Floats at a time: 256 KiB, which stay in the second-level cache. TypeScript handles longer rows and small arrays. */
const [CHUNK, FEW] = [2 ** 16, 2 ** 12];
/** Addresses of the table of exp, the results (two doubles a row) and the rows. */
const [TABLE, OUT, ROWS] = [0, 8192, 8192 + 16 * CHUNK];

let instance: WasmInstance<LogSumExp> | null | undefined;

/** Returns the kernel with its table, made once, or null if WebAssembly with SIMD is missing. */
function kernel(): WasmInstance<LogSumExp> | null {
  if (instance !== undefined) return instance;
  try {
    instance = wasmModule<LogSumExp>(wasm).instantiateSync(ROWS + 4 * CHUNK);
    new Float64Array(instance.memory.buffer, TABLE, FRACTIONS.length).set(FRACTIONS);
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    instance = null;
  }
  return instance;
}

/**
 * Returns the same bits as {@link energies}. It uses the compiled kernel, if there is one, for rows of 32-bit floats.
 */
export function compiledEnergies(logits: Rows, temperature: number): Float64Array {
  const { data, count, width } = logits;
  const compiled =
    data instanceof Float32Array && data.length >= FEW && width <= CHUNK ? kernel() : undefined;
  if (!compiled) return energies(logits, temperature);
  const { buffer } = compiled.memory;
  const [rows, sums] = [new Float32Array(buffer, ROWS, CHUNK), new Float64Array(buffer, OUT, 2 * CHUNK)];
  const result = new Float64Array(count);
  const together = Math.floor(CHUNK / width);
  for (let from = 0; from < count; from += together) {
    const some = Math.min(together, count - from);
    rows.set(data.subarray(from * width, (from + some) * width));
    compiled.exports.logSumExp(ROWS, some, width, STEPS / temperature, TABLE, OUT);
    for (let i = 0; i < some; i++) {
      const [largest, sum] = [sums[2 * i], sums[2 * i + 1]];
      if (!(sum >= 1 && largest < Number.POSITIVE_INFINITY)) checkRow(logits, from + i);
      result[from + i] = -largest - temperature * Math.log(sum);
    }
  }
  return result;
}
