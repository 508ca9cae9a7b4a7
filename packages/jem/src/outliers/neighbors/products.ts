import { layOut } from "@basin/energy-core/internal";
import { neighborsKernel } from "./kernel.ts";

/**
 * Numbers of queries and of known rows at a time, in whole tiles of 6 × 8. They and their products stay in the
 * second-level cache.
 */
const [BATCH, BLOCK] = [96, 504];
const wholeEights = (count: number): number => 8 * Math.ceil(count / 8);

/** The products of one query with some known rows. */
export interface Products {
  /**
   * The products for `count` known rows from `first` on. Numbers after them, up to a multiple of eight, are
   * meaningless.
   */
  readonly values: Float32Array;
  readonly first: number;
  readonly count: number;
  /**
   * Returns the first place, in steps of eight from `from`, of eight products of which one may be at least `limit`, or
   * a number ≥ `count` if there is none.
   */
  firstAbove(from: number, limit: number): number;
}

/** Computes the products of the loaded queries with a block of known rows. Each query has a row of BLOCK numbers. */
interface Multiplier {
  load(queries: Float32Array, from: number, to: number): void;
  multiply(first: number): void;
  readonly values: Float32Array;
  firstAbove(row: number, from: number, count: number, limit: number): number;
}

const multipliers = new WeakMap<Float32Array, Multiplier>();

/** Computes the products of every query with every known row, both of width d, in 32 bits, block by block. */
export function products(
  known: Float32Array,
  queries: Float32Array,
  d: number,
  take: (products: Products, query: number) => void,
): void {
  // The kernel's layout of the known rows is kept as long as the rows are.
  const multiplier = multipliers.get(known) ?? compiled(known, d) ?? plain(known, d);
  multipliers.set(known, multiplier);
  const [all, total] = [queries.length / d, known.length / d];
  for (let from = 0; from < all; from += BATCH) {
    const to = Math.min(all, from + BATCH);
    multiplier.load(queries, from, to);
    for (let first = 0; first < total; first += BLOCK) {
      multiplier.multiply(first);
      const count = Math.min(BLOCK, total - first);
      for (let query = from; query < to; query++) {
        const row = (query - from) * BLOCK;
        const values = multiplier.values.subarray(row, row + count);
        const firstAbove = (at: number, limit: number) => multiplier.firstAbove(row, at, count, limit);
        take({ values, first, count, firstAbove }, query);
      }
    }
  }
}

/** Returns the kernel with the known rows in its memory, or undefined if there is no kernel or it cannot hold them. */
function compiled(known: Float32Array, d: number): Multiplier | undefined {
  const total = known.length / d;
  const sizes = { known: 4 * d * wholeEights(total), queries: 4 * d * BATCH, values: 4 * BATCH * BLOCK };
  const at = layOut(sizes, { align: 64 });
  const instance = neighborsKernel(at.bytes);
  if (instance === undefined) return undefined;
  const memory = new Float32Array(instance.memory.buffer);
  const { products, firstAbove } = instance.exports;
  writePanels(memory.subarray(at.known / 4), known, d, 8);
  let loaded = 0;
  return {
    load(queries, from, to) {
      loaded = to - from;
      writePanels(memory.subarray(at.queries / 4), queries.subarray(from * d, to * d), d, 6);
    },
    multiply(first) {
      const columns = wholeEights(Math.min(BLOCK, total - first));
      const rows = 6 * Math.ceil(loaded / 6);
      products(at.queries, at.known + 4 * d * first, d, at.values, 4 * BLOCK, rows, columns);
    },
    values: memory.subarray(at.values / 4, at.values / 4 + BATCH * BLOCK),
    firstAbove: (row, from, count, limit) => firstAbove(at.values + 4 * row, from, wholeEights(count), limit),
  };
}

/**
 * Writes rows of width d in panels of `wide` rows: the first number of each row, then the second, with 0 for missing
 * rows.
 */
function writePanels(out: Float32Array, rows: Float32Array, d: number, wide: number): void {
  const count = rows.length / d;
  for (let from = 0, at = 0; from < count; from += wide)
    for (let l = 0; l < d; l++)
      for (let r = from; r < from + wide; r++, at++) out[at] = r < count ? rows[r * d + l] : 0;
}

/** Does the same in TypeScript. */
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
          values[i * BLOCK + j] = sum;
        }
    },
    values,
    firstAbove: (_, from) => from,
  };
}
