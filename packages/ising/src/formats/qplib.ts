import { EdgeList } from "../problem/edge-list.ts";
import type { FileTerms, Format } from "./format.ts";
import { FormatError } from "./format-error.ts";
import type { TextSource } from "./text-source.ts";
import { MOST_TERMS, MOST_VARIABLES, Tokens } from "./tokens.ts";

/**
 * The part of the QPLIB format that is a sum over bits: ½ xᵀQ⁰x + b⁰x + q⁰, minimized or maximized, of which the lower
 * triangle of Q⁰ is stated (Furini et al. 2019). Problems with constraints or with variables that are not binary are
 * refused.
 */
export const qplib: Format = {
  holds: "a QPLIB problem of bits without constraints",
  extensions: ["qplib"],
  kinds: ["qubo"],
  read: ({ text }) => readQplib(text),
};

/** The line that states the kinds of the objective, the variables and the constraints. */
export const QPLIB_TYPE = /^[LDCQ][CBMIG][NBLDCQ]$/i;

function readQplib(text: TextSource): FileTerms {
  const tokens = new Tokens(text);
  const next = () => {
    if (!tokens.skipBlank()) throw tokens.error("the text ends before the problem does");
  };
  next();
  tokens.nextLine();
  next();
  checkType(tokens);
  next();
  const sense = tokens.word()?.toLowerCase();
  if (sense !== "minimize" && sense !== "maximize") {
    throw tokens.error(`the sense is "${sense}", expected minimize or maximize`);
  }
  const list = new EdgeList();
  const values = (what: string, from: number, most: number): number => {
    tokens.nextLine();
    next();
    return Number.isNaN(from) ? tokens.number(what) : tokens.integer(what, from, most);
  };
  const variables = values("the number of variables", 0, MOST_VARIABLES);
  const entries = values("the number of nonzeros of Q", 0, MOST_TERMS);
  for (let e = 0; e < entries; e++) {
    const i = values("a variable", 1, variables) - 1;
    const j = tokens.integer("a variable", 1, variables) - 1;
    // ½ xᵀQx has a diagonal entry once and each of the others twice.
    list.push(i, j, (i === j ? 0.5 : 1) * tokens.number("the value"));
    tokens.endOfLine();
  }
  const linear = new Float64Array(variables).fill(values("the default linear coefficient", Number.NaN, 0));
  const others = values("the number of other linear coefficients", 0, variables);
  for (let k = 0; k < others; k++)
    linear[values("a variable", 1, variables) - 1] = tokens.number("the coefficient");
  const offset = values("the constant", Number.NaN, 0);
  const labels = readNames(tokens, variables);
  const notes = labels.notes;
  return {
    ...{ variables, pairs: list.arrays, linear, offset, kind: "qubo", maximize: sense === "maximize", notes },
    ...(labels.names === undefined ? { firstNumber: 1 } : { labels: labels.names }),
  };
}

function checkType(tokens: Tokens): void {
  const type = tokens.word() ?? "";
  if (!QPLIB_TYPE.test(type))
    throw tokens.error(`the type of the problem is "${type}", expected three letters such as QBN`);
  const [, variables, constraints] = type.toUpperCase();
  if (variables !== "B")
    throw tokens.error(`the type ${type} has variables that are not binary, expected a B in the middle`);
  if (constraints !== "N" && constraints !== "B")
    throw tokens.error(`the type ${type} has constraints, expected an N at the end`);
  tokens.nextLine();
}

/**
 * What follows the objective: infinity, the starting point, and names of variables, each a default or a count and
 * exceptions.
 */
function readNames(tokens: Tokens, variables: number): { names?: string[]; notes: string[] } {
  const names = Array.from({ length: variables }, (_, i) => `x${i + 1}`);
  const line = () => tokens.nextLine() && tokens.skipBlank();
  if (!line()) return { notes: [] };
  tokens.number("the value for infinity");
  if (!line()) return { notes: [] };
  tokens.number("the default starting point");
  if (!line()) return { notes: [] };
  const starts = tokens.integer("the number of other starting points", 0, variables);
  for (let k = 0; k < starts; k++) line();
  if (!line()) return { notes: [] };
  const named = tokens.integer("the number of names", 0, variables);
  for (let k = 0; k < named; k++) {
    if (!line())
      throw new FormatError(`the text ends after ${k} of ${named} names`, tokens.line, tokens.column);
    const i = tokens.integer("a variable", 1, variables) - 1;
    names[i] = tokens.word() ?? names[i];
  }
  const notes = starts > 0 ? ["the starting point of the file is not read"] : [];
  return named === 0 ? { notes } : { names, notes };
}
