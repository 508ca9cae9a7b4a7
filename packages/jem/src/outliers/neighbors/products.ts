import { CostError } from "@basin/energy-core";
import { layOut } from "@basin/energy-core/internal";
import { denseKernel } from "../../dense/kernel.ts";

/**
 * Queries, and known rows, at a time: their products stay in the second-level cache, in rows that are no power of two apart. Known rows are a
 * multiple of the eight columns of a panel.
 */
const [BATCH, BLOCK] = [96, 1000];

/** Takes the products of a query with `count` known rows from `first` on, `values` from `row` on. */
type Take = (values: Float32Array, row: number, count: number, first: number, query: number) => void;

/** Computes the products of the loaded queries with a block of known rows, a query a row of as many as these, rounded up to eight. */
interface Multiplier {
  load(queries: Float32Array, from: number, to: number): void;
  multiply(first: number): void;
  readonly values: Float32Array;
}

const multipliers = new WeakMap<Float32Array, Multiplier>();

/** Computes the products of every query with every known row, both of width d, in 32 bits, some of each at a time. */
export function products(known: Float32Array, queries: Float32Array, d: number, take: Take): void {
  // What is laid out for the kernel stays as long as the known rows do.
  const multiplier = multipliers.get(known) ?? compiled(known, d) ?? plain(known, d);
  multipliers.set(known, multiplier);
  const [count, all] = [queries.length / d, known.length / d];
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(count, from + BATCH);
    multiplier.load(queries, from, to);
    for (let first = 0; first < all; first += BLOCK) {
      multiplier.multiply(first);
      const columns = Math.min(BLOCK, all - first);
      for (let query = from; query < to; query++)
        take(multiplier.values, (query - from) * 8 * Math.ceil(columns / 8), columns, first, query);
    }
  }
}

/** The kernel with the known rows in its memory, or undefined where there is none or they are too many for it. */
function compiled(known: Float32Array, d: number): Multiplier | undefined {
  const count = known.length / d;
  // Query rows are no power of two apart either.
  const [wide, stride] = [8 * Math.ceil(count / 8), 4 * (d + 16)];
  const at = layOut(
    {
      panels: 4 * d * wide,
      chunk: 4 * d * Math.min(BLOCK, wide),
      queries: stride * BATCH,
      values: 4 * BATCH * BLOCK,
    },
    { align: 64 },
  );
  const instance = unlessTooLarge(() => denseKernel(at.bytes));
  if (instance === undefined) return undefined;
  const memory = new Float32Array(instance.memory.buffer);
  const { gemm, pack } = instance.exports;
  for (let from = 0; from < count; from += BLOCK) {
    const rows = Math.min(BLOCK, count - from);
    memory.set(known.subarray(from * d, (from + rows) * d), at.chunk / 4);
    pack(at.chunk, 4, 4 * d, d, rows, at.panels + 4 * d * from);
  }
  let loaded = 0;
  return {
    load(queries, from, to) {
      loaded = to - from;
      for (let i = 0; i < loaded; i++)
        memory.set(queries.subarray((from + i) * d, (from + i + 1) * d), (at.queries + i * stride) / 4);
    },
    multiply(first) {
      const columns = Math.min(BLOCK, wide - first);
      gemm(at.queries, stride, 4, at.panels + 4 * d * first, at.values, loaded, columns, d);
    },
    values: memory.subarray(at.values / 4, at.values / 4 + BATCH * BLOCK),
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
  const values = new Float32Array(BATCH * BLOCK);
  let loaded = known.subarray(0, 0);
  return {
    load(queries, from, to) {
      loaded = queries.subarray(from * d, to * d);
    },
    multiply(first) {
      const columns = Math.min(BLOCK, known.length / d - first);
      for (let i = 0; i < loaded.length / d; i++)
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let l = 0; l < d; l++) sum += loaded[i * d + l] * known[(first + j) * d + l];
          values[i * 8 * Math.ceil(columns / 8) + j] = sum;
        }
    },
    values,
  };
}
