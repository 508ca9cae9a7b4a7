import { CostError } from "@basin/energy-core";
import { layOut } from "@basin/energy-core/internal";
import { denseKernel } from "../../dense/kernel.ts";

/** Queries at a time, and known rows at a time on their way into panels. */
const [BATCH, CHUNK] = [96, 1024];

/** Takes the products of one query with all known rows, `values` from `row` on. */
type Take = (values: Float32Array, row: number, query: number) => void;

type Multiplier = (
  queries: Float32Array,
  from: number,
  to: number,
) => { values: Float32Array; stride: number };

const multipliers = new WeakMap<Float32Array, Multiplier>();

/** Computes the products of every query with every known row, both of width d, in 32 bits, some queries at a time. */
export function products(known: Float32Array, queries: Float32Array, d: number, take: Take): void {
  // What is laid out for the kernel stays as long as the known rows do.
  const multiply = multipliers.get(known) ?? compiled(known, d) ?? plain(known, d);
  multipliers.set(known, multiply);
  const count = queries.length / d;
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(count, from + BATCH);
    const { values, stride } = multiply(queries, from, to);
    for (let query = from; query < to; query++) take(values, (query - from) * stride, query);
  }
}

/** The kernel with the known rows in its memory, or undefined where there is none or they are too many for it. */
function compiled(known: Float32Array, d: number): Multiplier | undefined {
  const count = known.length / d;
  const wide = 8 * Math.ceil(count / 8);
  const at = layOut(
    { panels: 4 * d * wide, chunk: 4 * d * CHUNK, queries: 4 * d * BATCH, values: 4 * BATCH * wide },
    { align: 64 },
  );
  const instance = unlessTooLarge(() => denseKernel(at.bytes));
  if (instance === undefined) return undefined;
  const memory = new Float32Array(instance.memory.buffer);
  const { gemm, pack } = instance.exports;
  for (let from = 0; from < count; from += CHUNK) {
    const rows = Math.min(CHUNK, count - from);
    memory.set(known.subarray(from * d, (from + rows) * d), at.chunk / 4);
    pack(at.chunk, 4, 4 * d, d, rows, at.panels + 4 * d * from);
  }
  const values = memory.subarray(at.values / 4, at.values / 4 + BATCH * wide);
  return (queries, from, to) => {
    memory.set(queries.subarray(from * d, to * d), at.queries / 4);
    gemm(at.queries, 4 * d, 4, at.panels, at.values, to - from, wide, d);
    return { values, stride: wide };
  };
}

function unlessTooLarge<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof CostError) return undefined;
    throw error;
  }
}

/** The same in TypeScript. */
function plain(known: Float32Array, d: number): Multiplier {
  const count = known.length / d;
  const values = new Float32Array(BATCH * count);
  return (queries, from, to) => {
    for (let i = from; i < to; i++)
      for (let j = 0; j < count; j++) {
        let sum = 0;
        for (let l = 0; l < d; l++) sum += queries[i * d + l] * known[j * d + l];
        values[(i - from) * count + j] = sum;
      }
    return { values, stride: count };
  };
}
