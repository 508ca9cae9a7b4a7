import type { Node } from "../node.ts";

/** Longest chain of operations that is written without a local. */
const DEEPEST = 40;

/** Whether a node compares two others: its outcome is best used at once. */
export function isComparison({ op }: Node): boolean {
  return op === "less" || op === "lessEqual" || op === "equal";
}

/** Which nodes of a group are written where they are used, rather than into a local. */
export class Inlining {
  readonly #uses: number[] = [];
  readonly #depths: number[] = [];
  readonly #members: ReadonlySet<number>;
  readonly #isStored: (node: Node) => boolean;

  constructor(nodes: readonly Node[], members: ReadonlySet<number>, isStored: (node: Node) => boolean) {
    this.#members = members;
    this.#isStored = isStored;
    // A comparison is written wherever it is used: what it compares is used as often.
    for (let k = nodes.length - 1; k >= 0; k--) {
      const times = isComparison(nodes[k]) ? (this.#uses[nodes[k].id] ?? 1) : 1;
      for (const { id } of nodes[k].inputs) this.#uses[id] = times + (this.#uses[id] ?? 0);
    }
  }

  /** Whether a node of the group is used within it. */
  isUsed({ id }: Node): boolean {
    return this.#uses[id] !== undefined;
  }

  /** Whether a node is written where it is used, the one time. Nodes have to be asked for in their order. */
  isInline(node: Node): boolean {
    this.#depths[node.id] ??= this.#depthOf(node);
    return this.#depths[node.id] >= 0;
  }

  /** Operations in a row that end with the node; −1 where it goes into a local. */
  #depthOf(node: Node): number {
    let depth = 0;
    for (const { id } of node.inputs)
      if (this.#members.has(id)) depth = Math.max(depth, 1 + (this.#depths[id] ?? 0));
    const isSingle = (this.#uses[node.id] === 1 || isComparison(node)) && !this.#isStored(node);
    return isSingle && depth < DEEPEST ? depth : -1;
  }
}
