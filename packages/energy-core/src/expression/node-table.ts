import { type Extra, type Node, type OperationName, type Shape, sameShape } from "./node.ts";

/** The nodes of a graph by what they were made of, so that equal ones are made once. */
export class NodeTable {
  readonly #nodes: Node[] = [];
  readonly #hashes: number[] = [];
  /** Place of the node in each slot, counted from 1; a search goes on to the next slot until one is free. */
  #slots = new Int32Array(2048);

  /** Returns the node that was made of the same inputs in the same way. */
  find(op: OperationName, inputs: readonly Node[], shape: Shape, extra: Extra): Node | undefined {
    const { attribute = 0, indices } = extra;
    const hash = hashOf(op, inputs, attribute, indices);
    const last = this.#slots.length - 1;
    for (let at = hash & last; this.#slots[at] > 0; at = (at + 1) & last) {
      const place = this.#slots[at] - 1;
      if (this.#hashes[place] !== hash) continue;
      const node = this.#nodes[place];
      const isSame = node.op === op && node.attribute === attribute && node.indices === indices;
      if (isSame && sameInputs(node.inputs, inputs) && sameShape(node.shape, shape)) return node;
    }
    return undefined;
  }

  add(node: Node): void {
    this.#hashes.push(hashOf(node.op, node.inputs, node.attribute, node.indices));
    const count = this.#nodes.push(node);
    if (2 * count > this.#slots.length) {
      this.#slots = new Int32Array(4 * this.#slots.length);
      for (let place = 0; place < count - 1; place++) this.#put(place);
    }
    this.#put(count - 1);
  }

  #put(place: number): void {
    const last = this.#slots.length - 1;
    let at = this.#hashes[place] & last;
    while (this.#slots[at] > 0) at = (at + 1) & last;
    this.#slots[at] = place + 1;
  }
}

function hashOf(
  op: OperationName,
  inputs: readonly Node[],
  attribute: number,
  indices: Int32Array | undefined,
): number {
  let hash = 31 * op.charCodeAt(0) + op.charCodeAt(op.length - 1) + op.length;
  for (let k = 0; k < inputs.length; k++) hash = Math.imul(hash ^ inputs[k].id, 0x9e3779b1);
  hash = Math.imul(hash ^ attribute, 0x85ebca6b);
  if (indices) hash = Math.imul(hash ^ indices[0] ^ (indices.length << 16), 0xc2b2ae35);
  return hash ^ (hash >>> 15);
}

function sameInputs(a: readonly Node[], b: readonly Node[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
