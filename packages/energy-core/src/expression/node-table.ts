import { type Extra, type Node, type OperationName, type Shape, sameShape } from "./node.ts";

/** The nodes of a graph by what they were made of, so that equal ones are made once. */
export class NodeTable {
  /** The node in each slot; a search goes on to the next slot until one is free. */
  #slots: (Node | undefined)[] = new Array(1024).fill(undefined);
  #hashes = new Int32Array(1024);
  #count = 0;

  /** Returns the node that was made of the same inputs in the same way. */
  find(op: OperationName, inputs: readonly Node[], shape: Shape, extra: Extra): Node | undefined {
    const { attribute = 0, indices } = extra;
    const hash = hashOf(op, inputs, attribute, indices);
    const last = this.#hashes.length - 1;
    for (let at = hash & last; ; at = (at + 1) & last) {
      const node = this.#slots[at];
      if (node === undefined) return undefined;
      if (this.#hashes[at] !== hash) continue;
      const isSame = node.op === op && node.attribute === attribute && node.indices === indices;
      if (isSame && sameInputs(node.inputs, inputs) && sameShape(node.shape, shape)) return node;
    }
  }

  add(node: Node): void {
    if (2 * this.#count >= this.#slots.length) this.#grow();
    this.#count++;
    this.#put(node, hashOf(node.op, node.inputs, node.attribute, node.indices));
  }

  #put(node: Node, hash: number): void {
    const last = this.#hashes.length - 1;
    let at = hash & last;
    while (this.#slots[at] !== undefined) at = (at + 1) & last;
    this.#slots[at] = node;
    this.#hashes[at] = hash;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    this.#slots = new Array(2 * slots.length).fill(undefined);
    this.#hashes = new Int32Array(2 * slots.length);
    for (const [at, node] of slots.entries()) if (node) this.#put(node, hashes[at]);
  }
}

function hashOf(
  op: OperationName,
  inputs: readonly Node[],
  attribute: number,
  indices: Int32Array | undefined,
): number {
  let hash = 31 * op.charCodeAt(0) + op.charCodeAt(op.length - 1) + op.length;
  for (const { id } of inputs) hash = Math.imul(hash ^ id, 0x9e3779b1);
  hash = Math.imul(hash ^ attribute, 0x85ebca6b);
  if (indices) hash = Math.imul(hash ^ indices[0] ^ (indices.length << 16), 0xc2b2ae35);
  return hash ^ (hash >>> 15);
}

function sameInputs(a: readonly Node[], b: readonly Node[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
