import { ArgumentError, checkName } from "@basin/energy-core";
import { maxCut, type WeightedGraph } from "../problem/graph.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { bqmPieces, parseBqm } from "./bqm.ts";
import { cooLines, parseCoo } from "./coo.ts";
import { csvLines, parseCsv } from "./csv.ts";
import { dimacsLines, parseDimacs } from "./dimacs.ts";
import { gsetLines, parseGset } from "./gset.ts";
import { matrixMarketLines, parseMatrixMarket } from "./matrix-market.ts";
import { parseQubo, quboLines } from "./qubo-file.ts";
import { piecesOf, type TextSource } from "./text-source.ts";

/** The formats a problem is read from and written to; the first four hold graphs, taken as Max-Cut. */
export type ProblemFormat = "gset" | "dimacs" | "matrix-market" | "csv" | "bqm" | "coo" | "qubo";

/** Every value of {@link ProblemFormat}. */
export const problemFormats: readonly ProblemFormat[] = [
  "gset",
  "dimacs",
  "matrix-market",
  "csv",
  "bqm",
  "coo",
  "qubo",
];

/** What a file holds. */
export interface ProblemFile {
  /** The problem; for a graph, its maximum cut. */
  readonly problem: SpinProblem;
  /** The graph, where the format holds one. */
  readonly graph?: WeightedGraph;
  /** Names of the nodes or variables, where the format has any. */
  readonly labels?: readonly (string | number)[];
}

/**
 * Returns what a text in `format` holds. The order of its lines changes no bit of the result. A text that comes in pieces is read as
 * it comes, and never held as a whole, in every format but dimod's JSON.
 *
 * @example
 * ```ts
 * import { groundState, parseProblem } from "@basin/ising";
 *
 * const { problem, graph } = parseProblem("3 2\n1 2\n2 3\n", "gset");
 * console.log(graph?.nodes, groundState(problem).energy); // 3 −2: both edges can be cut
 * ```
 *
 * @throws {FormatError} with line and column where the text is not in the format.
 * @throws {ArgumentError} for an unknown format, and for weights that add up to more than a double holds.
 */
export function parseProblem(text: TextSource, format: ProblemFormat): ProblemFile {
  switch (checkName("format", format, problemFormats)) {
    case "gset":
      return ofGraph(parseGset(text));
    case "dimacs":
      return ofGraph(parseDimacs(text));
    case "matrix-market":
      return ofGraph(parseMatrixMarket(text));
    case "csv": {
      const { graph, labels } = parseCsv(text);
      return { ...ofGraph(graph), labels };
    }
    case "bqm":
      return parseBqm(text);
    case "coo":
      return { problem: parseCoo(text) };
    case "qubo":
      return { problem: parseQubo(text) };
  }
}

/**
 * Returns `file` as text in `format`. What a format has no place for is left out: names in all but "csv" and "bqm", the offset
 * in "coo" and "qubo".
 *
 * @example
 * ```ts
 * import { formatProblem, parseProblem } from "@basin/ising";
 *
 * const file = parseProblem("2 1\n1 2\n", "gset");
 * console.log(formatProblem(file, "qubo")); // the lines c offset 0, p qubo 0 2 2 1, 0 0 -1, 1 1 -1 and 0 1 2
 * ```
 *
 * @throws {ArgumentError} for a graph format when `file` holds no graph, for an unknown format, and for names that {@link formatCsv}
 *   refuses.
 */
export function formatProblem(file: ProblemFile, format: ProblemFormat): string {
  return [...formatProblemPieces(file, format)].join("");
}

/**
 * Returns the text of {@link formatProblem} in pieces of some thousand lines, for files larger than a string.
 *
 * @example
 * ```ts
 * import { readFile, writeFile } from "node:fs/promises";
 * import { formatProblemPieces, parseProblem, squareLattice } from "@basin/ising";
 *
 * await writeFile("lattice.coo", formatProblemPieces({ problem: squareLattice(64) }, "coo"));
 * console.log(parseProblem(await readFile("lattice.coo", "utf8"), "coo").problem.variables); // 4096
 * ```
 *
 * @throws {ArgumentError} as {@link formatProblem} does; for names, when the pieces are asked for.
 */
export function formatProblemPieces(file: ProblemFile, format: ProblemFormat): Iterable<string> {
  switch (checkName("format", format, problemFormats)) {
    case "bqm":
      return bqmPieces(file.problem, file.labels);
    case "coo":
      return piecesOf(cooLines(file.problem, "SPIN"));
    case "qubo":
      return piecesOf(quboLines(file.problem));
  }
  const { graph } = file;
  if (graph === undefined) {
    throw new ArgumentError(`the format "${format}" holds a graph, and there is none; use bqm, coo or qubo`);
  }
  if (format === "gset") return piecesOf(gsetLines(graph));
  if (format === "dimacs") return piecesOf(dimacsLines(graph));
  if (format === "csv") return piecesOf(csvLines(graph, file.labels?.map(String)));
  return piecesOf(matrixMarketLines(graph));
}

const BY_EXTENSION: Record<string, ProblemFormat> = {
  qubo: "qubo",
  json: "bqm",
  bqm: "bqm",
  coo: "coo",
  mtx: "matrix-market",
  csv: "csv",
  tsv: "csv",
  col: "dimacs",
  dimacs: "dimacs",
};

/**
 * Returns the format that a file name's extension stands for; "gset" when it stands for none.
 *
 * @example
 * ```ts
 * import { problemFormatOf } from "@basin/ising";
 *
 * console.log(problemFormatOf("graph.mtx"), problemFormatOf("G22")); // matrix-market gset
 * ```
 */
export function problemFormatOf(fileName: string): ProblemFormat {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1].toLowerCase();
  return (extension !== undefined ? BY_EXTENSION[extension] : undefined) ?? "gset";
}

function ofGraph(graph: WeightedGraph): ProblemFile {
  return { graph, problem: maxCut(graph) };
}
