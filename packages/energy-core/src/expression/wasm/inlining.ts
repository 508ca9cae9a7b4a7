import type { Node } from "../node.ts";

/** Longest chain of operations that is written without a local. */
const DEEPEST = 40;

/** Which nodes of a group are written where they are used, rather than into a local. */
export class Inlining {
  readonly #uses: number[] = [];
  readonly #depths: number[] = [];
  readonly #members: ReadonlySet<number>;
  readonly #isStored: (node: Node) => boolean;

  constructor(nodes: readonly Node[], members: ReadonlySet<number>, isStored: (node: Node) => boolean) {
    this.#members = members;
    this.#isStored = isStored;
    for (const { inputs } of nodes) for (const { id } of inputs) this.#uses[id] = 1 + (this.#uses[id] ?? 0);
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
    const isSingle = this.#uses[node.id] === 1 && !this.#isStored(node);
    return isSingle && depth < DEEPEST ? depth : -1;
  }
}
