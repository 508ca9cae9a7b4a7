import type { EdgeArrays } from "./edges.ts";

/** Weighted pairs as they come in, in arrays that grow. */
export class EdgeList {
  #sources = new Int32Array(16);
  #targets = new Int32Array(16);
  #weights = new Float64Array(16);
  length = 0;

  push(source: number, target: number, weight: number): void {
    if (this.length === this.#sources.length) this.#grow();
    this.#sources[this.length] = source;
    this.#targets[this.length] = target;
    this.#weights[this.length++] = weight;
  }

  /** Views on the pairs so far. */
  get arrays(): EdgeArrays & { sources: Int32Array; targets: Int32Array; weights: Float64Array } {
    return {
      sources: this.#sources.subarray(0, this.length),
      targets: this.#targets.subarray(0, this.length),
      weights: this.#weights.subarray(0, this.length),
    };
  }

  #grow(): void {
    const size = 2 * this.length;
    const grown = <A extends Int32Array | Float64Array>(array: A, larger: A): A => {
      larger.set(array);
      return larger;
    };
    this.#sources = grown(this.#sources, new Int32Array(size));
    this.#targets = grown(this.#targets, new Int32Array(size));
    this.#weights = grown(this.#weights, new Float64Array(size));
  }
}
