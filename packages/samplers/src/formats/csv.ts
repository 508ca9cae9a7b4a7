import { ArgumentError } from "@basin/energy-core";
import { checkOptions, readNumber } from "@basin/energy-core/internal";
import { checkDistinct } from "../run/draws.ts";
import { columnRole } from "./column-roles.ts";
import { readTables, type TextTable } from "./csv-cells.ts";
import { roledTable, TRUTHS } from "./csv-columns.ts";
import { type FileDraws, type FilePart, joinParts, namingFile, type ReadOptions } from "./file-draws.ts";
import { statisticsOf } from "./inference-data.ts";
import { chainsOf, type Quantity } from "./quantities.ts";
import { type StanFile, stanFile } from "./stan-comments.ts";
import { ownNames } from "./stan-names.ts";

/** The text of a file and its name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Returns the draws of tables as text: files of CmdStan or RStan with one chain each, and wide or long tables of draws,
 * with or without columns for chains and draws (`chain`, `.chain`, `chain__`, `iteration`, `draw` …). Row names are
 * left out. Commas, semicolons, tabs or blanks separate fields. Warm-up draws are left out. `lp__` becomes the
 * statistic `energy`, −lp__; columns `theta.1.2` become `theta[1,2]`. `readAs` states the recognized format, `notes`
 * what was left out.
 *
 * @throws {ArgumentError} for a text without draws or names, a value that is not a number, output of Stan that is not a
 * chain, files of different columns or lengths, and text with two readings; the message names the option that decides.
 */
export function readCsv(texts: readonly (string | NamedText)[], options: ReadOptions = {}): FileDraws {
  checkOptions("readCsv", options, "header chainColumn iterationColumn chains axes");
  return joinParts(
    texts.map((given, index) => {
      const { name, text } = typeof given === "string" ? { name: `file ${index}`, text: given } : given;
      return { file: name, part: namingFile(name, () => readCsvPart(text, options)) };
    }),
  );
}

/** Returns what one text holds. */
export function readCsvPart(text: string, options: ReadOptions = {}): FilePart {
  const tables = readTables(text, options.header).map((table) => chainTable(table, options));
  const [{ stan, own, quantities: first, readAs }] = tables;
  const joined = first.map(({ name }, i) => ({
    name,
    chains: tables.flatMap((table) => table.quantities[i].chains),
  }));
  const apart = own.length > 0 ? undefined : chainsByName(joined);
  const quantities = apart ?? joined;
  const notes = [...new Set(tables.flatMap((table) => table.notes))];
  if (tables.length > 1)
    notes.push(`the header is repeated: ${tables.length} files after each other, a chain each`);
  const header = quantities.map(({ name }) => name);
  const parameters: Quantity[] = [];
  const statistics: Quantity[] = [];
  const unused: string[] = [];
  for (const [i, { name, chains }] of quantities.entries()) {
    const named = own[i - quantities.length + own.length];
    const role = named === undefined ? columnRole(name, header) : { quantity: named };
    if ("quantity" in role) parameters.push({ name: role.quantity, chains });
    else if (role.statistic !== undefined) statistics.push({ name: role.statistic, chains });
    else unused.push(name);
  }
  if (parameters.length === 0) {
    const columns = tables[0].header.join(", ");
    throw new ArgumentError([`there are no parameters among the columns ${columns}`, ...notes].join("; "));
  }
  if (unused.length > 0) notes.push(`not used: ${unused.join(", ")} (statistics of a sampler)`);
  const settings = stan?.settings;
  const maxDepth = Number(settings?.get("max_depth") ?? settings?.get("max_treedepth") ?? 0);
  return {
    readAs: apart === undefined ? readAs : `${readAs.split(",")[0]}, one column for each chain`,
    names: parameters.map(({ name }) => name),
    chains: chainsOf(parameters, withSaturated(statisticsOf(statistics), maxDepth)),
    seed: Number(settings?.get("seed") ?? Number.NaN),
    thin: Number(settings?.get("thin") ?? 1),
    notes,
  };
}

interface ChainTable {
  readonly readAs: string;
  readonly stan: StanFile | undefined;
  /** Names that a comment gives to the last columns. */
  readonly own: readonly string[];
  readonly header: readonly string[];
  readonly quantities: readonly Quantity[];
  readonly notes: readonly string[];
}

function chainTable(table: TextTable, options: ReadOptions): ChainTable {
  const long = longTables(table);
  if (long !== undefined) return joinLong(long, table, options);
  const stan = stanFile(table);
  const own = ownNames(table.comments);
  if (own.length > table.header.length)
    throw new ArgumentError(`the comment "names" has ${own.length} names for ${table.header.length} columns`);
  checkDistinct(
    "the column",
    table.header.filter((name) => name !== ""),
  );
  if (stan === undefined) refuseSummary(table.header);
  const { chains, quantities, by, notes } = roledTable(table, options, own.length);
  const texts = quantities.filter(({ numbers }) => numbers === undefined);
  const named = texts.map(({ name }) => `"${name}"`).join(", ");
  const textNotes =
    texts.length === 0 ? [] : [`not read: ${named} (text, not numbers, such as "${texts[0].texts[0]}")`];
  if (stan !== undefined && stan.warmup > 0 && chains.length > 1) {
    throw new ArgumentError(
      `the comments speak of saved warm-up, and there are chains ${by}: it cannot be told which rows are warm-up`,
    );
  }
  const kept = chains.map((rows) => rows.slice(stan?.warmup ?? 0));
  return {
    readAs:
      stan?.readAs ??
      (by === "" ? "a table of draws, a column a quantity" : `a table of draws, chains ${by}`),
    stan,
    own,
    header: table.header,
    quantities: quantities.flatMap(({ name, numbers }) =>
      numbers === undefined
        ? []
        : [{ name, chains: kept.map((rows) => Float64Array.from(rows, (r) => numbers[r])) }],
    ),
    notes: [...table.notes, ...(stan?.notes ?? []), ...notes, ...textNotes],
  };
}

