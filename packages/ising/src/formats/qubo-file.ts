import { EdgeList } from "../problem/edge-list.ts";
import { qubo, toBinary } from "../problem/qubo.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * Returns the problem of a qbsolv file: comment lines `c …`, a line `p qubo 0 variables diagonals couplers`, then `i i value` for
 * each diagonal and `i j value` for each coupler, numbered from 0. E(x) = Σ Q_ij x_i x_j over bits is minimized.
 *
 * @example
 * ```ts
 * import { parseQubo, toSpins } from "@basin/ising";
 *
 * const problem = parseQubo("p qubo 0 2 1 1\n0 0 -1\n0 1 2\n");
 * console.log(problem.energy(toSpins([1, 0])), problem.energy(toSpins([1, 1]))); // −1 1
 * ```
 *
 * @throws {FormatError} with line and column, and when terms are missing or left over.
 */
export function parseQubo(text: TextSource): SpinProblem {
  const tokens = new Tokens(text);
  const list = new EdgeList();
  let variables: number | undefined;
  let terms = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const first = tokens.peek();
    if (first === "c" || first === "#") continue;
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
  return qubo({ variables, quadratic: list.arrays });
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

/**
 * Returns `problem` as a qbsolv file over bits. The format has no offset: it stands in a comment, and energies read back by
 * {@link parseQubo} differ by it.
 *
 * @example
 * ```ts
 * import { formatQubo, qubo } from "@basin/ising";
 *
 * const problem = qubo({ variables: 2, linear: [-1, 0], quadratic: [[0, 1, 2]] });
 * console.log(formatQubo(problem)); // the lines c offset 0, p qubo 0 2 1 1, 0 0 -1 and 0 1 2
 * ```
 */
export function formatQubo(problem: SpinProblem): string {
  return [...piecesOf(quboLines(problem))].join("");
}

export function* quboLines(problem: SpinProblem): Generator<string> {
  const { variables, linear, quadratic, offset } = toBinary(problem);
  const { sources, targets, weights } = quadratic;
  yield `c offset ${offset}`;
  yield `p qubo 0 ${variables} ${linear.filter((value) => value !== 0).length} ${weights.length}`;
  for (const [i, value] of linear.entries()) if (value !== 0) yield `${i} ${i} ${value}`;
  for (let e = 0; e < weights.length; e++) yield `${sources[e]} ${targets[e]} ${weights[e]}`;
}
