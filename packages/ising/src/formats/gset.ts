import { EdgeList } from "../problem/edge-list.ts";
import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * Returns the graph of a G-set (rudy) file: a line `nodes edges`, then a line `i j [weight]` an edge, nodes numbered
 * from 1, weight 1 when not given. Nodes are numbered from 0 in the result.
 *
 * @example
 * ```ts
 * import { parseGset } from "@basin/ising";
 *
 * const graph = parseGset("3 2\n1 2\n2 3 5\n");
 * console.log(graph.nodes, graph.weights); // 3 nodes, weights 1 and 5
 * ```
 *
 * @throws {FormatError} with line and column for anything else, and when edges are missing or left over.
 */
export function parseGset(text: TextSource): WeightedGraph {
  const tokens = new Tokens(text);
  tokens.skipBlank();
  const nodes = tokens.integer("the number of nodes", 0, MOST_VARIABLES);
  const edges = tokens.integer("the number of edges", 0, MOST_TERMS);
  tokens.endOfLine();
  tokens.nextLine();
  const list = new EdgeList();
  while (tokens.skipBlank()) {
    const source = tokens.integer("a node", 1, nodes);
    if (list.length === edges) throw tokens.error(`more edges than the ${edges} announced`);
    const target = tokens.integer("a node", 1, nodes);
    list.push(source - 1, target - 1, optionalWeight(tokens));
    tokens.nextLine();
  }
  if (list.length < edges) {
    tokens.word();
    throw tokens.error(`the text ends after ${list.length} of ${edges} edges`);
  }
  return weightedGraph(nodes, list.arrays);
}

/**
 * Returns `graph` as a G-set (rudy) file, which {@link parseGset} reads back as the same graph.
 *
 * @example
 * ```ts
 * import { formatGset, weightedGraph } from "@basin/ising";
 *
 * console.log(formatGset(weightedGraph(3, [[0, 1], [1, 2, 5]]))); // the lines 3 2, 1 2 1 and 2 3 5
 * ```
 */
export function formatGset(graph: WeightedGraph): string {
  return [...piecesOf(gsetLines(graph))].join("");
}

export function* gsetLines({ nodes, sources, targets, weights }: WeightedGraph): Generator<string> {
  yield `${nodes} ${weights.length}`;
  for (let e = 0; e < weights.length; e++) yield `${sources[e] + 1} ${targets[e] + 1} ${weights[e]}`;
}

function optionalWeight(tokens: Tokens): number {
  const weight = tokens.atEndOfLine() ? 1 : tokens.number("the weight");
  tokens.endOfLine();
  return weight;
}
