import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkKind, checkName, checkOptions } from "@basin/energy-core/internal";
import { decode, type ProblemSource, sourceOf } from "./decode.ts";
import { type FileProblem, fileProblem } from "./file-problem.ts";
import { checkProblemKind, type ProblemKind, type WritableProblem } from "./format.ts";
import { type Recognized, recognize } from "./recognize.ts";
import { formatOf, type ProblemFormat, problemFormatNames, writableFormatNames } from "./table.ts";

/** What a file holds, and what it was taken for. */
export interface ProblemFile extends FileProblem {
  readonly format: ProblemFormat;
}

/** The options of {@link parseProblem}: what the file does not say, or says unclearly. */
export interface ParseProblemOptions {
  /** Name of the file: its end decides between formats that look alike. Default none. */
  file?: string;
  /** Default "auto": by the structure of the file. */
  format?: ProblemFormat | "auto";
  /** What pairs with weights stand for. Default: what the format and the file say. */
  kind?: ProblemKind;
  /**
   * Whether to maximize the sum in the file. The energy is then minus the sum. Default false, unless the file says so.
   */
  maximize?: boolean;
  /** Added to the file's sum. Default 0. */
  offset?: number;
  /** Whether an edge list begins with a heading. Default: by what it says. */
  heading?: boolean;
}

/**
 * Returns the problem in a file: text, whole or in pieces, or bytes, gzipped or not. The format is recognized by its
 * structure. A file with more than one reading is refused, with the option that decides. `notes` lists what was left
 * out (loops, repeated pairs, columns) and what was decided. The order of the lines changes no bit of the result.
 *
 * @example
 * ```ts
 * import { groundState, parseProblem } from "@basin/ising";
 *
 * const { problem, graph, format } = await parseProblem("3 2\n1 2\n2 3\n");
 * console.log(format, graph?.nodes, groundState(problem).energy); // gset 3 −2: both edges can be cut
 * ```
 *
 * @throws {FormatError} with line and column where the text is not in the format, or in none.
 * @throws {AmbiguousError} where there are two readings, naming both.
 * @throws {ArgumentError} for an unknown format, and for weights that add up to more than a double holds.
 */
export async function parseProblem(
  source: ProblemSource,
  options: ParseProblemOptions = {},
): Promise<ProblemFile> {
  checkOptions("parseProblem", options, "file format kind maximize offset heading");
  const { file = "", kind, heading } = options;
  checkNumber("offset", options.offset ?? 0);
  checkKind("file", file, typeof file === "string", "the name of the file");
  for (const name of ["maximize", "heading"] as const)
    checkKind(name, options[name], typeof (options[name] ?? true) === "boolean", "true or false");
  const asked = checkName<ProblemFormat | "auto">("format", options.format ?? "auto", [
    "auto",
    ...problemFormatNames,
  ]);
  const read = sourceOf(await decode(source, file));
  const extension = extensionOf(file);
  const found: Recognized = asked === "auto" ? recognize(read, extension) : { format: asked };
  const format = formatOf(found.format);
  checkProblemKind(found.format, format.kinds, kind);
  const terms = await format.read(read, { kind: kind ?? found.kind, extension, heading });
  return { ...fileProblem(terms, options), format: found.format };
}

/** The end of a name, "" where that is no word, as in G22 or g05_60.0. */
function extensionOf(file: string): string {
  return /\.([a-z][a-z0-9]*)$/i.exec(file.replace(/\.gz$/i, ""))?.[1].toLowerCase() ?? "";
}

/**
 * Returns `file` as text in `format`. It leaves out what the format cannot hold: names except in "edge-list" and "bqm",
 * and the offset in "coo" and "qubo".
 *
 * @example
 * ```ts
 * import { formatProblem, parseProblem } from "@basin/ising";
 *
 * const file = await parseProblem("2 1\n1 2\n");
 * console.log(formatProblem(file, "qubo")); // the lines c offset 0, p qubo 0 2 2 1, 0 0 -1, 1 1 -1 and 0 1 2
 * ```
 *
 * @throws {ArgumentError} for a graph format when `file` holds no graph, for a format that is only read, and for names
 * that a format cannot hold.
 */
export function formatProblem(file: WritableProblem, format: ProblemFormat): string {
  const { write } = formatOf(checkName("format", format, problemFormatNames));
  if (write !== undefined) return [...write(file)].join("");
  throw new ArgumentError(
    `the format "${format}" is only read; written are ${writableFormatNames.join(", ")}`,
  );
}

/**
 * Returns the value of each variable in a state, under its name or number in the file: bits 0 and 1 if the file is over
 * bits, otherwise −1 and +1.
 *
 * @param state −1 or +1 for each variable.
 *
 * @example
 * ```ts
 * import { groundState, namedState, parseProblem } from "@basin/ising";
 *
 * const file = await parseProblem("x,x,-1\nx,y,2\n", { kind: "qubo" });
 * console.log(namedState(file, groundState(file.problem).state)); // { x: 1, y: 0 }
 * ```
 */
export function namedState(
  { labels, firstNumber = 0, kind }: Pick<ProblemFile, "labels" | "firstNumber" | "kind">,
  state: ArrayLike<number>,
): Record<string, number> {
  const value = (i: number) => (kind === "qubo" ? (state[i] > 0 ? 1 : 0) : state[i]);
  return Object.fromEntries(Array.from(state, (_, i) => [String(labels?.[i] ?? i + firstNumber), value(i)]));
}
