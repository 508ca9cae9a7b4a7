import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * Returns the graph of a G-set (rudy) file: a line `nodes edges`, then a line `i j [weight]` an edge, nodes numbered
 * from 1, weight 1 when not given. Nodes are numbered from 0 in the result.
 *
 * @throws {FormatError} with line and column for anything else, and when edges are missing or left over.
 */
export function parseGset(text: string): WeightedGraph {
  const tokens = new Tokens(text);
  tokens.skipBlank();
  const nodes = tokens.integer("the number of nodes", 0, MOST_VARIABLES);
  const edges = tokens.integer("the number of edges", 0, MOST_TERMS);
  tokens.endOfLine();
  tokens.nextLine();
  const sources: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  while (tokens.skipBlank()) {
    const source = tokens.integer("a node", 1, nodes);
    if (sources.length === edges) throw tokens.error(`more edges than the ${edges} announced`);
    sources.push(source - 1);
    targets.push(tokens.integer("a node", 1, nodes) - 1);
    weights.push(optionalWeight(tokens));
    tokens.nextLine();
  }
  if (sources.length < edges) {
    tokens.word();
    throw tokens.error(`the text ends after ${sources.length} of ${edges} edges`);
  }
  return weightedGraph(nodes, { sources, targets, weights });
}

/** Returns `graph` as a G-set (rudy) file, which {@link parseGset} reads back as the same graph. */
export function formatGset(graph: WeightedGraph): string {
  const { nodes, sources, targets, weights } = graph;
  const lines = [`${nodes} ${weights.length}`];
  for (let e = 0; e < weights.length; e++) lines.push(`${sources[e] + 1} ${targets[e] + 1} ${weights[e]}`);
  return `${lines.join("\n")}\n`;
}

function optionalWeight(tokens: Tokens): number {
  const weight = tokens.atEndOfLine() ? 1 : tokens.number("the weight");
  tokens.endOfLine();
  return weight;
}
