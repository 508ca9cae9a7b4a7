import { EdgeList } from "../problem/edge-list.ts";
import { sortedOrder } from "../problem/edges.ts";
import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { FormatError } from "./format-error.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * Returns the graph of a DIMACS file: comment lines `c …`, one line `p <word> nodes edges`, then a line `e i j [weight]` (or
 * `a i j weight`) an edge, nodes numbered from 1. Several files of the collection state each edge in both directions, and
 * announce either count; a pair given as (i, j) and (j, i) with the same weight counts once.
 *
 * @example
 * ```ts
 * import { parseDimacs } from "@basin/ising";
 *
 * const graph = parseDimacs("c a path\np edge 3 2\ne 1 2\ne 2 3 5\n");
 * console.log(graph.nodes, graph.weights); // 3 nodes, weights 1 and 5
 * ```
 *
 * @throws {FormatError} with line and column.
 */
export function parseDimacs(text: TextSource): WeightedGraph {
  const tokens = new Tokens(text);
  let nodes: number | undefined;
  const list = new EdgeList();
  // Where each edge was stated, for the error when two statements differ.
  const places = new EdgeList();
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const kind = tokens.word();
    if (kind === "c") continue;
    if (kind === "p") {
      if (nodes !== undefined) throw tokens.error("a second problem line");
      tokens.word();
      nodes = tokens.integer("the number of nodes", 0, MOST_VARIABLES);
      tokens.integer("the number of edges", 0, MOST_TERMS);
    } else if (kind === "e" || kind === "a") {
      if (nodes === undefined) throw tokens.error(`an edge before the problem line "p edge nodes edges"`);
      readEdge(tokens, nodes, list);
      places.push(tokens.line, 0, 0);
    } else throw tokens.error(`a line that begins with "${kind?.slice(0, 20)}", expected c, p, e or a`);
    tokens.endOfLine();
  }
  if (nodes === undefined) throw tokens.error(`the text ends without a problem line "p edge nodes edges"`);
  return weightedGraph(nodes, statedOnce(list, places.arrays.sources, nodes));
}

function readEdge(tokens: Tokens, nodes: number, list: EdgeList): void {
  const i = tokens.integer("a node", 1, nodes) - 1;
  const j = tokens.integer("a node", 1, nodes) - 1;
  list.push(i, j, tokens.atEndOfLine() ? 1 : tokens.number("the weight"));
}

/** The edges without repetitions. @throws {FormatError} where one is repeated with another weight. */
function statedOnce(list: EdgeList, lines: Int32Array, nodes: number): EdgeList["arrays"] {
  const { sources, targets, weights } = list.arrays;
  const order = sortedOrder(sources, targets, nodes);
  const once = new EdgeList();
  let before = -1;
  for (const e of order) {
    const [i, j] = [Math.min(sources[e], targets[e]), Math.max(sources[e], targets[e])];
    const known =
      before >= 0 &&
      i === Math.min(sources[before], targets[before]) &&
      j === Math.max(sources[before], targets[before]);
    if (known && weights[e] !== weights[before]) {
      throw new FormatError(
        `nodes ${i + 1} and ${j + 1} are joined with weight ${weights[e]} here and ${weights[before]} in line ${lines[before]}`,
        lines[e],
        1,
      );
    }
    if (!known) once.push(i, j, weights[e]);
    before = e;
  }
  return once.arrays;
}

/**
 * Returns `graph` as a DIMACS file, weights written where one differs from 1.
 *
 * @example
 * ```ts
 * import { formatDimacs, weightedGraph } from "@basin/ising";
 *
 * console.log(formatDimacs(weightedGraph(3, [[0, 1], [1, 2]]))); // the lines p edge 3 2, e 1 2 and e 2 3
 * ```
 */
export function formatDimacs(graph: WeightedGraph): string {
  return [...piecesOf(dimacsLines(graph))].join("");
}

export function* dimacsLines({ nodes, sources, targets, weights }: WeightedGraph): Generator<string> {
  const plain = weights.every((weight) => weight === 1);
  yield `p edge ${nodes} ${weights.length}`;
  for (let e = 0; e < weights.length; e++) {
    yield `e ${sources[e] + 1} ${targets[e] + 1}${plain ? "" : ` ${weights[e]}`}`;
  }
}
