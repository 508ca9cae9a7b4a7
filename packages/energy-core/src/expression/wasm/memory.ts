import type { Node } from "../node.ts";

/**
 * The memory of a compiled formula, laid out while its code is written:
 *
 *     | state | results | constants, panels, indices and values that loops hand on, in the order in which code
 * first needs them … |
 *
 * Each begins at a multiple of 64 bytes and fills whole ones, so that panels of eight rows may be read and written
 * beyond the last row.
 */
export class Memory {
  bytes = 0;
  readonly #places = new Map<number, number>();
  readonly #constants = new Map<ArrayBufferView, number>();
  readonly #contents: { readonly at: number; readonly values: Float64Array | Int32Array }[] = [];
  readonly results: number;

  constructor(dimension: number, length: number) {
    this.allocate(8 * dimension);
    this.results = this.allocate(8 * length);
  }

  allocate(bytes: number): number {
    const at = this.bytes;
    this.bytes = at + Math.ceil(bytes / 64) * 64;
    return at;
  }

  /** Returns where a constant array lies. */
  constant(values: Float64Array | Int32Array): number {
    const found = this.#constants.get(values);
    if (found !== undefined) return found;
    const at = this.allocate(values.byteLength);
    this.#constants.set(values, at);
    this.#contents.push({ at, values });
    return at;
  }

  /** Returns where a node's numbers lie. */
  of(node: Node): number {
    if (node.op === "reshape") return this.of(node.inputs[0]);
    if (node.op === "part") return this.of(node.inputs[0]) + 8 * node.attribute;
    if (node.op === "state") return 8 * node.attribute;
    if (node.values) return this.constant(node.values);
    let at = this.#places.get(node.id);
    if (at === undefined) {
      at = this.allocate(8 * node.size);
      this.#places.set(node.id, at);
    }
    return at;
  }

  /** Lays a node's numbers where there is room for them. */
  put({ id }: Node, at: number): void {
    this.#places.set(id, at);
  }

  /** Writes the constants. */
  fill(buffer: ArrayBuffer): void {
    for (const { at, values } of this.#contents) {
      if (values instanceof Int32Array) new Int32Array(buffer, at, values.length).set(values);
      else new Float64Array(buffer, at, values.length).set(values);
    }
  }
}

const offsets = new WeakMap<Int32Array, Int32Array>();

/** Returns the places in bytes of the doubles with these indices. */
export function offsetsOf(indices: Int32Array): Int32Array {
  let found = offsets.get(indices);
  if (found === undefined) {
    found = indices.map((index) => 8 * index);
    offsets.set(indices, found);
  }
  return found;
}
