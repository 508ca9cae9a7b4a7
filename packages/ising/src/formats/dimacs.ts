import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * Returns the graph of a DIMACS file: comment lines `c …`, one line `p <word> nodes edges`, then a line `e i j [weight]` (or
 * `a i j weight`) an edge, nodes numbered from 1. Several files of the collection state each edge in both directions, and
 * announce either count; a pair given as (i, j) and (j, i) with the same weight counts once.
 *
 * @throws {FormatError} with line and column.
 */
export function parseDimacs(text: string): WeightedGraph {
  const tokens = new Tokens(text);
  let nodes: number | undefined;
  const seen = new Map<number, number>();
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
      readEdge(tokens, nodes, seen);
    } else throw tokens.error(`a line that begins with "${kind?.slice(0, 20)}", expected c, p, e or a`);
    tokens.endOfLine();
  }
  if (nodes === undefined) throw tokens.error(`the text ends without a problem line "p edge nodes edges"`);
  const count = nodes;
  return weightedGraph(
    nodes,
    Array.from(seen, ([key, weight]) => [Math.floor(key / count), key % count, weight] as const),
  );
}

function readEdge(tokens: Tokens, nodes: number, seen: Map<number, number>): void {
  const i = tokens.integer("a node", 1, nodes) - 1;
  const j = tokens.integer("a node", 1, nodes) - 1;
  const weight = tokens.atEndOfLine() ? 1 : tokens.number("the weight");
  const key = Math.min(i, j) * nodes + Math.max(i, j);
  const before = seen.get(key);
  if (before !== undefined && before !== weight) {
    throw tokens.error(
      `nodes ${i + 1} and ${j + 1} are joined with weight ${weight} here and ${before} before`,
    );
  }
  seen.set(key, weight);
}

/** Returns `graph` as a DIMACS file, weights written where one differs from 1. */
export function formatDimacs({ nodes, sources, targets, weights }: WeightedGraph): string {
  const plain = weights.every((weight) => weight === 1);
  const lines = [`p edge ${nodes} ${weights.length}`];
  for (let e = 0; e < weights.length; e++) {
    lines.push(`e ${sources[e] + 1} ${targets[e] + 1}${plain ? "" : ` ${weights[e]}`}`);
  }
  return `${lines.join("\n")}\n`;
}
