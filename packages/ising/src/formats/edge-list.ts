import { ArgumentError } from "@basin/energy-core";
import { EdgeList } from "../problem/edge-list.ts";
import type { WeightedGraph } from "../problem/graph.ts";
import { type Row, rowsOf } from "./delimited.ts";
import { type Columns, columnsOf, NUMBER } from "./edge-columns.ts";
import { counted } from "./file-problem.ts";
import { AmbiguousError, ambiguousKind, type FileTerms, type Format, type ReadOptions } from "./format.ts";
import { FormatError } from "./format-error.ts";
import { checkLabels } from "./labels.ts";
import { Names } from "./names.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_VARIABLES } from "./tokens.ts";
import { graphOf } from "./write.ts";

/**
 * Edge lists: one line `source,target` or `source,target,weight` for each edge, separated by commas, semicolons, tabs,
 * bars or blanks. The default weight is 1. With a heading there may be more columns, as in files of Gephi. Nodes have
 * names and are numbered in the order of their names, whole numbers by value and before other names, so the order of
 * the lines does not matter. The format has no nodes without edges.
 */
export const edgeList: Format = {
  holds: "edges between names, with or without heading: `source,target,weight`",
  extensions: ["csv", "tsv", "edgelist", "edges", "edge", "el", "ncol"],
  kinds: ["max-cut", "qubo", "ising"],
  read: ({ text }, options) => readEdgeList(text, options),
  write: (file) => piecesOf(edgeLines(graphOf(file, "edge-list"), file.labels?.map(String))),
};

function readEdgeList(text: TextSource, { kind, extension, heading }: ReadOptions): FileTerms {
  const edges = new Edges();
  // A line that begins with the word c is a comment among numbers, an edge among names: only the whole file tells.
  const comments: Row[] = [];
  let columns: Columns | undefined;
  for (const row of rowsOf(text)) {
    if (row.delimiter === "" && row.cells[0].toLowerCase() === "c") comments.push(row);
    else if (columns !== undefined) edges.push(row, columns);
    else {
      columns = columnsOf(row, heading);
      if (columns.heading !== "yes") edges.push(row, columns);
    }
  }
  if (columns !== undefined) edges.settle(columns.heading);
  if (columns !== undefined && edges.count === 0)
    throw new FormatError("the text ends after the heading, without an edge", 1, 1);
  if (comments.length > 0 && (columns?.delimiter ?? "") === "" && !edges.numbered) {
    columns ??= columnsOf({ ...comments[0], delimiter: "" }, false);
    for (const row of comments) edges.push(row, columns);
  }
  if (
    kind === undefined &&
    columns?.delimiter === "" &&
    edges.weighted > 0 &&
    !edgeList.extensions.includes(extension)
  ) {
    throw ambiguousKind("the lines are of two names and a number");
  }
  if (kind === undefined && columns?.coefficient !== undefined) {
    throw ambiguousKind(`the heading calls the numbers "${columns.coefficient}"`);
  }
  return { ...edges.inOrderOfNames(), kind, notes: [...(columns?.notes ?? []), ...edges.notes()] };
}

/** The edges of the lines read so far. */
class Edges {
  readonly #list = new EdgeList();
  readonly #names = new Names();
  readonly #unread = new Set<string>();
  #directed = 0;
  #inData = 0;
  #firstLine = 0;
  /** Whether a name of the first line occurs in another. */
  #again = false;
  #heading = false;
  weighted = 0;

