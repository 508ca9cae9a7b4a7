/** Scans: one step of a loop that is traced once, whatever the number of steps. */
import type { Graph } from "./graph.ts";
import { type Body, type Node, reachable, type Shape } from "./node.ts";
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

/**
 * Returns the nodes that depend on arguments, inputs first, and those from outside that they or the roots are made of.
 */
function dependentOn(argumentsOf: readonly Node[], roots: readonly Node[]) {
  const depends = new Set(argumentsOf);
  const nodes = reachable(roots).filter((node) => {
    if (node.inputs.some((input) => depends.has(input))) depends.add(node);
    return depends.has(node);
  });
  const read = [...roots, ...nodes.flatMap(({ inputs }) => inputs)];
  const outside = new Set(read.filter((node) => !depends.has(node) && node.op !== "data"));
  return { nodes, outside: [...outside] };
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