/** Returns the letters and digits of a name, in lower case. */
const letters = (name: string) => name.toLowerCase().replace(/[^a-z\d]/g, "");

/** @throws {ArgumentError} for a table of means and R-hats, a row a quantity, which is no table of draws. */
function refuseSummary(header: readonly string[]): void {
  const names = header.map(letters);
  const mean = names.includes("mean");
  if (!mean || !names.some((name) => /^(rhat|neff|essbulk|ess)$/.test(name))) return;
  throw new ArgumentError(
    "this is a summary of draws (a mean and an R-hat or effective sample size in each row), not the draws",
  );
}

/** Names of the column that names the quantity of each row, and of the one that holds its value, in long tables. */
const QUANTITIES = /^(parameter|param|variable|var|name|term|quantity|key|coefficient|coef|ind|l1)s?$/;
const VALUES = /^(value|val|estimate)s?$/;

/**
 * Returns one table for each quantity of a table that names its quantities in a column: a row a value.
 *
 * @throws {ArgumentError} for a column of text that could name quantities or describe rows.
 */
function longTables(table: TextTable): Map<string, TextTable> | undefined {
  const texts = table.header.flatMap((name, c) =>
    /^\.?(chain|$)/i.test(name) ||
    table.rows.some(({ fields }) => fields[c] === "" || readNumber(fields[c]) !== undefined) ||
    table.rows.every(({ fields }) => TRUTHS.has(fields[c].toLowerCase()))
      ? []
      : [c],
  );
  if (texts.length !== 1) return undefined;
  const [at] = texts;
  const without = (fields: readonly string[]) => fields.filter((_, c) => c !== at);
  const groups = new Map<string, { fields: readonly string[]; line: number }[]>();
  for (const { fields, line } of table.rows) {
    const rows = groups.get(fields[at]) ?? [];
    rows.push({ fields: without(fields), line });
    groups.set(fields[at], rows);
  }
  const sizes = new Set([...groups.values()].map((rows) => rows.length));
  if (sizes.size !== 1 || sizes.has(1)) return undefined;
  const [named, valued] = [QUANTITIES, VALUES].map((names) =>
    table.header.some((name, c) => (c === at) === (names === QUANTITIES) && names.test(letters(name))),
  );
  // The same text in every row may as well describe the rows.
  if (groups.size === 1 && !(named && valued)) return undefined;
  if (!named && !valued)
    throw new ArgumentError(
      `the column "${table.header[at]}" of text could name the quantity of each row, or describe the rows: head it "variable" for the first, or leave it out for the second`,
    );
  const part = (rows: TextTable["rows"]): TextTable => ({
    header: without(table.header),
    rows,
    comments: [],
    notes: [],
  });
  return new Map([...groups].map(([name, rows]) => [name, part(rows)]));
}

function joinLong(long: ReadonlyMap<string, TextTable>, table: TextTable, options: ReadOptions): ChainTable {
  const notes = [...table.notes];
  let by = "";
  const quantities = [...long].map(([name, one]) => {
    const roled = roledTable(one, options);
    const [value, ...more] = roled.quantities;
    if (value?.numbers === undefined || more.length > 0) {
      const names = roled.quantities.map((column) => `"${column.name}"`).join(", ");
      throw new ArgumentError(
        `a column of text names quantities, a row a value, but the values may be in any of ${names || "no column"}; leave one`,
      );
    }
    by = roled.by;
    const { numbers } = value;
    return { name, chains: roled.chains.map((rows) => Float64Array.from(rows, (r) => numbers[r])) };
  });
  const readAs = `a long table, a row a value${by === "" ? "" : `, chains ${by}`}`;
  return { readAs, stan: undefined, own: [], header: table.header, quantities, notes };
}

/**
 * Returns quantities whose chains are columns of their own, such as `chain:2.mu` and `Chain 2`; undefined for other
 * names.
 */
function chainsByName(columns: readonly Quantity[]): Quantity[] | undefined {
  const found = new Map<string, Map<string, Float64Array>>();
  for (const { name, chains } of columns) {
    const match = /^chain[\s._:]*(\d+)(?:[\s._:]+(.+))?$/i.exec(name);
    if (match === null || chains.length > 1) return undefined;
    const [, chain, quantity = "x"] = match;
    found.set(quantity, (found.get(quantity) ?? new Map()).set(chain, chains[0]));
  }
  const [first] = found.values();
  const whole = [...found.values()].every((own) => [...own.keys()].join() === [...first.keys()].join());
  return whole ? [...found].map(([name, own]) => ({ name, chains: [...own.values()] })) : undefined;
}

/** Adds whether a trajectory reached the greatest depth that the comments name. */
function withSaturated(statistics: readonly Quantity[], maxDepth: number): readonly Quantity[] {
  const depth = statistics.find(({ name }) => name === "treeDepth");
  if (depth === undefined || maxDepth === 0 || statistics.some(({ name }) => name === "saturated"))
    return statistics;
  const reached = (chain: Float64Array) => chain.map((value) => Number(value >= maxDepth));
  return [...statistics, { name: "saturated", chains: depth.chains.map(reached) }];
}
