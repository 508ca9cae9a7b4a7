import { type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

const FIELDS = ["real", "integer", "pattern"] as const;

/**
 * Returns the graph of a MatrixMarket file: `%%MatrixMarket matrix coordinate real|integer|pattern symmetric|general`, comments `%`,
 * a line `rows columns entries`, then `i j [weight]` an entry, numbered from 1 (Boisvert, Pozo & Remington 1996). A symmetric
 * matrix states each edge once; a general one must be symmetric and state both halves. The diagonal is left out.
 *
 * @throws {FormatError} with line and column.
 */
export function parseMatrixMarket(text: string): WeightedGraph {
  const tokens = new Tokens(text);
  const { pattern, symmetric } = readHeader(tokens);
  while (tokens.nextLine() && tokens.skipBlank() && tokens.peek() === "%");
  const nodes = tokens.integer("the number of rows", 0, MOST_VARIABLES);
  const columns = tokens.integer("the number of columns", 0, MOST_TERMS);
  if (columns !== nodes) throw tokens.error(`${nodes} rows and ${columns} columns, expected a square matrix`);
  const entries = tokens.integer("the number of entries", 0, MOST_TERMS);
  tokens.endOfLine();
  tokens.nextLine();
  const [sources, targets, weights]: [number[], number[], number[]] = [[], [], []];
  let read = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const i = tokens.integer("a row", 1, nodes) - 1;
    const j = tokens.integer("a column", 1, nodes) - 1;
    const weight = pattern ? 1 : tokens.number("the value");
    tokens.endOfLine();
    if (++read > entries) throw tokens.error(`more entries than the ${entries} announced`);
    sources.push(i);
    targets.push(j);
    // Both halves of a general matrix add up to the edge.
    weights.push(symmetric ? weight : weight / 2);
  }
  if (read < entries) throw tokens.error(`the text ends after ${read} of ${entries} entries`);
  if (!symmetric) requireSymmetric(tokens, nodes, sources, targets, weights);
  return weightedGraph(nodes, { sources, targets, weights });
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

function requireSymmetric(
  tokens: Tokens,
  nodes: number,
  sources: number[],
  targets: number[],
  weights: number[],
): void {
  const sums = new Map<number, number>();
  for (const [e, weight] of weights.entries()) {
    const key = sources[e] * nodes + targets[e];
    sums.set(key, (sums.get(key) ?? 0) + weight);
  }
  for (const [key, weight] of sums) {
    const [i, j] = [Math.floor(key / nodes), key % nodes];
    if ((sums.get(j * nodes + i) ?? 0) !== weight) {
      throw tokens.error(
        `entries (${i + 1}, ${j + 1}) and (${j + 1}, ${i + 1}) differ, expected a symmetric matrix`,
      );
    }
  }
}

/** Returns `graph` as a symmetric MatrixMarket file. */
export function formatMatrixMarket({ nodes, sources, targets, weights }: WeightedGraph): string {
  const lines = ["%%MatrixMarket matrix coordinate real symmetric", `${nodes} ${nodes} ${weights.length}`];
  // The lower triangle, as the format wants it.
  for (let e = 0; e < weights.length; e++) lines.push(`${targets[e] + 1} ${sources[e] + 1} ${weights[e]}`);
  return `${lines.join("\n")}\n`;
}
