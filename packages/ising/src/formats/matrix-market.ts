import { EdgeList } from "../problem/edge-list.ts";
import { canonicalEdges } from "../problem/edges.ts";
import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

const FIELDS = ["real", "integer", "pattern"] as const;

/**
 * Returns the graph of a MatrixMarket file: `%%MatrixMarket matrix coordinate real|integer|pattern symmetric|general`, comments `%`,
 * a line `rows columns entries`, then `i j [weight]` an entry, numbered from 1 (Boisvert, Pozo & Remington 1996). A symmetric
 * matrix states each edge once; a general one must be symmetric and state both halves. The diagonal is left out.
 *
 * @example
 * ```ts
 * import { parseMatrixMarket } from "@basin/ising";
 *
 * const graph = parseMatrixMarket("%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 1 1\n3 2 5\n");
 * console.log(graph.nodes, graph.weights); // 3 nodes, weights 1 and 5
 * ```
 *
 * @throws {FormatError} with line and column.
 */
export function parseMatrixMarket(text: TextSource): WeightedGraph {
  const tokens = new Tokens(text);
  const { pattern, symmetric } = readHeader(tokens);
  while (tokens.nextLine() && tokens.skipBlank() && tokens.peek() === "%");
  const nodes = tokens.integer("the number of rows", 0, MOST_VARIABLES);
  const columns = tokens.integer("the number of columns", 0, MOST_TERMS);
  if (columns !== nodes) throw tokens.error(`${nodes} rows and ${columns} columns, expected a square matrix`);
  const entries = tokens.integer("the number of entries", 0, MOST_TERMS);
  tokens.endOfLine();
  tokens.nextLine();
  // A symmetric matrix may state an entry in either half; a general one must state both, which are kept apart.
  const upper = new EdgeList();
  const lower = symmetric ? upper : new EdgeList();
  let read = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const i = tokens.integer("a row", 1, nodes) - 1;
    const j = tokens.integer("a column", 1, nodes) - 1;
    const weight = pattern ? 1 : tokens.number("the value");
    tokens.endOfLine();
    if (++read > entries) throw tokens.error(`more entries than the ${entries} announced`);
    if (i < j) upper.push(i, j, weight);
    else if (i > j) lower.push(j, i, weight);
  }
  if (read < entries) throw tokens.error(`the text ends after ${read} of ${entries} entries`);
  if (!symmetric) requireSymmetric(tokens, nodes, upper, lower);
  return weightedGraph(nodes, upper.arrays);
}

function readHeader(tokens: Tokens): { pattern: boolean; symmetric: boolean } {
  const words = Array.from({ length: 5 }, () => tokens.word()?.toLowerCase());
  const [banner, object, layout, field, symmetry] = words;
  const known = FIELDS as readonly (string | undefined)[];
  if (banner !== "%%matrixmarket" || object !== "matrix" || layout !== "coordinate") {
    throw tokens.error(`the file does not begin with "%%MatrixMarket matrix coordinate"`);
  }
  if (!known.includes(field)) throw tokens.error(`entries of type "${field}", expected ${FIELDS.join(", ")}`);
  if (symmetry !== "symmetric" && symmetry !== "general") {
    throw tokens.error(`a ${symmetry} matrix, expected symmetric or general`);
  }
  return { pattern: field === "pattern", symmetric: symmetry === "symmetric" };
}

function requireSymmetric(tokens: Tokens, nodes: number, upper: EdgeList, lower: EdgeList): void {
  const [a, b] = [upper, lower].map(({ arrays }) => canonicalEdges(arrays, nodes));
  const length = Math.max(a.weights.length, b.weights.length);
  for (let e = 0; e < length; e++) {
    if (a.sources[e] === b.sources[e] && a.targets[e] === b.targets[e] && a.weights[e] === b.weights[e])
      continue;
    const first = (b.sources[e] ?? nodes) * nodes + b.targets[e] < a.sources[e] * nodes + a.targets[e];
    const { sources, targets } = first || e >= a.weights.length ? b : a;
    const [i, j] = [sources[e] + 1, targets[e] + 1];
    throw tokens.error(`entries (${i}, ${j}) and (${j}, ${i}) differ, expected a symmetric matrix`);
  }
}

/**
 * Returns `graph` as a symmetric MatrixMarket file of real entries, the lower triangle of its matrix of weights.
 *
 * @example
 * ```ts
 * import { formatMatrixMarket, parseMatrixMarket, weightedGraph } from "@basin/ising";
 *
 * const text = formatMatrixMarket(weightedGraph(3, [[0, 1], [1, 2, 5]]));
 * console.log(text); // %%MatrixMarket matrix coordinate real symmetric, 3 3 2, 2 1 1 and 3 2 5
 * console.log(parseMatrixMarket(text).weights); // 1 and 5
 * ```
 */
export function formatMatrixMarket(graph: WeightedGraph): string {
  return [...piecesOf(matrixMarketLines(graph))].join("");
}

export function* matrixMarketLines({ nodes, sources, targets, weights }: WeightedGraph): Generator<string> {
  yield "%%MatrixMarket matrix coordinate real symmetric";
  yield `${nodes} ${nodes} ${weights.length}`;
  // The lower triangle, as the format wants it.
  for (let e = 0; e < weights.length; e++) yield `${targets[e] + 1} ${sources[e] + 1} ${weights[e]}`;
}
