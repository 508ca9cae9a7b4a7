import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { FormatError } from "./format-error.ts";

/** A graph with the names of its nodes. */
export interface LabelledGraph {
  readonly graph: WeightedGraph;
  /** The name of each node, as it stands in the file. */
  readonly labels: readonly string[];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Returns the graph of an edge list: a line `source,target` or `source,target,weight` an edge (commas, semicolons or tabs), the weight 1
 * when not given, a first line that says source,target or from,to, or has no number for a weight, taken as a heading. Nodes are named; they are numbered in the order
 * of their names, whole numbers by value and before other names, so the order of the lines does not matter. Quoted fields are not taken.
 *
 * @throws {FormatError} with line and column.
 */
export function parseCsv(text: string): LabelledGraph {
  const edges: [string, string, number][] = [];
  const lines = text.split("\n");
  for (const [l, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim());
    if (cells.length < 2 || cells.length > 3) {
      throw new FormatError(
        `${cells.length} fields, expected source,target or source,target,weight`,
        l + 1,
        1,
      );
    }
    for (const [c, cell] of cells.entries()) checkCell(cell, l + 1, columnOf(line, c));
    const weight = cells.length === 3 ? cells[2] : "1";
    if (l === 0 && isHeading(cells)) continue;
    if (NUMBER.test(weight) && Number.isFinite(Number(weight)))
      edges.push([cells[0], cells[1], Number(weight)]);
    else {
      const shown = JSON.stringify(weight.slice(0, 40));
      throw new FormatError(`the weight is ${shown}, expected a finite number`, l + 1, columnOf(line, 2));
    }
  }
  const names = new Set<string>();
  for (const [a, b] of edges) names.add(a).add(b);
  const labels = [...names].sort(compareLabels);
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const at = (label: string) => numbers.get(label) as number;
  return {
    graph: weightedGraph(
      labels.length,
      edges.map(([a, b, weight]) => [at(a), at(b), weight] as const),
    ),
    labels,
  };
}

/** Returns `graph` as an edge list with a heading, nodes named by their number from 0 unless `labels` says otherwise. */
export function formatCsv({ sources, targets, weights }: WeightedGraph, labels?: readonly string[]): string {
  const name = (i: number) => labels?.[i] ?? String(i);
  const lines = ["source,target,weight"];
  for (let e = 0; e < weights.length; e++)
    lines.push(`${name(sources[e])},${name(targets[e])},${weights[e]}`);
  return `${lines.join("\n")}\n`;
}

function isHeading([source, target, weight]: string[]): boolean {
  if (weight !== undefined) return !NUMBER.test(weight);
  return ["source,target", "from,to"].includes(`${source},${target}`.toLowerCase());
}

function checkCell(cell: string, line: number, column: number): void {
  if (cell === "") throw new FormatError("an empty field", line, column);
  if (cell.includes('"'))
    throw new FormatError("a quoted field, which this format does not take", line, column);
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
