import { products } from "./products.ts";

/**
 * Returns the distance of each query to the k-th nearest of the known, all of them unit vectors of width d. Products in 32 bits say which may be the
 * nearest, whatever their rounding; distances of these in 64 bits decide, so that every kernel gives the same bits.
 */
export function kthDistances(known: Float32Array, queries: Float32Array, d: number, k: number): Float64Array {
  const [count, result] = [known.length / d, new Float64Array(queries.length / d)];
  // Of a sum of d products in 32 bits, the rounding is at most d · 2⁻²⁴ of Σ|a b| ≤ 1, twice over for two of them.
  const slack = 4 * (d + 4) * 2 ** -24;
  const heap = new Float32Array(k);
  let near = new Float64Array(2 * k);
  products(known, queries, d, (values, row, query) => {
    const limit = kthLargest(values, row, count, heap) - slack;
    let found = 0;
    for (let j = 0; j < count; j++) {
      if (values[row + j] < limit) continue;
      if (found === near.length) {
        const more = new Float64Array(2 * found);
        more.set(near);
        near = more;
      }
      near[found++] = squaredDistance(known, j * d, queries, query * d, d);
    }
    result[query] = Math.sqrt(near.subarray(0, found).sort()[k - 1]);
  });
  return result;
}

/** Returns the k-th largest of `count` values, by a heap of the k largest, the smallest first. */
function kthLargest(values: Float32Array, from: number, count: number, heap: Float32Array): number {
  heap.set(values.subarray(from, from + heap.length));
  heap.sort();
  for (let j = from + heap.length; j < from + count; j++) {
    const value = values[j];
    if (value <= heap[0]) continue;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= value) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = value;
  }
  return heap[0];
}

function squaredDistance(a: Float32Array, i: number, b: Float32Array, k: number, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const difference = a[i + j] - b[k + j];
    sum += difference * difference;
  }
  return sum;
}
