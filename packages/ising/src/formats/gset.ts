import { EdgeList } from "../problem/edge-list.ts";
import type { WeightedGraph } from "../problem/graph.ts";
import { counted } from "./file-problem.ts";
import { ambiguousKind, type FileTerms, type Format, type ProblemKind } from "./format.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";
import { graphOf } from "./write.ts";

/**
 * Rudy's format, that of the G-set: a line `nodes edges`, then one line `i j [weight]` for each edge, numbered from 1,
 * or from 0 if a 0 occurs. With pairs (i, i), the same lines hold a QUBO (Biq Mac, MQLib: half of a symmetric matrix)
 * or a Hamiltonian (qubist: from 0).
 */
export const gset: Format = {
  holds: "`nodes edges`, then `i j w`: a graph, a QUBO (Biq Mac) or a Hamiltonian (qubist)",
  extensions: ["txt", "rudy", "rud", "mc", "gset", "sparse", "qh"],
  kinds: ["max-cut", "qubo", "ising"],
  read: ({ text }, { kind, extension }) => readGset(text, kind ?? KINDS[extension], extension),
  write: (file) => piecesOf(gsetLines(graphOf(file, "gset"))),
};

const KINDS: Record<string, ProblemKind> = {
  qh: "ising",
  mc: "max-cut",
  rud: "max-cut",
  rudy: "max-cut",
  gset: "max-cut",
};

function readGset(text: TextSource, asked: ProblemKind | undefined, extension: string): FileTerms {
  const tokens = new Tokens(text);
  tokens.skipBlank();
  const nodes = tokens.integer("the number of nodes", 0, MOST_VARIABLES);
  const edges = tokens.integer("the number of edges", 0, MOST_TERMS);
  tokens.endOfLine();
  tokens.nextLine();
  const numbering = new Numbering(tokens, nodes);
  const list = new EdgeList();
  let [loops, plain] = [0, 0];
  while (tokens.skipBlank()) {
    const source = numbering.next();
    if (list.length === edges) throw tokens.error(`more edges than the ${edges} announced`);
    const target = numbering.next();
    if (source === target) loops++;
    if (tokens.atEndOfLine()) plain++;
    list.push(source, target, optionalWeight(tokens));
    tokens.nextLine();
  }
  if (list.length < edges) {
    tokens.word();
    throw tokens.error(`the text ends after ${list.length} of ${edges} edges`);
  }
  if (extension === "sparse" && asked === undefined && loops === 0) {
    throw ambiguousKind("the file is named as a QUBO is, but has no linear terms", ["max-cut", "qubo"]);
  }
  const kind = asked ?? (extension === "sparse" ? "qubo" : undefined);
  const firstNumber = numbering.first(kind === "ising" ? 0 : 1);
  const { sources, targets, weights } = list.arrays;
  for (let e = 0; e < list.length; e++) {
    sources[e] -= firstNumber;
    targets[e] -= firstNumber;
  }
  return {
    variables: nodes,
    pairs: { sources, targets, weights },
    kind,
    firstNumber,
    symmetric: kind === "qubo",
    ...(plain > 0 && plain < edges && { notes: [`${counted(plain, "edge")} without weight: 1`] }),
  };
}

/** Numbers of nodes from 1 to n, or from 0 to n − 1: which of the two, the first 0 or n tells. */
class Numbering {
  readonly #tokens: Tokens;
  readonly #nodes: number;
  #lowest = 1;
  #highest = 0;

  constructor(tokens: Tokens, nodes: number) {
    this.#tokens = tokens;
    this.#nodes = nodes;
  }

  next(): number {
    const before = this.#lowest;
    const i = this.#tokens.integer("a node", this.#highest === this.#nodes ? 1 : 0, this.#nodes - 1 + before);
    if (i < before) this.#lowest = i;
    if (i > this.#highest) this.#highest = i;
    return i;
  }

  first(otherwise: 0 | 1): 0 | 1 {
    if (this.#lowest === 0) return 0;
    return this.#highest === this.#nodes ? 1 : otherwise;
  }
}

function* gsetLines({ nodes, sources, targets, weights }: WeightedGraph): Generator<string> {
  yield `${nodes} ${weights.length}`;
  for (let e = 0; e < weights.length; e++) yield `${sources[e] + 1} ${targets[e] + 1} ${weights[e]}`;
}

function optionalWeight(tokens: Tokens): number {
  const weight = tokens.atEndOfLine() ? 1 : tokens.number("the weight");
  tokens.endOfLine();
  return weight;
}
