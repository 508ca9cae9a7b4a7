import type { Delimiter, Row } from "./delimited.ts";
import { FormatError } from "./format-error.ts";

export const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Which field of a line is what. */
export interface Columns {
  readonly delimiter: Delimiter;
  readonly source: number;
  readonly target: number;
  /** Absent where no column holds weights. */
  readonly weight?: number;
  /** The column in which Gephi says "Directed" or "Undirected". */
  readonly type?: number;
  /**
   * Whether the first line is a heading: only the lines that follow tell of two names, likelier a heading where they
   * are words for it.
   */
  readonly heading: "yes" | "no" | "perhaps" | "likely";
  /** What the heading calls the numbers, where that is a word for coefficients rather than for weights of edges. */
  readonly coefficient?: string;
  readonly notes: readonly string[];
  /** @throws {FormatError} for a line with other fields than the first. */
  check(cells: readonly string[], line: number): void;
}

const SOURCE =
  /^(source|from|src|start|tail|u|i|row|(node|vertex|id|from|source|v|n|name)[ _-]?(id)?[ _-]?(1|a|i|from|source|start)|(from|source|start)[ _-]?(node|vertex|id|name|label|nodeid))$/i;
const TARGET =
  /^(target|to|dst|dest|destination|end|head|v|j|col|column|(node|vertex|id|to|target|v|n|name)[ _-]?(id)?[ _-]?(2|b|j|to|target|end)|(to|target|end)[ _-]?(node|vertex|id|name|label|nodeid))$/i;
const WEIGHT = /^(weights?|w|w_?ij|edge[ _-]?weight|value|val|strength|capacity|cost|distance|length)$/i;
const COEFFICIENT = /^(j|j_?ij|couplings?|interactions?|q|q_?ij|bias|quadratic|coeff?|coefficients?)$/i;
const TYPE = /^type$/i;
const OTHER = /^(type|kind|ids?|index|label|name|relation(ship)?|time(stamp)?|date|year|comment|note)$/i;
/** "nan" is a weight that is wrong, not the name of a column. */
const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity)$/i;

/**
 * Returns what the first line tells about the columns. @param asked whether it is a heading, where the caller knows.
 */
export function columnsOf(row: Row & { readonly delimiter: Delimiter }, asked: boolean | undefined): Columns {
  const { cells, delimiter, line } = row;
  if (cells.length < 2) {
    throw new FormatError(`${cells.length} fields, expected source,target or source,target,weight`, line, 1);
  }
  const heading = asked === undefined ? headingIn(cells) : asked ? "yes" : "no";
  if (heading === "yes") return namedColumns(row);
  if (cells.length > 3) {
    throw new FormatError(
      `${cells.length} fields, expected source,target,weight, or a heading that says which are they`,
      line,
      1,
    );
  }
  return {
    ...{ delimiter, source: 0, target: 1, weight: 2, heading, notes: [] },
    check: (found, at) => {
      if (found.length >= 2 && found.length <= 3) return;
      throw new FormatError(`${found.length} fields, expected source,target or source,target,weight`, at, 1);
    },
  };
}

function headingIn(cells: readonly string[]): Columns["heading"] {
  const number = (cell: string) => cell === "" || NUMBER.test(cell);
  if (cells.length > 2) {
    // Behind the numbers of two nodes stands a weight, be it a wrong one.
    const edge = NUMBER.test(cells[0]) && NUMBER.test(cells[1]);
    return edge || number(cells[2]) || NOT_A_NUMBER.test(cells[2]) ? "no" : "yes";
  }
  if (cells.some(number)) return "no";
  return SOURCE.test(cells[0]) && TARGET.test(cells[1]) ? "likely" : "perhaps";
}

function namedColumns({ cells, delimiter, line }: Row & { readonly delimiter: Delimiter }): Columns {
  const find = (pattern: RegExp) => cells.findIndex((cell) => pattern.test(cell));
  const few = cells.length <= 3;
  const [from, to] = [find(SOURCE), cells.findLastIndex((cell) => TARGET.test(cell))];
  const positional = few && (from < 0 || to < 0 || from === to);
  const [source, target] = positional ? [0, 1] : [from, to];
  if (source < 0 || target < 0 || source === target) {
    throw new FormatError(`a heading of ${cells.length} names, none of which say source and target`, line, 1);
  }
  const coefficients = cells.findIndex((cell, c) => c !== source && c !== target && COEFFICIENT.test(cell));
  let weight = find(WEIGHT);
  if (weight < 0) weight = coefficients;
  // One column beside the two is the weight unless its name is that of something else.
  if (weight < 0 && cells.length === 3)
    weight = [0, 1, 2].find((c) => c !== source && c !== target && !OTHER.test(cells[c])) ?? -1;
  const rest = cells.map((_, c) => c).filter((c) => c !== source && c !== target && c !== weight);
  const notes =
    rest.length === 0
      ? []
      : [`columns not read: ${rest.map((c) => cells[c] || `number ${c + 1}`).join(", ")}`];
  if (weight < 0) notes.push("no column is named as one of weights is: the weights are 1");
  else if (!/^weights?$/i.test(cells[weight]))
    notes.push(`the column "${cells[weight]}" was taken for the weights`);
  const type = find(TYPE);
  return {
    ...{ delimiter, source, target, heading: "yes", notes },
    weight: weight < 0 ? undefined : weight,
    type: type < 0 ? undefined : type,
    coefficient: weight >= 0 && weight === coefficients ? cells[weight] : undefined,
    check: (found, at) => {
      if (found.length === cells.length) return;
      throw new FormatError(`${found.length} fields, the heading has ${cells.length}`, at, 1);
    },
  };
}
