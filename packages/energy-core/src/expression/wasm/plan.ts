import type { Node } from "../node.ts";
import { type Group, isStreamed, readsMemory } from "./group.ts";

/** Longest chain of operations that is written without a local. */
const DEEPEST = 40;
const UNKNOWN = -2;

/** Whether a node compares two others: its outcome is best used at once. */
function isComparison({ op }: Node): boolean {
  return op === "less" || op === "lessEqual" || op === "equal";
}

/** Where the values of nodes are while they are used: in memory, in locals, or only on the stack. */
export class Plan {
  readonly #home: Int32Array;
  readonly #uses: Int32Array;
  readonly #depths: Int32Array;
  readonly #shared: Uint8Array;
  readonly #copies: ReadonlyMap<number, number>;

  /**
   * @param bound above the number of every node.
   * @param copies where nodes have to be stored in any case, by number.
   */
  constructor(list: readonly Group[], bound: number, copies: ReadonlyMap<number, number>) {
    this.#home = new Int32Array(bound).fill(-1);
    this.#uses = new Int32Array(bound);
    this.#depths = new Int32Array(bound).fill(UNKNOWN);
    this.#shared = new Uint8Array(bound);
    this.#copies = copies;
    for (const [g, { nodes }] of list.entries()) for (const { id } of nodes) this.#home[id] = g;
    for (const [g, group] of list.entries()) this.#count(g, group);
  }

  #count(g: number, { kind, nodes }: Group): void {
    for (let k = nodes.length - 1; k >= 0; k--) {
      const node = nodes[k];
      // A comparison is written wherever it is used: what it compares is used as often.
      const times = isComparison(node) ? Math.max(1, this.#uses[node.id]) : 1;
      const isStreaming = kind === "loop" && !readsMemory(node);
      for (const input of node.inputs) {
        if (isStreaming && this.#home[input.id] === g && isStreamed(input)) this.#uses[input.id] += times;
        else this.#shared[input.id] = 1;
      }
    }
  }

  /** Whether a node belongs to group number `g`. */
  isMember({ id }: Node, g: number): boolean {
    return this.#home[id] === g;
  }

  /** Whether a node is used within its group. */
  isUsed({ id }: Node): boolean {
    return this.#uses[id] > 0;
  }

  /** Whether another group reads a node, or any reads it as an array in memory. */
  isShared({ id }: Node): boolean {
    return this.#shared[id] === 1;
  }

  /** Whether a node is written where it is used, the one time. Nodes have to be asked for in their order. */
  isInline(node: Node): boolean {
    if (this.#depths[node.id] === UNKNOWN) this.#depths[node.id] = this.#depthOf(node);
    return this.#depths[node.id] >= 0;
  }

  /** Operations in a row that end with the node; −1 where it goes into a local. */
  #depthOf(node: Node): number {
    const isStored = this.isShared(node) || this.#copies.has(node.id);
    if (isStored || !(this.#uses[node.id] === 1 || isComparison(node))) return -1;
    let depth = 0;
    for (const { id } of node.inputs)
      if (this.#home[id] === this.#home[node.id]) depth = Math.max(depth, 1 + this.#depths[id]);
    return depth < DEEPEST ? depth : -1;
  }
}
