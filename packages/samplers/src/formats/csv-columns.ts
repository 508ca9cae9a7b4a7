import { ArgumentError } from "@basin/energy-core";
import { readNumber } from "@basin/energy-core/internal";
import type { Column, TextTable } from "./csv-cells.ts";
import { groupsOf, rowsOf, withoutWarmup } from "./csv-rows.ts";
import type { ReadOptions } from "./file-draws.ts";
import { refuseHiddenChains } from "./hidden-chains.ts";

/** A table whose columns have roles. */
export interface RoledTable {
  /** Rows of each chain, in the order of its draws. */
  readonly chains: readonly (readonly number[])[];
  /** The columns that hold draws. */
  readonly quantities: readonly Column[];
  /** How chains were told apart. */
  readonly by: string;
  readonly notes: readonly string[];
}

const CHAINS = new Set(["chain", "chains"]);
/** Names of counters, the one that is taken first in front. */
const COUNTERS = ["iteration", "iterations", "iter", "draw", "draws"];
/** Names that a counter may have and a quantity as well: taken where they count row by row. */
const MAYBE_COUNTERS = new Set(["", "unnamed0", "row", "rownames", "sample", "state", "step"]);
/** Fewer rows than this may count by accident. */
const LEAST_COUNTED = 6;
const WARMUP = new Set(["warmup", "iswarmup", "inwarmup", "burnin", "tune", "tuning"]);
/** Names of the weights that nested and importance samplers give their rows. */
const WEIGHTS = /^(log_?|ln_?)?(importance_?|posterior_?)?(weights?|wt)$/i;
const MISSING = /^(?:|\.|#?n\/?a|null|none|<na>)$/i;
/** Words for flags, in any case. */
export const TRUTHS: ReadonlyMap<string, number> = new Map([
  ["true", 1],
  ["false", 0],
]);

/** Returns `.chain`, `chain__` and `Chain_ID` alike; `index` is nothing. */
function plain(name: string): string {
  const letters = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return letters.replace(/(id|idx|index|number|num|no)$/, "");
}

/**
 * Returns the columns of a table by role. The last `named` of them are quantities whatever their names.
 *
 * @throws {ArgumentError} for fields that are no numbers, a column without a name, and where two readings are possible.
 */
export function roledTable(table: TextTable, options: ReadOptions, named = 0): RoledTable {
  const notes: string[] = [];
  const all = table.header.map((name, c) => columnOf(table, name, c, notes));
  const own = all.slice(all.length - named);
  // A comma at the end of each line makes a column of nothing.
  const columns = all
    .slice(0, all.length - named)
    .filter(({ name, texts }) => name !== "" || texts.some((text) => text !== ""));
  const chain = chosen(
    columns,
    "chain column",
    options.chainColumn,
    (column) => CHAINS.has(plain(column.name)) && labels(column),
  );
  const rest = columns.filter((column) => column !== chain);
  const counters = rest
    .filter((column) => rank(column) >= 0 && column.numbers !== undefined && labels(column))
    .sort((a, b) => rank(a) - rank(b));
  const iteration = chosen(
    options.iterationColumn === undefined ? counters : rest,
    "iteration column",
    options.iterationColumn,
    () => true,
  );
  const { groups, by } = groupsOf(table.rows.length, chain, iteration, options);
  const warmup = rest.find((column) => WARMUP.has(plain(column.name)) && isFlag(column));
  const quantities = rest.filter(
    (column) => column !== iteration && column !== warmup && !isCounter(column, groups, notes),
  );
  if (by === "" && options.chainColumn === undefined) refuseHiddenChains([...quantities, ...own]);
  for (const { name } of quantities) {
    if (CHAINS.has(plain(name)))
      notes.push(`the column "${name}" holds numbers that are not whole and is diagnosed as a quantity`);
    if (WEIGHTS.test(name))
      notes.push(
        `the column "${name}" is diagnosed as a quantity, and every row counts once; if it weighs the rows, resample them by it first`,
      );
  }
  const chains = rowsOf(groups, iteration, notes);
  const quiet = warmup === undefined ? chains : withoutWarmup(chains, warmup, notes);
  return { chains: quiet, quantities: [...quantities, ...own], by, notes };
}

function isFlag({ texts }: Column): boolean {
  return texts.every((text) => /^(0|1|true|false)$/i.test(text));
}

function columnOf(table: TextTable, name: string, c: number, notes: string[]): Column {
  const texts = table.rows.map(({ fields }) => fields[c]);
  const numbers = new Float64Array(texts.length);
  let found = 0;
  let missing = 0;
  let firstMissing = -1;
  let bad = -1;
  for (const [r, text] of texts.entries()) {
    const value = readNumber(text) ?? TRUTHS.get(text.toLowerCase());
    if (value !== undefined) found++;
    else if (MISSING.test(text)) {
      missing++;
      if (firstMissing < 0) firstMissing = r;
    } else if (bad < 0) bad = r;
    numbers[r] = value ?? Number.NaN;
  }
  if (found === 0 && bad >= 0) return { name, texts };
  if (bad >= 0) {
    throw new ArgumentError(`line ${table.rows[bad].line} has "${texts[bad]}" as ${name}, expected a number`);
  }
  if (missing > 0 && name !== "") {
    const { line } = table.rows[firstMissing];
    notes.push(`${name} lacks ${missing} of ${texts.length} values, the first on line ${line}`);
  }
  return { name, texts, numbers };
}

/**
 * Whether a column may label rows: by text or by whole numbers.
 *
 * @throws {ArgumentError} where only some of the rows have a label.
 */
function labels({ name, texts, numbers }: Column): boolean {
  if (numbers === undefined) return true;
  const given = numbers.filter((value) => !Number.isNaN(value));
  if (!given.every(Number.isSafeInteger) || given.length === 0) return false;
  if (given.length === numbers.length) return true;
  const without = texts.length - given.length;
  throw new ArgumentError(
    `the column "${name}" holds whole numbers, but ${without} of ${texts.length} rows have none`,
  );
}

function rank({ name }: Column): number {
  return COUNTERS.indexOf(plain(name));
}

/** Returns the column that an option names, or the first that fits. */
function chosen(
  columns: readonly Column[],
  what: string,
  given: string | undefined,
  fits: (column: Column) => boolean,
): Column | undefined {
  if (given === "none") return undefined;
  if (given === undefined) return columns.find(fits);
  const found = columns.find(({ name }) => name === given);
  if (found !== undefined && labels(found)) return found;
  const known = columns.map(({ name }) => name).join(", ");
  throw new ArgumentError(
    found === undefined
      ? `there is no ${what} "${given}"; the columns are ${known}`
      : `the ${what} "${given}" holds numbers that are not whole`,
  );
}

/**
 * Whether a column counts rows: a second counter, or row names that were saved. Where only its numbers say so, it is a
 * quantity with a note.
 */
function isCounter(column: Column, groups: readonly string[], notes: string[]): boolean {
  const { name, texts, numbers } = column;
  const known = plain(name);
  const counting = numbers === undefined ? name === "" : counts(numbers, groups);
  // R calls a first column without a name X when it reads it.
  if (COUNTERS.includes(known) || MAYBE_COUNTERS.has(known) || name === "X") {
    const shown = name === "" ? "without a name" : `"${name}"`;
    if (counting) notes.push(`the column ${shown} names or counts rows and is not diagnosed`);
    else if (name === "") {
      throw new ArgumentError(
        `the first column has no name and does not count its rows (${texts.slice(0, 3).join(", ")}, …); give it a name, or say how many chains lie below each other (chains, --chains)`,
      );
    }
    return counting;
  }
  if (counting && texts.length >= LEAST_COUNTED) {
    notes.push(
      `the column "${name}" counts its rows; if it is not a quantity, say so (iterationColumn: "${name}", --iteration-column ${name})`,
    );
  }
  return false;
}

/** Whether numbers go up by the same whole step from row to row of each group. */
function counts(numbers: Float64Array, groups: readonly string[]): boolean {
  const last = new Map<string, number>();
  let step: number | undefined;
  for (const [r, value] of numbers.entries()) {
    const before = last.get(groups[r]);
    last.set(groups[r], value);
    if (!Number.isSafeInteger(value)) return false;
    if (before === undefined) continue;
    step ??= value - before;
    if (value - before !== step || step <= 0) return false;
  }
  return step !== undefined;
}
