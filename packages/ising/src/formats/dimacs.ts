import { EdgeList } from "../problem/edge-list.ts";
import { sortedOrder } from "../problem/edges.ts";
import type { WeightedGraph } from "../problem/graph.ts";
import { counted } from "./file-problem.ts";
import type { FileTerms, Format } from "./format.ts";
import { FormatError } from "./format-error.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";
import { graphOf } from "./write.ts";

/**
 * DIMACS: one line `p <word> nodes edges`, then one line `e i j [weight]` (or `a i j weight`) for each edge, numbered
 * from 1. Some files of the collection state each edge in both directions and announce either count; (i, j) and (j, i)
 * with the same weight count once. Weights of nodes, `n i weight`, and the lines d, v and x of generators do not belong
 * to a cut. They are counted and left out.
 */
export const dimacs: Format = {
  holds: "a graph: `p edge nodes edges`, `e i j`",
  extensions: ["col", "dimacs", "clq"],
  kinds: ["max-cut"],
  read: ({ text }) => readDimacs(text),
  write: (file) => piecesOf(dimacsLines(graphOf(file, "dimacs"))),
};

const LEFT_OUT = ["n", "d", "v", "x"];

function readDimacs(text: TextSource): FileTerms {
  const tokens = new Tokens(text);
  const list = new EdgeList();
  // Where each edge was stated, for the error when two statements differ.
  const places = new EdgeList();
  const leftOut = new Map<string, number>();
  let announced: [nodes: number, edges: number] | undefined;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const kind = tokens.word() as string;
    if (kind === "p") {
      if (announced !== undefined) throw tokens.error("a second problem line");
      announced = readProblemLine(tokens);
    } else if (kind === "e" || kind === "a") {
      if (announced === undefined) throw tokens.error(`an edge before the problem line "p edge nodes edges"`);
      readEdge(tokens, announced[0], list);
      places.push(tokens.line, 0, 0);
    } else if (LEFT_OUT.includes(kind)) {
      leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
      while (tokens.word() !== undefined);
    } else throw tokens.error(`a line that begins with "${kind.slice(0, 20)}", expected c, p, e, a or n`);
    tokens.endOfLine();
  }
  if (announced === undefined)
    throw tokens.error(`the text ends without a problem line "p edge nodes edges"`);
  const [variables, edges] = announced;
  const pairs = statedOnce(list, places.arrays.sources, variables);
  const notes = Array.from(leftOut, ([kind, count]) => leftOutNote(kind, count));
  if (![list.length, pairs.weights.length, 2 * list.length].includes(edges)) {
    notes.push(`the problem line announces ${edges} edges, the file has ${list.length}`);
  }
  const twice = list.length - pairs.weights.length;
  if (twice > 0)
    notes.push(`${counted(twice, "edge")} stated once more, in the other direction or the same: taken once`);
  return { variables, pairs, kind: "max-cut", firstNumber: 1, notes };
}

function leftOutNote(kind: string, count: number): string {
  const what = kind === "n" ? "weights of nodes, which are not part of a cut" : "lines of a generator's";
  return `${counted(count, "line")} "${kind}" left out: ${what}`;
}

function readProblemLine(tokens: Tokens): [nodes: number, edges: number] {
  const what = tokens.word();
  if (what === "cnf" || what === "wcnf")
    throw tokens.error(`"p ${what}" states clauses, expected the edges of a graph`);
  const nodes = tokens.integer("the number of nodes", 0, MOST_VARIABLES);
  return [nodes, tokens.integer("the number of edges", 0, MOST_TERMS)];
}

function readEdge(tokens: Tokens, nodes: number, list: EdgeList): void {
  const i = tokens.integer("a node", 1, nodes) - 1;
  const j = tokens.integer("a node", 1, nodes) - 1;
  list.push(i, j, tokens.atEndOfLine() ? 1 : tokens.number("the weight"));
}

/**
 * The edges without repetitions.
 * @throws {FormatError} where one is repeated with another weight.
 */
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

function* dimacsLines({ nodes, sources, targets, weights }: WeightedGraph): Generator<string> {
  const plain = weights.every((weight) => weight === 1);
  yield `p edge ${nodes} ${weights.length}`;
  for (let e = 0; e < weights.length; e++) {
    yield `e ${sources[e] + 1} ${targets[e] + 1}${plain ? "" : ` ${weights[e]}`}`;
  }
}
