import type { Graph } from "./graph.ts";
import type { Node, Shape } from "./node.ts";
import { carriesOf, makeScan } from "./scan.ts";
import { layout } from "./scan-kernel.ts";

/** The adjoint of a part of a scan's numbers. */
export interface Slice {
  readonly offset: number;
  readonly node: Node;
}

/** Returns the adjoints of leaves, of those of what is made of them by the nodes of `order`, inputs first. */
type PullBack = (
  graph: Graph,
  seeds: readonly { readonly node: Node; readonly adjoint: Node }[],
  leaves: readonly Node[],
  order: readonly Node[],
) => (Node | undefined)[];

/**
 * Returns the adjoints of a scan's inputs, which a scan in the other direction computes: its carries are the adjoints
 * of the carries, and each of its steps computes that of the other anew.
 */
export function scanAdjoints(
  graph: Graph,
  scan: Node,
  slices: readonly Slice[],
  isNeeded: (input: Node) => boolean,
  pullBack: PullBack,
): (Node | undefined)[] {
  const { steps, isReversed, carries, entries, nodes } = scan.body!;
  const sequences = scan.inputs.slice(carries.length, carries.length + entries.length);
  const outside = scan.inputs.slice(carries.length + entries.length);
  const { slopes, seeds, given, ofFirst } = seedsOf(graph, scan, slices);
  const leaves = [...carries, ...entries, ...outside];
  const wanted = leaves.filter((_, k) => k < carries.length || isNeeded(scan.inputs[k]));
  const found = new Map<Node, Node>();
  for (const [k, adjoint] of pullBack(graph, seeds, wanted, nodes).entries())
    if (adjoint) found.set(wanted[k], graph.fill(adjoint, wanted[k].shape));
  const ofEntries = entries.filter((entry) => found.has(entry));
  const ofOutside = outside.filter((node) => found.has(node));
  const zero = ({ shape }: Node) => graph.fill(graph.number(0), shape);
  const back = makeScan(graph, {
    ...{ steps, isReversed: !isReversed },
    carries: carries.map((carry, k) => ({
      argument: slopes[k],
      first: zero(carry),
      next: found.get(carry) ?? zero(carry),
    })),
    entries: [
      ...carriesOf(graph, scan).before.map((sequence, k) => ({ argument: carries[k], sequence })),
      ...entries.map((argument, k) => ({ argument, sequence: sequences[k] })),
      ...given,
    ],
    each: ofEntries.map((entry) => found.get(entry)!),
    sums: ofOutside.map((node) => found.get(node)!),
  });
  const at = layout(back.body!);
  const part = (places: readonly number[], k: number, { shape }: Node) =>
    k < 0 ? undefined : graph.part(back, places[k], shape);
  const lastRow = isReversed ? steps : 0;
  return [
    ...carries.map((carry, k) => {
      const slope = graph.part(back, at.carries[k] + lastRow * carry.size, carry.shape);
      const other = ofFirst[k];
      return other ? graph.add(slope, other) : slope;
    }),
    ...sequences.map((sequence, k) => part(at.each, ofEntries.indexOf(entries[k]), sequence)),
    ...outside.map((node) => part(at.sums, ofOutside.indexOf(node), node)),
  ];
}

/**
 * Returns what the adjoints of a step begin with: arguments for the slopes that come from later steps, the sequences of
 * those that come from outside, and the slopes by the carries at first that come from outside.
 */
function seedsOf(graph: Graph, scan: Node, slices: readonly Slice[]) {
  const { steps, isReversed, carries, next, each, sums } = scan.body!;
  const at = layout(scan.body!);
  const given: { argument: Node; sequence: Node }[] = [];
  const entryOf = (sequence: Node, shape: Shape): Node => {
    const argument = graph.argument(shape);
    given.push({ argument, sequence });
    return argument;
  };
  const ofFirst: (Node | undefined)[] = [];
  const slopes = carries.map(({ shape }) => graph.argument(shape));
  const seeds = slopes.map((slope, k) => {
    const { shape, size } = carries[k];
    const rows = steps * size;
    const first = at.carries[k] + (isReversed ? rows : 0);
    const after = at.carries[k] + (isReversed ? 0 : size);
    const near = slices.filter(({ offset, node }) => overlap(offset, node.size, at.carries[k], rows + size));
    if (near.length === 0) return { node: next[k], adjoint: slope };
    let sequence: Node;
    if (near.some(({ offset, node }) => overlap(offset, node.size, first, size))) {
      // Slopes by the carries before steps, which derivatives of derivatives have.
      const whole = together(graph, near, at.carries[k], rows + size);
      ofFirst[k] = graph.part(whole, first - at.carries[k], shape);
      sequence = graph.part(whole, after - at.carries[k], [rows]);
    } else sequence = together(graph, near, after, rows);
    return { node: next[k], adjoint: graph.add(slope, entryOf(sequence, shape)) };
  });
  for (const [k, node] of each.entries()) {
    const near = slices.filter(({ offset }) => offset === at.each[k]);
    if (near.length === 0) continue;
    const sequence = together(graph, near, at.each[k], steps * node.size);
    seeds.push({ node, adjoint: entryOf(sequence, node.shape) });
  }
  for (const [k, node] of sums.entries()) {
    const near = slices.filter(({ offset }) => offset === at.sums[k]);
    if (near.length > 0)
      seeds.push({ node, adjoint: graph.part(together(graph, near, at.sums[k], node.size), 0, node.shape) });
  }
  return { slopes, seeds, given, ofFirst };
}

const overlap = (offset: number, size: number, start: number, length: number) =>
  offset < start + length && offset + size > start;

/** Returns the sum of slices in their places in a range of a scan's numbers. */
function together(graph: Graph, slices: readonly Slice[], start: number, length: number): Node {
  if (slices.length === 1 && slices[0].node.size === length) return slices[0].node;
  return slices
    .map(({ offset, node }) => graph.make("pad", [node], [length], { attribute: offset - start }))
    .reduce((sum, slice) => graph.add(sum, slice));
}
