import { ArgumentError } from "@basin/energy-core";
import { EdgeList } from "../problem/edge-list.ts";
import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { FormatError } from "./format-error.ts";
import { checkLabels } from "./labels.ts";
import { Blocks, piecesOf, type TextSource } from "./text-source.ts";
import { MOST_VARIABLES } from "./tokens.ts";

/** A graph with the names of its nodes. */
export interface LabeledGraph {
  readonly graph: WeightedGraph;
  /** The name of each node, as it stands in the file. */
  readonly labels: readonly string[];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Returns the graph of an edge list: a line `source,target` or `source,target,weight` an edge (commas, semicolons or tabs), the weight 1
 * when not given. A first line that says source,target or from,to, or has no number for a weight, is taken as a heading. Nodes are named;
 * they are numbered in the order of their names, whole numbers by value and before other names, so the order of the lines does not matter.
 * Quoted fields are not taken.
 *
 * @example
 * ```ts
 * import { parseCsv } from "@basin/ising";
 *
 * const { graph, labels } = parseCsv("from,to\nb,c\na,c\n");
 * console.log(labels, graph.sources, graph.targets); // a, b and c: edges from 0 and 1, both to 2
 * ```
 *
 * @throws {FormatError} with line and column.
 */
export function parseCsv(text: TextSource): LabeledGraph {
  const list = new EdgeList();
  const numbers = new Map<string, number>();
  const number = (label: string): number => {
    const known = numbers.get(label);
    if (known !== undefined) return known;
    numbers.set(label, numbers.size);
    return numbers.size - 1;
  };
  let l = 0;
  for (const line of linesOf(text)) {
    l++;
    if (line.trim() === "") continue;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim());
    const weight = readWeight(cells, line, l);
    if (weight === undefined) continue;
    list.push(number(cells[0]), number(cells[1]), weight);
    if (numbers.size > MOST_VARIABLES) {
      throw new FormatError(`more than ${MOST_VARIABLES} names of nodes`, l, 1);
    }
  }
  return inOrderOfNames([...numbers.keys()], list);
}

/** Returns the weight of an edge, `undefined` for a heading. */
function readWeight(cells: string[], line: string, l: number): number | undefined {
  if (cells.length < 2 || cells.length > 3) {
    throw new FormatError(`${cells.length} fields, expected source,target or source,target,weight`, l, 1);
  }
  for (const [c, cell] of cells.entries()) checkCell(cell, l, line, c);
  if (l === 1 && isHeading(cells)) return undefined;
  const weight = cells.length === 3 ? cells[2] : "1";
  if (NUMBER.test(weight) && Number.isFinite(Number(weight))) return Number(weight);
  const shown = JSON.stringify(weight.slice(0, 40));
  throw new FormatError(`the weight is ${shown}, expected a finite number`, l, columnOf(line, 2));
}

function* linesOf(text: TextSource): Generator<string> {
  const blocks = new Blocks(text);
  let line = 1;
  for (let block = blocks.next(line); block !== undefined; block = blocks.next(line)) {
    for (let at = 0; at < block.length; line++) {
      const end = block.indexOf("\n", at);
      yield block.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? block.length : end + 1;
    }
  }
}

function inOrderOfNames(names: readonly string[], list: EdgeList): LabeledGraph {
  const order = Int32Array.from(names, (_, i) => i).sort((a, b) => compareLabels(names[a], names[b]));
  const place = new Int32Array(names.length);
  for (const [to, from] of order.entries()) place[from] = to;
  const { sources, targets, weights } = list.arrays;
  const graph = weightedGraph(names.length, {
    sources: sources.map((i) => place[i]),
    targets: targets.map((i) => place[i]),
    weights,
  });
  return { graph, labels: Array.from(order, (i) => names[i]) };
}

/**
 * Returns `graph` as an edge list with a heading, nodes named by their number from 0 unless `labels` says otherwise. The format has no
 * nodes without edges: they are left out.
 *
 * @param labels one name a node.
 *
 * @example
 * ```ts
 * import { formatCsv, weightedGraph } from "@basin/ising";
 *
 * const graph = weightedGraph(3, [[0, 1], [1, 2, 5]]);
 * console.log(formatCsv(graph, ["a", "b", "c"])); // the lines source,target,weight, a,b,1 and b,c,5
 * ```
 *
 * @throws {ArgumentError} for a name with a comma, semicolon, tab, quote, line end or blank end, for an empty one, and for one that two
 *   nodes have. @throws {DimensionError} when there is not one name a node.
 */
export function formatCsv(graph: WeightedGraph, labels?: readonly string[]): string {
  return [...piecesOf(csvLines(graph, labels))].join("");
}

/** @throws {ArgumentError} for a name that the format cannot hold. */
export function* csvLines(
  { nodes, sources, targets, weights }: WeightedGraph,
  labels: readonly string[] | undefined,
): Generator<string> {
  checkLabels(labels, nodes);
  const bad = labels?.find((label) => label.trim() !== label || label === "" || /[,;\t\n"]/.test(label));
  if (bad !== undefined) {
    throw new ArgumentError(
      `a node is named ${JSON.stringify(bad)}, expected names without commas, semicolons, tabs, quotes and blank ends`,
    );
  }
  const name = (i: number) => labels?.[i] ?? String(i);
  yield "source,target,weight";
  for (let e = 0; e < weights.length; e++) yield `${name(sources[e])},${name(targets[e])},${weights[e]}`;
}

const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity)$/i;

function isHeading([source, target, weight]: string[]): boolean {
  // "nan" is a weight that is wrong, not the name of a column.
  if (weight !== undefined) return !NUMBER.test(weight) && !NOT_A_NUMBER.test(weight);
  return ["source,target", "from,to"].includes(`${source},${target}`.toLowerCase());
}

function checkCell(cell: string, l: number, line: string, c: number): void {
  if (cell === "") throw new FormatError("an empty field", l, columnOf(line, c));
  if (cell.includes('"'))
    throw new FormatError("a quoted field, which this format does not take", l, columnOf(line, c));
}

function columnOf(line: string, field: number): number {
  let at = 0;
  for (let f = 0; f < field; f++) at += line.slice(at).search(/[,;\t]/) + 1;
  return at + 1;
}

const WHOLE = /^\d{1,15}$/;

function compareLabels(a: string, b: string): number {
  const [x, y] = [WHOLE.test(a), WHOLE.test(b)];
  if (x && y && Number(a) !== Number(b)) return Number(a) - Number(b);
  if (x !== y) return x ? -1 : 1;
  return a < b ? -1 : 1;
}
