import type { Matrix } from "@basin/energy-core";
import {
  type KernelName,
  type KernelOption,
  layOut,
  placeKernel,
  wasmModule,
} from "@basin/energy-core/internal";
import { wasm } from "../wasm/retrieve.generated.ts";
import type { RetrieveExports } from "./exports.ts";
import { retrieveTwin } from "./retrieve-twin.ts";

const MODULE = wasmModule<RetrieveExports>(wasm);

/** Scratch for the scores of one group of queries is kept near this many numbers. */
const SCRATCH = 2 ** 21;

/** How one call weighs the patterns. */
export interface Weighing {
  /** β. */
  readonly sharpness: number;
  /** Added to every dot product: b_μ. */
  readonly bias: Float32Array;
  /** For log-sum-ReLU: the score above which a pattern has weight, for each query. */
  readonly thresholds?: Float32Array;
}

/** The outcome of one retrieval step for a batch of queries. */
export interface Retrieved {
  /** Weighted means of the values, row-major. */
  readonly means: Float32Array;
  /** Index of the pattern with the largest score, for each query. */
  readonly nearest: Uint32Array;
  /** Whether any pattern had weight, for each query. */
  readonly reached: Uint8Array;
}

/** Keys and values in a kernel's memory, ready to answer queries. */
export interface Retriever {
  readonly kernel: KernelName;
  /** @param queries row-major, `rows` × d. */
  step(queries: Float32Array, rows: number, weighing: Weighing): Retrieved;
}

/**
 * Returns a retriever over `keys` [P, d] and `values` [P, dv] (the keys themselves when they are the same object),
 * which are copied into its memory.
 */
export function retriever(
  keys: Matrix<Float32Array>,
  values: Matrix<Float32Array>,
  option: KernelOption,
): Retriever {
  const layout = memoryOf(keys, values);
  const { exports, buffer, kernel } = placeKernel(MODULE, retrieveTwin, layout.bytes, option);
  const heap = new Float32Array(buffer);
  place(heap, layout.x, keys, layout.d);
  if (values !== keys) place(heap, layout.v, values, layout.dv);
  return { kernel, step: (queries, rows, weighing) => run(exports, buffer, layout, queries, rows, weighing) };
}

type Layout = ReturnType<typeof memoryOf>;

/** Where things lie; rows are padded with zeros to whole vectors. */
function memoryOf(keys: Matrix<Float32Array>, values: Matrix<Float32Array>) {
  const [patterns, width] = keys.shape;
  const valueWidth = values.shape[1];
  const count = padded(patterns, 4);
  const [d, dv] = [padded(width, 8), padded(valueWidth, 8)];
  const group = Math.max(4, Math.min(32, padded(Math.floor(SCRATCH / count) - 3, 4)));
  const at = layOut({
    x: 4 * count * d,
    v: values === keys ? 0 : 4 * count * dv,
    bias: 4 * count,
    q: 4 * group * d,
    s: 4 * group * count,
    out: 4 * group * dv,
    nearest: 4 * group,
    threshold: 4 * group,
  });
  return { width, valueWidth, count, d, dv, group, ...at, v: values === keys ? at.x : at.v };
}

function padded(length: number, multiple: number): number {
  return Math.ceil(length / multiple) * multiple;
}

function place(heap: Float32Array, at: number, source: Matrix<Float32Array>, stride: number): void {
  const [rows, columns] = source.shape;
  for (let r = 0; r < rows; r++) {
    heap.set(source.data.subarray(r * columns, (r + 1) * columns), (at >>> 2) + r * stride);
  }
}

function run(
  exports: RetrieveExports,
  buffer: ArrayBuffer,
  layout: Layout,
  queries: Float32Array,
  rows: number,
  { sharpness, bias, thresholds }: Weighing,
): Retrieved {
  const { count, width, valueWidth, d, dv, group } = layout;
  const heap = new Float32Array(buffer);
  heap.fill(Number.NEGATIVE_INFINITY, layout.bias >>> 2, (layout.bias >>> 2) + count);
  heap.set(bias, layout.bias >>> 2);
  const means = new Float32Array(rows * valueWidth);
  const nearest = new Uint32Array(rows);
  const reached = new Uint8Array(rows);
  const scales = new Float32Array(buffer, layout.threshold, group);
  for (let from = 0; from < rows; from += group) {
    const taken = Math.min(group, rows - from);
    const m = padded(taken, 4);
    heap.fill(0, layout.q >>> 2, (layout.q >>> 2) + m * d);
    for (let r = 0; r < taken; r++) {
      heap.set(queries.subarray((from + r) * width, (from + r + 1) * width), (layout.q >>> 2) + r * d);
    }
    if (thresholds) scales.set(thresholds.subarray(from, from + taken));
    exports.retrieve(
      layout.x,
      layout.bias,
      layout.v,
      layout.q,
      layout.s,
      layout.out,
      layout.nearest,
      layout.threshold,
      count,
      d,
      dv,
      m,
      sharpness,
      thresholds ? 1 : 0,
    );
    nearest.set(new Uint32Array(buffer, layout.nearest, taken), from);
    for (let r = 0; r < taken; r++) {
      const line = (layout.out >>> 2) + r * dv;
      means.set(heap.subarray(line, line + valueWidth), (from + r) * valueWidth);
      reached[from + r] = scales[r] > 0 ? 1 : 0;
    }
  }
  return { means, nearest, reached };
}
