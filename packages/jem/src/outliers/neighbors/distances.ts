import { type Products, products } from "./products.ts";

/**
 * Returns the distance of each query to the k-th nearest of the known vectors; all are unit vectors of width d.
 * Products in 32 bits select candidates, with a margin for their rounding. Distances in 64 bits then decide, so every
 * kernel gives the same bits.
 */
export function kthDistances(known: Float32Array, queries: Float32Array, d: number, k: number): Float64Array {
  // The rounding of a sum of d products in 32 bits is at most d · 2⁻²⁴ of Σ|a b| ≤ 1, and comparing two sums doubles
  // it.
  const slack = 4 * (d + 4) * 2 ** -24;
  const nearest = Array.from({ length: queries.length / d }, () => new Nearest(k, slack));
  products(known, queries, d, (block, query) => nearest[query].take(block));
  return Float64Array.from(nearest, (each, query) => each.distance(known, queries, query * d, d));
}

/** The known vectors that may be among the k nearest of a query. */
class Nearest {
  /** The k largest products so far, the smallest first. */
  readonly #heap: Float32Array;
  readonly #slack: number;
  #places: number[] = [];
  #products: number[] = [];

  constructor(k: number, slack: number) {
    this.#heap = new Float32Array(k).fill(Number.NEGATIVE_INFINITY);
    this.#slack = slack;
  }

  /** Takes in the products with some of the known vectors. */
  take({ values, first, count, firstAbove }: Products): void {
    const [heap, slack] = [this.#heap, this.#slack];
    let limit = heap[0] - slack;
    for (let at = firstAbove(0, limit); at < count; at = firstAbove(at + 8, limit))
      for (let place = at; place < Math.min(count, at + 8); place++) {
        const value = values[place];
        if (value < limit) continue;
        this.#places.push(first + place);
        this.#products.push(value);
        if (value > heap[0]) {
          replaceLeast(heap, value);
          limit = heap[0] - slack;
        }
      }
    if (this.#places.length > 4 * heap.length + 64) this.#drop(limit);
  }

  /** Drops candidates that are now below the limit. */
  #drop(limit: number): void {
    const kept = this.#products.map((value) => value >= limit);
    this.#places = this.#places.filter((_, i) => kept[i]);
    this.#products = this.#products.filter((_, i) => kept[i]);
  }

  /** Returns the k-th smallest distance to the query at `from`. */
  distance(known: Float32Array, queries: Float32Array, from: number, d: number): number {
    this.#drop(this.#heap[0] - this.#slack);
    const squares = Float64Array.from(this.#places, (place) =>
      squaredDistance(known, place * d, queries, from, d),
    );
    return Math.sqrt(squares.sort()[this.#heap.length - 1]);
  }
}

/** Replaces the smallest value of a heap. */
function replaceLeast(heap: Float32Array, value: number): void {
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
    if (heap[child] >= value) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = value;
}

function squaredDistance(a: Float32Array, i: number, b: Float32Array, k: number, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const difference = a[i + j] - b[k + j];
    sum += difference * difference;
  }
  return sum;
}
