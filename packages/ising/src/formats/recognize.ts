import { VARTYPE } from "./coo.ts";
import { type Delimiter, type Row, rowsOf } from "./delimited.ts";
import { NUMBER } from "./edge-columns.ts";
import { AmbiguousError, type FileSource, type ProblemKind } from "./format.ts";
import { FormatError } from "./format-error.ts";
import { JsonFields } from "./json-fields.ts";
import { QPLIB_TYPE } from "./qplib.ts";
import { formats, type ProblemFormat, problemFormatNames } from "./table.ts";

/** What a file is, and what its pairs stand for where its name says so. */
export interface Recognized {
  readonly format: ProblemFormat;
  readonly kind?: ProblemKind;
}

const HEAD = 2 ** 16;
/** Rows that are looked at: of longer files the reader finds out the rest. */
const ROWS = 200_000;

/**
 * Returns the format of a file, recognized by its structure. The extension decides only between formats that look
 * alike.
 *
 * @throws {AmbiguousError} for a file that can be read in two ways; {FormatError} for one that is none of the known.
 */
export function recognize({ text, bytes }: FileSource, extension: string): Recognized {
  if (bytes !== undefined && String.fromCharCode(...bytes.subarray(0, 5)) === "DIMOD")
    return { format: "dimod-file" };
  const head = headOf(text);
  if (CONTROL.test(head)) throw unknown(`the file is ${binaryKind(bytes)}`);
  const start = head.trimStart();
  if (start === "") throw unknown("the file is empty");
  if (start.startsWith("{") || start.startsWith("[")) return jsonFormat(new JsonFields(text));
  if (start.startsWith("<")) return xmlFormat(start);
  if (/^%%MatrixMarket/i.test(start)) return { format: "matrix-market" };
  const lines = contentOf(head);
  const words = lines.slice(0, 3).map((line) => line.split(/\s+/));
  if (words[0]?.[0] === "p") return { format: words[0][1] === "qubo" ? "qubo" : "dimacs" };
  if (words.length === 3 && QPLIB_TYPE.test(words[1][0]) && /^(min|max)imize$/i.test(words[2][0]))
    return { format: "qplib" };
  if (VARTYPE.test(commentsOf(head))) return { format: "coo" };
  refuseForeign(start, extension);
  if (lines.length === 0) throw unknown("the file has nothing but comments");
  return rowFormat(new Profile(text), extension);
}

function unknown(what: string): FormatError {
  return new FormatError(`${what}; known formats: ${problemFormatNames.join(", ")}`, 1, 1);
}

function headOf(text: FileSource["text"]): string {
  let head = "";
  for (const piece of typeof text === "string" ? [text] : text) {
    head += piece;
    if (head.length >= HEAD) break;
  }
  return head.slice(0, HEAD).replace(/^\ufeff/, "");
}

/** Characters that no text has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for.
const CONTROL = /[\0-\x08\x0e-\x1f]/;

/** Binary files that people have beside those that are read, by their first characters. */
const BINARY: readonly (readonly [name: string, start: RegExp])[] = [
  ["a NumPy array (.npy), which is not read; write its entries as lines of i, j and value", /^\x93NUMPY/],
  ["an HDF5 file, which is not read", /^\x89HDF/],
  ["a PDF document", /^%PDF/],
];

function binaryKind(bytes: Uint8Array | undefined): string {
  const start = String.fromCharCode(...(bytes?.subarray(0, 8) ?? []));
  return BINARY.find(([, pattern]) => pattern.test(start))?.[0] ?? "binary, and of no known kind";
}

const COMMENT = /^(#|%|\/\/|[cC](\s|$))/;

function contentOf(head: string): string[] {
  return head
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !COMMENT.test(line));
}

function commentsOf(head: string): string {
  return head
    .split("\n")
    .filter((line) => COMMENT.test(line.trim()))
    .join("\n");
}

function jsonFormat(fields: JsonFields): Recognized {
  if (fields.has("variable_domain")) return { format: "bqpjson" };
  if (["variable_type", "linear_biases", "linear_terms", "num_variables"].some((name) => fields.has(name)))
    return { format: "bqm" };
  if (fields.has("nodes") && (fields.has("links") || fields.has("edges"))) return { format: "node-link" };
  throw unknown(
    "the JSON object has neither the fields of a dimod model, nor of bqpjson, nor nodes and links",
  );
}

function xmlFormat(start: string): Recognized {
  if (/<graphml[\s>]/.test(start)) return { format: "graphml" };
  const root = /<(\w+)[\s>]/.exec(start.replace(/<\?[^>]*>|<!--[\s\S]*?-->/g, ""))?.[1];
  throw unknown(`the file is XML of the kind "${root}", of which only graphml is read`);
}

