import { EdgeList } from "../problem/edge-list.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { counted } from "./file-problem.ts";
import { ambiguousKind, type FileTerms, type Format, type ProblemKind } from "./format.ts";
import { piecesOf, type TextSource } from "./text-source.ts";
import { MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * dimod's COO: a comment `# vartype=SPIN` or `# vartype=BINARY`, then one line `i j value` for each term, numbered from
 * 0; (i, i) is linear. The format has no offset. The linear term of the last variable is written even where it is 0, so
 * the number of variables is kept.
 */
export const coo: Format = {
  holds: "a dimod model term by term: `# vartype=SPIN`, `i j value`",
  extensions: ["coo"],
  kinds: ["ising", "qubo"],
  read: ({ text }, { kind }) => readCoo(text, kind),
  write: ({ problem }) => piecesOf(cooLines(problem)),
};

/** The variable type that a comment states. */
export const VARTYPE = /\bvartype["']?\s*[:=]?\s*["']?(\w+)/i;

const KINDS: Record<string, ProblemKind> = { SPIN: "ising", BINARY: "qubo" };

function readCoo(text: TextSource, asked: ProblemKind | undefined): FileTerms {
  let vartype: string | undefined;
  const tokens = new Tokens(text, (comment) => {
    vartype = VARTYPE.exec(comment)?.[1].toUpperCase() ?? vartype;
  });
  const list = new EdgeList();
  let variables = 0;
  for (; tokens.skipBlank(); tokens.nextLine()) {
    const i = tokens.integer("a variable", 0, MOST_VARIABLES - 1);
    const j = tokens.integer("a variable", 0, MOST_VARIABLES - 1);
    list.push(i, j, tokens.number("the value"));
    tokens.endOfLine();
    variables = Math.max(variables, i + 1, j + 1);
  }
  const stated = vartype === undefined ? undefined : KINDS[vartype];
  if (vartype !== undefined && stated === undefined) {
    throw tokens.error(`the variable type is ${vartype}, expected SPIN or BINARY`);
  }
  if (asked !== undefined && stated !== undefined && asked !== stated) {
    throw tokens.error(`the file says that its variables are ${vartype}, but it is asked for as "${asked}"`);
  }
  const kind = asked ?? stated;
  if (kind === undefined) {
    throw ambiguousKind('the variable type is missing, a line "# vartype=SPIN" or BINARY', coo.kinds);
  }
  const { sources, targets } = list.arrays;
  const free = variables - new Set([...sources, ...targets]).size;
  const notes =
    free > 0 ? [`${counted(free, "number")} below ${variables} in no term: taken for free variables`] : [];
  return { variables, pairs: list.arrays, kind, firstNumber: 0, notes };
}

function* cooLines({ variables, fields, couplings }: SpinProblem): Generator<string> {
  const { sources, targets, values } = couplings;
  yield "# vartype=SPIN";
  for (const [i, h] of fields.entries()) if (h !== 0 || i === variables - 1) yield `${i} ${i} ${0 - h}`;
  for (let e = 0; e < values.length; e++) yield `${sources[e]} ${targets[e]} ${-values[e]}`;
}
