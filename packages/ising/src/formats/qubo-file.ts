import { EdgeList } from "../problem/edge-list.ts";
import { toBinary } from "../problem/qubo.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { FileTerms, Format } from "./format.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * qbsolv's format: a line `p qubo 0 variables diagonals couplers`, then `i i value` for each diagonal and `i j value`
 * for each coupler, numbered from 0. E(x) = Σ Q_ij x_i x_j over bits is minimized. The format has no offset: it is
 * written as a comment.
 */
export const quboFile: Format = {
  holds: "a qbsolv problem over bits: `p qubo`, `i j value`",
  extensions: ["qubo"],
  kinds: ["qubo"],
  read: ({ text }) => readQubo(text),
  write: ({ problem }) => piecesOf(quboLines(problem)),
};

function readQubo(text: TextSource): FileTerms {
  const notes: string[] = [];
  const tokens = new Tokens(text, (comment) => {
    const offset = /^\S+\s+offset\s+(\S+)\s*$/.exec(comment)?.[1];
    if (offset !== undefined && Number(offset) !== 0)
      notes.push(`a comment names the offset ${offset}, which is not added`);
  });
  const list = new EdgeList();
  let variables: number | undefined;
  let terms = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    if (variables === undefined) [variables, terms] = readProblemLine(tokens);
    else {
      const source = tokens.integer("a variable", 0, variables - 1);
      if (list.length === terms) throw tokens.error(`more terms than the ${terms} announced`);
      const target = tokens.integer("a variable", 0, variables - 1);
      list.push(source, target, tokens.number("the value"));
    }
    tokens.endOfLine();
  }
  if (variables === undefined)
    throw tokens.error(`the text ends without a line "p qubo 0 variables diagonals couplers"`);
  if (list.length < terms) throw tokens.error(`the text ends after ${list.length} of ${terms} terms`);
  return { variables, pairs: list.arrays, kind: "qubo", firstNumber: 0, notes };
}

function readProblemLine(tokens: Tokens): [variables: number, terms: number] {
  if (tokens.word() !== "p" || tokens.word() !== "qubo") {
    throw tokens.error(`expected the problem line "p qubo 0 variables diagonals couplers"`);
  }
  tokens.word();
  const variables = tokens.integer("the number of variables", 0, MOST_VARIABLES);
  const diagonals = tokens.integer("the number of diagonals", 0, MOST_TERMS);
  return [variables, diagonals + tokens.integer("the number of couplers", 0, MOST_TERMS)];
}

function* quboLines(problem: SpinProblem): Generator<string> {
  const { variables, linear, quadratic, offset } = toBinary(problem);
  const { sources, targets, weights } = quadratic;
  yield `c offset ${offset}`;
  yield `p qubo 0 ${variables} ${linear.filter((value) => value !== 0).length} ${weights.length}`;
  for (const [i, value] of linear.entries()) if (value !== 0) yield `${i} ${i} ${value}`;
  for (let e = 0; e < weights.length; e++) yield `${sources[e]} ${targets[e]} ${weights[e]}`;
}
