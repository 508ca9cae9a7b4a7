/** Scans: one step of a loop that is traced once, whatever the number of steps. */
import type { Graph } from "./graph.ts";
import type { Body, Node, Shape } from "./node.ts";
import { layout } from "./scan-kernel.ts";

/** What a scan is made of. */
interface Steps {
  readonly steps: number;
  readonly isReversed: boolean;
  /** What stands for a carry, its value at first and after a step: all of one shape. */
  readonly carries: readonly { readonly argument: Node; readonly first: Node; readonly next: Node }[];
  /** What stands for an entry, and the sequence, which has as many entries as there are steps. */
  readonly entries: readonly { readonly argument: Node; readonly sequence: Node }[];
  readonly each: readonly Node[];
  readonly sums: readonly Node[];
}

/**
 * Returns a scan as one node. Its numbers are, for each carry, those before the first step and after each (in the order
 * of entries, so that those before the first come last where the scan is reversed); then what is kept of each step;
 * then the sums.
 */
export function makeScan(graph: Graph, { steps, isReversed, carries, entries, each, sums }: Steps): Node {
  const all = [...carries, ...entries].map(({ argument }) => argument);
  const next = carries.map((carry) => carry.next);
  const { nodes, outside } = dependentOn(all, [...next, ...each, ...sums]);
  const isRead = new Set(nodes);
  const read = entries.filter(({ argument }) => isRead.has(argument));
  const body: Body = {
    ...{ steps, isReversed, next, each, sums, nodes },
    carries: carries.map(({ argument }) => argument),
    entries: read.map(({ argument }) => argument),
  };
  const inputs = [...carries.map(({ first }) => first), ...read.map(({ sequence }) => sequence), ...outside];
  return graph.scan(inputs, layout(body).length, body);
}

/** Returns the nodes that depend on arguments, inputs first, and those from outside that they or the roots are made of. */
function dependentOn(argumentsOf: readonly Node[], roots: readonly Node[]) {
  const first = argumentsOf.reduce((least, { id }) => Math.min(least, id), Number.POSITIVE_INFINITY);
  const depends = new Map<Node, boolean>(argumentsOf.map((node) => [node, true]));
  const visit = (root: Node): boolean => {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1];
      // Older nodes cannot depend on the arguments.
      const open =
        depends.has(node) || node.id < first ? [] : node.inputs.filter((input) => !depends.has(input));
      if (open.length > 0) stack.push(...open);
      else {
        if (!depends.has(node)) depends.set(node, node.id > first && node.inputs.some((a) => depends.get(a)));
        stack.pop();
      }
    }
    return depends.get(root)!;
  };
  const outside = new Set(roots.filter((root) => !visit(root)));
  const nodes = [...depends.keys()].filter((node) => depends.get(node)).sort((a, b) => a.id - b.id);
  for (const { inputs } of nodes) for (const input of inputs) if (!depends.get(input)) outside.add(input);
  const used = new Set([...roots, ...nodes.flatMap(({ inputs }) => inputs)]);
  return {
    nodes: nodes.filter((node) => used.has(node)),
    outside: [...outside].filter(({ op }) => op !== "data"),
  };
}

/** Returns the carries after each step, and those before: a number's as a vector, a vector's as rows. */
export function carriesOf(graph: Graph, scan: Node) {
  const { steps, isReversed, carries } = scan.body!;
  const places = layout(scan.body!).carries;
  const rows = ({ shape, size }: Node): Shape => (shape.length === 0 ? [steps] : [steps, size]);
  const from = (row: number) =>
    carries.map((carry, k) => graph.part(scan, places[k] + row * carry.size, rows(carry)));
  return { after: from(isReversed ? 0 : 1), before: from(isReversed ? 1 : 0) };
}
