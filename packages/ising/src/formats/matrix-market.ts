import { EdgeList } from "../problem/edge-list.ts";
import { canonicalEdges } from "../problem/edges.ts";
import type { WeightedGraph } from "../problem/graph.ts";
import { counted } from "./file-problem.ts";
import { ambiguousKind, type FileTerms, type Format, type ProblemKind } from "./format.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";
import { graphOf } from "./write.ts";

const FIELDS = ["real", "integer", "pattern"] as const;

/**
 * MatrixMarket: `%%MatrixMarket matrix coordinate real|integer|pattern symmetric|general`, a line
 * `rows columns entries`, then one line `i j [weight]` for each entry, numbered from 1 (Boisvert, Pozo & Remington
 * 1996). A symmetric matrix states each edge once; a general one must be symmetric and state both halves, unless it is
 * read as the Q of xᵀQx.
 */
export const matrixMarket: Format = {
  holds: "a graph or the Q of xᵀQx: a symmetric matrix",
  extensions: ["mtx", "mm"],
  kinds: ["max-cut", "qubo"],
  read: ({ text }, { kind }) => readMatrixMarket(text, kind),
  write: (file) => piecesOf(matrixMarketLines(graphOf(file, "matrix-market"))),
};

function readMatrixMarket(text: TextSource, kind: ProblemKind | undefined): FileTerms {
  const tokens = new Tokens(text);
  const { pattern, symmetric } = readHeader(tokens);
  tokens.nextLine();
  tokens.skipBlank();
  const nodes = tokens.integer("the number of rows", 0, MOST_VARIABLES);
  const columns = tokens.integer("the number of columns", 0, MOST_TERMS);
  if (columns !== nodes) throw tokens.error(`${nodes} rows and ${columns} columns, expected a square matrix`);
  const entries = tokens.integer("the number of entries", 0, MOST_TERMS);
  tokens.endOfLine();
  tokens.nextLine();
  // A symmetric matrix may state an entry in either half; a general one must state both, which are kept apart.
  const upper = new EdgeList();
  const lower = symmetric ? upper : new EdgeList();
  const diagonal = new Float64Array(nodes);
  let read = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const i = tokens.integer("a row", 1, nodes) - 1;
    const j = tokens.integer("a column", 1, nodes) - 1;
    const weight = pattern ? 1 : tokens.number("the value");
    tokens.endOfLine();
    if (++read > entries) throw tokens.error(`more entries than the ${entries} announced`);
    if (i === j) diagonal[i] += weight;
    else if (i < j) upper.push(i, j, weight);
    else lower.push(j, i, weight);
  }
  if (read < entries) throw tokens.error(`the text ends after ${read} of ${entries} entries`);
  const filled = diagonal.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  if (filled > 0 && kind === undefined) {
    throw ambiguousKind(
      `${counted(filled, "entry", "entries")} of the diagonal differ from 0`,
      matrixMarket.kinds,
    );
  }
  const rest = { variables: nodes, firstNumber: 1 as const };
  if (kind === "qubo") {
    if (!symmetric)
      for (let e = 0, { sources, targets, weights } = lower.arrays; e < weights.length; e++)
        upper.push(sources[e], targets[e], weights[e]);
    return { ...rest, kind, pairs: upper.arrays, linear: diagonal, symmetric };
  }
  if (!symmetric) requireSymmetric(tokens, nodes, upper, lower);
  const notes = filled > 0 ? [`${counted(filled, "loop")} on the diagonal left out: no cut takes one`] : [];
  return { ...rest, kind: "max-cut", pairs: upper.arrays, notes };
}

function readHeader(tokens: Tokens): { pattern: boolean; symmetric: boolean } {
  const [banner, object, layout, field, symmetry] = tokens.rest().trim().toLowerCase().split(/\s+/);
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

function* matrixMarketLines({ nodes, sources, targets, weights }: WeightedGraph): Generator<string> {
  yield "%%MatrixMarket matrix coordinate real symmetric";
  yield `${nodes} ${nodes} ${weights.length}`;
  // The lower triangle, as the format wants it.
  for (let e = 0; e < weights.length; e++) yield `${targets[e] + 1} ${sources[e] + 1} ${weights[e]}`;
}
