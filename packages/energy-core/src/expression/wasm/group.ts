import type { Node } from "../node.ts";

/** Nodes that are computed together: in one loop over `size` entries, or one node by a routine of its own. */
export interface Group {
  readonly level: number;
  /** Entries that the loop goes over; 1 for numbers. */
  readonly size: number;
  readonly kind: "loop" | "routine";
  readonly nodes: Node[];
}

/** Numbers of one group at most: functions of a bounded size compile in linear time. */
const MOST = 500;

/** Whether nothing has to be computed. */
export function isLeaf({ op }: Node): boolean {
  return op === "data" || op === "state" || op === "argument";
}

/** Whether a node is computed entry by entry, so that a loop can hand its entries on. */
export function isStreamed({ op, isElementwise }: Node): boolean {
  return isElementwise || op === "fill" || op === "gather" || op === "element";
}

/** Whether a node needs its inputs whole, in memory. */
export function readsMemory({ op }: Node): boolean {
  return op === "gather" || op === "element";
}

const inLoop = (node: Node) => isStreamed(node) || node.op === "sum" || node.op === "assemble";

const domain = (node: Node) =>
  node.op === "sum" ? node.inputs[0].size : node.op === "assemble" ? 1 : node.size;

/**
 * Returns the groups of nodes (inputs first) in an order in which each finds its inputs done. A node's level is
 * the number of loops that have to be over before it; nodes of one level over as many entries share a loop.
 */
export function groups(nodes: readonly Node[]): Group[] {
  const levels = levelsOf(nodes);
  const found = new Map<string, Group>();
  const all: Group[] = [];
  let group: Group = { level: -1, size: 0, kind: "loop", nodes: [] };
  for (const node of nodes) {
    if (isLeaf(node)) continue;
    const level = levels[node.id];
    const size = domain(node);
    if (!inLoop(node)) {
      all.push({ level, size, kind: "routine", nodes: [node] });
      continue;
    }
    if (group.level !== level || group.size !== size) {
      const key = `${level}:${size}`;
      group = found.get(key) ?? { level, size, kind: "loop", nodes: [] };
      if (group.nodes.length === 0) all.push(group);
      found.set(key, group);
    }
    if (group.nodes.length >= MOST) {
      group = { level, size, kind: "loop", nodes: [] };
      found.set(`${level}:${size}`, group);
      all.push(group);
    }
    group.nodes.push(node);
  }
  return all.sort((a, b) => a.level - b.level);
}

/** What stands for the entries that a leaf hands on, and any node outside of loops; and for those that one takes. */
const [LEAF, ROUTINE, NONE] = [-3, -2, -1];

const entriesOf = (node: Node) => (isLeaf(node) ? LEAF : isStreamed(node) ? node.size : ROUTINE);

function levelsOf(nodes: readonly Node[]): Int32Array {
  const count = 1 + nodes[nodes.length - 1].id;
  /** Entries that nodes hand on, by number, and that they take from a loop over as many. */
  const [given, taken, levels] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  for (const node of nodes) {
    const { id, inputs } = node;
    given[id] = entriesOf(node);
    const takes = inLoop(node) && !readsMemory(node) ? domain(node) : NONE;
    let level = 0;
    for (let k = 0; k < inputs.length; k++) {
      const from = inputs[k].id;
      // The step of a scan reads nodes from outside.
      if (given[from] === 0) given[from] = entriesOf(inputs[k]);
      if (given[from] !== LEAF) level = Math.max(level, levels[from] + (given[from] === takes ? 0 : 1));
    }
    taken[id] = takes;
    levels[id] = level;
  }
  // What only later loops use is computed in them, and need not be kept.
  const latest = new Int32Array(count).fill(-1);
  for (let k = nodes.length - 1; k >= 0; k--) {
    const { id, inputs } = nodes[k];
    if (given[id] >= 0) levels[id] = Math.max(levels[id], latest[id]);
    const [level, takes] = [levels[id], taken[id]];
    for (let i = 0; i < inputs.length; i++) {
      const from = inputs[i].id;
      const last = given[from] === takes ? level : level - 1;
      if (latest[from] < 0 || last < latest[from]) latest[from] = last;
    }
  }
  return levels;
}