const FOREIGN: readonly (readonly [name: string, start: RegExp])[] = [
  ["GML", /^(Creator|graph)\s*\[|^graph\s*$/im],
  ["Pajek's", /^\*(vertices|network|arcs|edges)/im],
  ["LP", /^\s*(min|max)(imi[zs]e)?\s*$[\s\S]*^\s*(subject to|st|s\.t\.|bounds|binary|binaries|end)\b/im],
  ["MPS", /^NAME\b[\s\S]*^ROWS\s*$/m],
  [
    "the OR-Library's (several problems; cut out one of them, from its line of two numbers on)",
    /^\s*\d+\s*\n\s*\d+\s+\d+\s*\n\s*\d+\s+\d+\s+\S+\s*\n/,
  ],
  ["DOT", /^(strict\s+)?(di)?graph\b[^\n]*\{/m],
];

/** Other people's formats that would pass for lines of words. */
function refuseForeign(start: string, extension: string): void {
  const found = FOREIGN.find(([, pattern]) => pattern.test(start))?.[0];
  const name = found ?? (extension === "graph" || extension === "metis" ? "METIS's" : undefined);
  if (name !== undefined) throw unknown(`the file looks like one in ${name} format, which is not read`);
}

/** What the lines of fields of a file have in common. */
class Profile {
  readonly first: Row & { readonly delimiter: Delimiter };
  /** Lines after the first, up to where the look at them ended. */
  rows = 0;
  whole = true;
  fewest = Number.POSITIVE_INFINITY;
  most = 0;
  /** Whether the first two fields are whole numbers and a third a number, in all lines but the first. */
  numbers = true;
  highest = 0;
  /** The first lines, where a small matrix would show. */
  readonly top: (readonly string[])[] = [];

  constructor(text: FileSource["text"]) {
    let first: (Row & { readonly delimiter: Delimiter }) | undefined;
    const names: Row[] = [];
    for (const row of rowsOf(text)) {
      if (row.delimiter === "" && /^c$/i.test(row.cells[0])) names.push(row);
      else if (first === undefined) first = row;
      else this.#add(row);
      if (this.top.length < 4) this.top.push(row.cells);
      if (this.rows === ROWS) {
        this.whole = false;
        break;
      }
    }
    this.first = first ?? { ...names[0], delimiter: "" };
  }

  #add({ cells }: Row): void {
    this.rows++;
    this.fewest = Math.min(this.fewest, cells.length);
    this.most = Math.max(this.most, cells.length);
    this.numbers &&=
      WHOLE.test(cells[0]) && WHOLE.test(cells[1] ?? "") && (cells.length < 3 || NUMBER.test(cells[2]));
    if (this.numbers) this.highest = Math.max(this.highest, Number(cells[0]), Number(cells[1]));
  }
}

const WHOLE = /^\d{1,15}$/;
/**
 * Whether the lines are a matrix of numbers that is symmetric or upper triangular: three weighted pairs can look so, and
 * two pairs without weights as one with a diagonal of zeros.
 */
function looksLikeMatrix(top: readonly (readonly string[])[]): boolean {
  const size = top.length;
  const isSquare = top.every((row) => row.length === size && row.every((cell) => NUMBER.test(cell)));
  if (!isSquare || size < 2 || size > 3) return false;
  const holds = (test: (i: number, j: number) => boolean) =>
    top.every((row, i) => row.every((_, j) => j >= i || test(i, j)));
  const isSymmetric = holds((i, j) => top[i][j] === top[j][i]);
  if (size === 2) return isSymmetric && Number(top[0][0]) === 0 && Number(top[1][1]) === 0;
  return isSymmetric || holds((i, j) => Number(top[i][j]) === 0);
}

const PLAIN = ["", "txt", "dat", "data"];

function rowFormat(profile: Profile, extension: string): Recognized {
  const { first, rows, fewest, most, numbers } = profile;
  const named = formats.gset.extensions.includes(extension) && extension !== "txt";
  const asList = formats["edge-list"].extensions.includes(extension);
  const asTerms = formats.coo.extensions.includes(extension) || extension === "qubo" || extension === "ising";
  if (profile.whole && !named && !asTerms && looksLikeMatrix(profile.top)) {
    throw new AmbiguousError(
      `the ${rows + 1} lines could be edges (format "edge-list") or the rows of a matrix, which is not read; say so with the option format (--format)`,
    );
  }
  const header = first.cells.length === 2 && first.cells.every((cell) => WHOLE.test(cell)) && numbers;
  if (header && (rows === 0 || (fewest >= 2 && most <= 3))) {
    const [nodes, edges] = first.cells.map(Number);
    const counted = profile.whole ? rows === edges : rows <= edges;
    const fits = counted && profile.highest <= nodes;
    if (named || most === 3) {
      if (asList) throw headerOrEdge(nodes, edges);
      return { format: "gset" };
    }
    if (fits && PLAIN.includes(extension)) return { format: "gset" };
    // A list of pairs without weights, whose first line could be a count, even a wrong one.
    if (fits || (!asList && profile.highest <= nodes)) throw headerOrEdge(nodes, edges);
  }
  if (named) return { format: "gset" };
  if (first.cells.length === 3 && numbers && (rows === 0 || (fewest === 3 && most === 3))) {
    if (extension === "qubo") return { format: "coo", kind: "qubo" };
    if (extension === "ising") return { format: "coo", kind: "ising" };
    if (extension === "coo") return { format: "coo" };
  }
  if (extension === "qubo") return { format: "qubo" };
  if (
    first.delimiter !== "" ||
    asList ||
    (first.cells.length >= 2 && first.cells.length <= 3 && (rows === 0 || (fewest >= 2 && most <= 3)))
  ) {
    return { format: "edge-list" };
  }
  throw unknown(
    `line ${first.line} is ${JSON.stringify(first.cells.join(" ").slice(0, 40))}, which begins no known format`,
  );
}

function headerOrEdge(nodes: number, edges: number): AmbiguousError {
  return new AmbiguousError(
    `the first line, ${nodes} ${edges}, could announce ${nodes} nodes and ${edges} edges (format "gset") or be an edge itself (format "edge-list"); say which with the option format (--format)`,
  );
}
