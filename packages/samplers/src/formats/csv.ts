import { ArgumentError } from "@basin/energy-core";
import { parse } from "csv-parse/sync";
import type { ChainDraws, Draws, StateArray } from "../run/draws.ts";

/** Statistics by their names in Stan's files. */
const STAN_NAMES: Readonly<Record<string, string>> = {
  accept_stat__: "acceptanceProbability",
  stepsize__: "stepSize",
  treedepth__: "treeDepth",
  n_leapfrog__: "gradients",
  divergent__: "diverged",
  energy__: "hamiltonian",
  // CmdStan has no such columns; names that end so are read as diagnostics by its tools.
  saturated__: "saturated",
  undefined_energy__: "undefinedEnergy",
};

/**
 * Returns the draws of CmdStan CSV files, one text a chain (or of {@link writeCsv}, which writes all chains in one). Warm-up draws that
 * were saved are left out. `lp__` becomes the statistic `energy`, −lp__; columns `theta.1.2` become `theta[1,2]`.
 *
 * @throws {ArgumentError} for a text without draws, a value that is no number, and files of different columns or lengths.
 *
 * @example
 * ```ts
 * import { readCsv } from "@basin/samplers/formats";
 *
 * const draws = readCsv(["lp__,mu,theta.1\n-1,0.5,2\n-2,0.7,3\n"]);
 * console.log(draws.names, draws.draws); // ["mu", "theta[1]"], 2
 * ```
 */
export function readCsv(texts: readonly string[]): Draws {
  const tables = texts.flatMap((text, index) => readTable(text, `file ${index}`));
  if (tables.length === 0) throw new ArgumentError("no files were given, expected at least one");
  const [{ header }] = tables;
  for (const [k, table] of tables.entries()) {
    if (table.header.join() !== header.join())
      throw new ArgumentError(`chain ${k} has other columns than chain 0`);
    if (table.rows.length !== tables[0].rows.length) {
      throw new ArgumentError(
        `chain ${k} has ${table.rows.length} draws, chain 0 has ${tables[0].rows.length}`,
      );
    }
  }
  const columns = header.flatMap((name, column) => (name.endsWith("__") ? [] : [column]));
  if (columns.length === 0)
    throw new ArgumentError(`there are no parameters among the columns ${header.join(", ")}`);
  return {
    kernel: "file",
    seed: Number(tables[0].settings.get("seed") ?? Number.NaN),
    inverseTemperature: 1,
    dimension: columns.length,
    draws: tables[0].rows.length,
    thin: Number(tables[0].settings.get("thin") ?? 1),
    names: columns.map((column) => bracketed(header[column])),
    chains: tables.map(({ rows, settings }) =>
      chainOf(header, rows, columns, Number(settings.get("max_depth") ?? 0)),
    ),
  };
}

/** `theta.1.2` is `theta[1,2]`. */
function bracketed(name: string): string {
  const [base, ...indices] = name.split(".");
  return indices.length > 0 && indices.every((index) => /^\d+$/.test(index))
    ? `${base}[${indices.join(",")}]`
    : name;
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly settings: ReadonlyMap<string, string>;
}

/** Returns the tables of one text: one, or one a chain where a column `chain__` tells them apart. */
function readTable(text: string, where: string): Table[] {
  const settings = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^#\s*(\w+)\s*=\s*(\S+)/gm)) settings.set(name, value);
  const [header, ...cells] = parseCells(text, where);
  if (header === undefined || cells.length === 0) throw new ArgumentError(`${where} holds no draws`);
  const rows = cells.map((line, r) =>
    line.map((cell, c) => {
      const value = cell === "" ? Number.NaN : Number(cell.replace(/^([-+]?)inf$/i, "$1Infinity"));
      if (Number.isNaN(value) && !/^-?nan$/i.test(cell)) {
        throw new ArgumentError(`draw ${r} of ${where} has "${cell}" as ${header[c]}, expected a number`);
      }
      return value;
    }),
  );
  const chain = header.indexOf("chain__");
  if (chain >= 0) {
    const numbers = [...new Set(rows.map((row) => row[chain]))];
    return numbers.map((k) => ({ header, settings, rows: rows.filter((row) => row[chain] === k) }));
  }
  return [{ header, settings, rows: rows.slice(savedWarmup(settings)) }];
}

function parseCells(text: string, where: string): string[][] {
  try {
    return parse(text, { comment: "#", skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw new ArgumentError(`${where} is not CSV: ${(cause as Error).message}`, { cause });
  }
}

function savedWarmup(settings: ReadonlyMap<string, string>): number {
  if (!/^(1|true)$/.test(settings.get("save_warmup") ?? "0")) return 0;
  return Math.ceil(Number(settings.get("num_warmup") ?? 0) / Number(settings.get("thin") ?? 1));
}

function chainOf(
  header: readonly string[],
  rows: readonly (readonly number[])[],
  columns: readonly number[],
  greatestDepth: number,
): ChainDraws {
  const positions = Float64Array.from({ length: rows.length * columns.length }, (_, at) => {
    return rows[Math.floor(at / columns.length)][columns[at % columns.length]];
  });
  const stats: Record<string, Float64Array> = {};
  for (const [column, name] of header.entries()) {
    const values = () => Float64Array.from(rows, (row) => row[column]);
    if (name === "lp__") stats.energy = values().map((value) => -value);
    else if (name in STAN_NAMES) stats[STAN_NAMES[name]] = values();
  }
  if (stats.treeDepth !== undefined && stats.saturated === undefined && greatestDepth > 0) {
    stats.saturated = stats.treeDepth.map((depth) => Number(depth >= greatestDepth));
  }
  return { positions, stats, tuned: {}, warmup: { divergences: 0, gradients: 0 }, observed: {} };
}

/**
 * Returns draws as CSV text that {@link readCsv}, and with it CmdStan's tools, can read: all chains below each other, told apart by
 * `chain__`; `lp__` is −E.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample } from "@basin/samplers";
 * import { writeCsv } from "@basin/samplers/formats";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 3 });
 * console.log(writeCsv(draws).split("\n")[2]); // chain__,lp__,…
 * ```
 */
export function writeCsv<X extends StateArray>(draws: Draws<X>): string {
  const stats = Object.entries(STAN_NAMES).filter(([, name]) => name in draws.chains[0].stats);
  const header = ["chain__", "lp__", ...stats.map(([stan]) => stan), ...draws.names.map(dotted)];
  const lines = [`# seed = ${draws.seed}`, `# thin = ${draws.thin}`, header.map(quoted).join(",")];
  for (const [k, chain] of draws.chains.entries()) {
    for (let t = 0; t < draws.draws; t++) {
      const row = [k + 1, -chain.stats.energy[t], ...stats.map(([, name]) => chain.stats[name][t])];
      for (let i = 0; i < draws.dimension; i++) row.push(chain.positions[t * draws.dimension + i]);
      lines.push(row.join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** `theta[1,2]` is `theta.1.2`. */
function dotted(name: string): string {
  const match = /^([^[\]]+)\[([\d,]+)\]$/.exec(name);
  return match ? `${match[1]}.${match[2].replaceAll(",", ".")}` : name;
}

function quoted(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
