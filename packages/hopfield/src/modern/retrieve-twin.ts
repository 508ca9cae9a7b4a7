import { expBelow } from "@basin/energy-core/internal";
import type { RetrieveExports } from "./exports.ts";

const f = Math.fround;

/** The twin of assembly/retrieve.ts over a buffer of the same layout: every operation in the same order, in f32. */
export function retrieveTwin(buffer: ArrayBuffer): RetrieveExports {
  const heap = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  return {
    retrieve(x, bias, v, q, s, out, nearest, threshold, count, d, dv, m, beta, relu) {
      const [X, B, V, Q, S, O, NEAREST, T] = [x, bias, v, q, s, out, nearest, threshold].map(
        (at) => at >>> 2,
      );
      heap.fill(0, O, O + m * dv);
      for (let row = 0; row < m; row++) {
        const line = S + row * count;
        for (let p = 0; p < count; p++) {
          heap[line + p] = f(dot(heap, X + p * d, Q + row * d, d) + heap[B + p]);
        }
        words[NEAREST + row] = largest(heap, line, count);
        const scale = relu ? step(heap, line, count, heap[T + row]) : soften(heap, line, count, f(beta));
        heap[T + row] = scale;
        gather(heap, V, line, O + row * dv, count, dv);
        for (let k = O + row * dv; k < O + (row + 1) * dv; k++) heap[k] = f(heap[k] * scale);
      }
    },
  };
}

function dot(heap: Float32Array, a: number, b: number, d: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = 0; k < d; k += 4) {
    s0 = f(s0 + f(heap[a + k] * heap[b + k]));
    s1 = f(s1 + f(heap[a + k + 1] * heap[b + k + 1]));
    s2 = f(s2 + f(heap[a + k + 2] * heap[b + k + 2]));
    s3 = f(s3 + f(heap[a + k + 3] * heap[b + k + 3]));
  }
  return f(f(s0 + s2) + f(s1 + s3));
}

function largest(heap: Float32Array, line: number, count: number): number {
  let index = 0;
  for (let p = 1; p < count; p++) if (heap[line + p] > heap[line + index]) index = p;
  return index;
}

function soften(heap: Float32Array, line: number, count: number, beta: number): number {
  const most = heap[line + largest(heap, line, count)];
  const sums = new Float32Array(4);
  for (let p = 0; p < count; p++) {
    const weight = expBelow(f(beta * f(heap[line + p] - most)));
    heap[line + p] = weight;
    sums[p & 3] += weight;
  }
  return f(1 / totalOf(sums));
}

function step(heap: Float32Array, line: number, count: number, threshold: number): number {
  const sums = new Float32Array(4);
  for (let p = 0; p < count; p++) {
    const weight = heap[line + p] > threshold ? 1 : 0;
    heap[line + p] = weight;
    sums[p & 3] += weight;
  }
  const active = totalOf(sums);
  return active > 0 ? f(1 / active) : 0;
}

function totalOf(sums: Float32Array): number {
  return f(f(sums[0] + sums[2]) + f(sums[1] + sums[3]));
}

function gather(heap: Float32Array, v: number, line: number, out: number, count: number, dv: number): void {
  for (let p = 0; p < count; p++) {
    const weight = heap[line + p];
    if (weight === 0) continue;
    for (let k = 0, at = v + p * dv; k < dv; k++, at++) {
      heap[out + k] = f(heap[out + k] + f(heap[at] * weight));
    }
  }
}