  push(
    { cells, columns: places, line, data }: Row,
    { check, heading, source, target, weight: at = -1, type = -1 }: Columns,
  ): void {
    check(cells, line);
    if (heading !== "yes") checkEnds(cells, places, line);
    const empty = [source, target, at].find((c) => cells[c] === "");
    if (empty !== undefined) throw new FormatError("an empty field", line, places[empty]);
    const inData = data === undefined ? undefined : this.#weightIn(data);
    const text = inData ?? cells[at];
    const weight = text === undefined ? 1 : NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(weight)) {
      const shown = JSON.stringify(text.slice(0, 40));
      throw new FormatError(`the weight is ${shown}, expected a finite number`, line, places[at] ?? 1);
    }
    if (inData !== undefined) this.#inData++;
    else if (text !== undefined) this.weighted++;
    if (/^directed$/i.test(cells[type] ?? "")) this.#directed++;
    const [i, j] = [this.#names.number(cells[source]), this.#names.number(cells[target])];
    if (this.#list.length === 0) this.#firstLine = line;
    else if (i < 2 || j < 2) this.#again = true;
    this.#list.push(i, j, weight);
    if (this.#names.size > MOST_VARIABLES)
      throw new FormatError(`more than ${MOST_VARIABLES} names of nodes`, line, 1);
  }

  /** The weight in the data that networkx writes behind an edge, such as {'weight': 2.5}; other keys are noted. */
  #weightIn(data: string): string | undefined {
    let weight: string | undefined;
    for (const [, key, value] of data.matchAll(/['"](\w+)['"]\s*:\s*([^,]*)/g)) {
      if (key === "weight") weight = value.trim();
      else this.#unread.add(key);
    }
    return weight;
  }

  get count(): number {
    return this.#list.length - (this.#heading ? 1 : 0);
  }

  /** Whether all names are whole numbers, those of a heading aside. */
  get numbered(): boolean {
    const names = this.#names.labels.slice(this.#heading ? 2 : 0);
    return names.length > 0 && names.every((name) => WHOLE.test(String(name)));
  }

  /** Decides whether a first line of two names was a heading. */
  settle(heading: Columns["heading"]): void {
    if (heading !== "perhaps" && heading !== "likely") return;
    this.#heading = true;
    if (!this.#again && (heading === "likely" || this.numbered)) return;
    this.#heading = false;
    if (this.#list.length === 1 || (this.#again && heading === "perhaps")) return;
    const [a, b] = this.#names.labels;
    const again = this.#again ? "occur again" : "do not occur again";
    throw new AmbiguousError(
      `line ${this.#firstLine} is "${a}" and "${b}", which ${again}: it could be an edge or a heading; say which with the option heading (--heading, --no-heading)`,
    );
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#heading)
      notes.push(`the first line was taken for a heading: ${this.#names.labels.slice(0, 2).join(", ")}`);
    if (this.#directed > 0) notes.push(`${counted(this.#directed, "directed edge")} taken as undirected`);
    if (this.#unread.size > 0) notes.push(`data of edges not read: ${[...this.#unread].join(", ")}`);
    const weighted = this.weighted + this.#inData;
    const plain = this.#list.length - weighted;
    if (plain > 0 && weighted > 0) notes.push(`${counted(plain, "edge")} without weight: 1`);
    return notes;
  }

  inOrderOfNames(): Pick<FileTerms, "variables" | "pairs" | "labels"> {
    const skip = this.#heading ? 2 : 0;
    const names = this.#names.labels.slice(skip).map(String);
    const order = Int32Array.from(names, (_, i) => i).sort((a, b) => compareLabels(names[a], names[b]));
    const place = new Int32Array(names.length);
    for (const [to, from] of order.entries()) place[from] = to;
    const { sources, targets, weights } = this.#list.arrays;
    const first = this.#heading ? 1 : 0;
    const placed = (ends: Int32Array) => ends.subarray(first).map((i) => place[i - skip]);
    return {
      variables: names.length,
      pairs: { sources: placed(sources), targets: placed(targets), weights: weights.subarray(first) },
      labels: Array.from(order, (i) => names[i]),
    };
  }
}

/** @throws {FormatError} for a fraction in the place of a node, which a weight in the first column would be. */
function checkEnds(cells: readonly string[], places: readonly number[], line: number): void {
  const bad = [0, 1].find((c) => NUMBER.test(cells[c]) && !/^[+-]?\d+$/.test(cells[c]));
  if (bad === undefined || cells.length !== 3) return;
  throw new FormatError(
    `the node is "${cells[bad]}", which is no whole number; where another column holds the weights, name the columns in a heading, such as weight,source,target`,
    line,
    places[bad],
  );
}

const WHOLE = /^\d{1,15}$/;

function compareLabels(a: string, b: string): number {
  const [x, y] = [WHOLE.test(a), WHOLE.test(b)];
  if (x && y && Number(a) !== Number(b)) return Number(a) - Number(b);
  if (x !== y) return x ? -1 : 1;
  return a < b ? -1 : 1;
}

/** @throws {ArgumentError} for a name that the format cannot hold. */
function* edgeLines(
  { nodes, sources, targets, weights }: WeightedGraph,
  labels: readonly string[] | undefined,
): Generator<string> {
  checkLabels(labels, nodes);
  const bad = labels?.find((label) => label.trim() !== label || label === "" || /[,;|#%/\t\n"]/.test(label));
  if (bad !== undefined) {
    throw new ArgumentError(
      `a node is named ${JSON.stringify(bad)}, expected names without separators, comment signs, quotes and blank ends`,
    );
  }
  const name = (i: number) => labels?.[i] ?? String(i);
  yield "source,target,weight";
  for (let e = 0; e < weights.length; e++) yield `${name(sources[e])},${name(targets[e])},${weights[e]}`;
}
