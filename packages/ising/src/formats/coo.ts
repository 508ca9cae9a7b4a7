import { checkName } from "@basin/energy-core";
import { EdgeList } from "../problem/edge-list.ts";
import type { EdgeArrays } from "../problem/edges.ts";
import { qubo, toBinary } from "../problem/qubo.ts";
import { type SpinProblem, spinProblem } from "../problem/spin-problem.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * Returns the problem of a COO file as dimod writes it: a first line `# vartype=SPIN` or `# vartype=BINARY`, then a line
 * `i j value` a term, numbered from 0; (i, i) is linear. dimod minimizes +Σ value s_i s_j, so J_ij = −value and h_i = −value; bits are
 * read as {@link qubo} reads them.
 *
 * @example
 * ```ts
 * import { parseCoo } from "@basin/ising";
 *
 * const { couplings, fields } = parseCoo("# vartype=SPIN\n0 0 0.5\n0 1 -1\n");
 * console.log(couplings.values, fields); // J = 1, h = −0.5 and 0
 * ```
 *
 * @throws {FormatError} with line and column, also when the variable type is missing.
 */
export function parseCoo(text: TextSource): SpinProblem {
  const tokens = new Tokens(text);
  let vartype: string | undefined;
  const list = new EdgeList();
  let variables = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    if (tokens.peek() === "#") {
      vartype = /vartype\s*=\s*(\w+)/.exec(tokens.rest())?.[1] ?? vartype;
      continue;
    }
    const i = tokens.integer("a variable", 0, MOST_VARIABLES - 1);
    const j = tokens.integer("a variable", 0, MOST_VARIABLES - 1);
    list.push(i, j, tokens.number("the value"));
    tokens.endOfLine();
    variables = Math.max(variables, i + 1, j + 1);
  }
  if (vartype === "BINARY") return qubo({ variables, quadratic: list.arrays });
  if (vartype !== "SPIN") {
    throw tokens.error(
      `the variable type is ${vartype ?? "missing"}, expected a line "# vartype=SPIN" or BINARY`,
    );
  }
  return fromSpinTerms(variables, list.arrays, 0);
}

/** Returns the problem with energy offset + Σ weight s_i s_j, where (i, i) stands for weight · s_i. */
export function fromSpinTerms(
  variables: number,
  { sources, targets, weights }: EdgeArrays,
  offset: number,
): SpinProblem {
  const fields = new Float64Array(variables);
  const pairs = new EdgeList();
  for (let e = 0; e < weights.length; e++) {
    if (sources[e] === targets[e]) fields[sources[e]] -= weights[e];
    else pairs.push(sources[e], targets[e], -weights[e]);
  }
  return spinProblem({ variables, couplings: pairs.arrays, fields, offset });
}

/**
 * Returns `problem` as a COO file for dimod, over spins or bits. The format has no offset: energies read back differ by the
 * problem's (for bits, by that of {@link toBinary}). The linear term of the last variable is written even where it is 0, so that
 * the variables keep their number.
 *
 * @example
 * ```ts
 * import { formatCoo, spinProblem } from "@basin/ising";
 *
 * const pair = spinProblem({ variables: 2, couplings: [[0, 1, 1]], fields: [-0.5, 0] });
 * console.log(formatCoo(pair)); // the lines # vartype=SPIN, 0 0 0.5, 1 1 0 and 0 1 -1
 * ```
 *
 * @throws {ArgumentError} for another variable type.
 */
export function formatCoo(problem: SpinProblem, vartype: "SPIN" | "BINARY" = "SPIN"): string {
  return [...piecesOf(cooLines(problem, vartype))].join("");
}

export function* cooLines(problem: SpinProblem, vartype: "SPIN" | "BINARY"): Generator<string> {
  checkName("vartype", vartype, ["SPIN", "BINARY"]);
  yield `# vartype=${vartype}`;
  const binary = vartype === "BINARY" ? toBinary(problem) : undefined;
  const linear = binary?.linear ?? problem.fields.map((h) => 0 - h);
  const { sources, targets } = problem.couplings;
  const values = binary?.quadratic.weights ?? problem.couplings.values.map((value) => -value);
  for (const [i, value] of linear.entries()) {
    if (value !== 0 || i === problem.variables - 1) yield `${i} ${i} ${value}`;
  }
  for (let e = 0; e < values.length; e++) yield `${sources[e]} ${targets[e]} ${values[e]}`;
}
