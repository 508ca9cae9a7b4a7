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

/** Whether `user` takes the entries of `node` from the loop that makes them. */
function fuses(node: Node, user: Node): boolean {
  return isStreamed(node) && inLoop(user) && !readsMemory(user) && domain(node) === domain(user);
}

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

function levelsOf(nodes: readonly Node[]): Int32Array {
  const levels = new Int32Array(1 + nodes[nodes.length - 1].id);
  for (const node of nodes)
    for (const input of node.inputs)
      if (!isLeaf(input))
        levels[node.id] = Math.max(levels[node.id], levels[input.id] + (fuses(input, node) ? 0 : 1));
  // What only later loops use is computed in them, and need not be kept.
  const latest = new Int32Array(levels.length).fill(-1);
  for (let k = nodes.length - 1; k >= 0; k--) {
    const node = nodes[k];
    if (isStreamed(node)) levels[node.id] = Math.max(levels[node.id], latest[node.id]);
    for (const input of node.inputs) {
      const level = levels[node.id] - (fuses(input, node) ? 0 : 1);
      latest[input.id] = latest[input.id] < 0 ? level : Math.min(latest[input.id], level);
    }
  }
  return levels;
}
