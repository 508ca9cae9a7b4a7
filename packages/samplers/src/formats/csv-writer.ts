import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { Draws, StateArray } from "../run/draws.ts";
import { isPlainName } from "./column-roles.ts";
import { checkWritable } from "./inference-data.ts";
import { dotted, namesComment, STAN_NAMES } from "./stan-names.ts";

/** Options of {@link writeCsv}. */
export interface WriteCsvOptions {
  /**
   * Number of the chain to write, from 0, because CmdStan writes one file for each chain. Default: all, with a column
   * `chain__`.
   */
  chain?: number;
}

/**
 * Returns draws as CSV text that `readDraws` reads back: one chain as a file of CmdStan, which its tools, ArviZ and
 * posterior read as a chain, or all chains in sequence with a column `chain__`. `lp__` is −E. Names that Stan cannot
 * hold are kept in a comment.
 *
 * @throws {ArgumentError} for a chain that does not exist, draws that were not kept, and names that come twice.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample } from "@basin/samplers";
 * import { readDraws, writeCsv } from "@basin/samplers/formats";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 10 });
 * const files = draws.chains.map((_, k) => ({ name: `${k}.csv`, content: writeCsv(draws, { chain: k }) }));
 * console.log((await readDraws(files)).chains.length); // 4
 * ```
 */
export function writeCsv<X extends StateArray>(draws: Draws<X>, options: WriteCsvOptions = {}): string {
  checkOptions("writeCsv", options, "chain");
  const { chain } = options;
  if (chain !== undefined) {
    checkNumber("chain", chain, { min: 0, max: draws.chains.length - 1, integer: true });
  }
  const stats = Object.entries(STAN_NAMES).filter(([, name]) => name in draws.chains[0].stats);
  const energy = "energy" in draws.chains[0].stats ? ["lp__"] : [];
  const names = draws.names.every(isPlainName) ? draws.names.map(dotted) : draws.names.map(oneLine);
  const header = [
    ...(chain === undefined ? ["chain__"] : []),
    ...energy,
    ...stats.map(([stan]) => stan),
    ...names,
  ];
  checkWritable(draws, header);
  const lines = comments(draws, chain);
  if (!draws.names.every(isPlainName)) lines.push(namesComment(draws.names));
  lines.push(header.map(quoted).join(","));
  for (const [k, one] of draws.chains.entries()) {
    if (chain !== undefined && chain !== k) continue;
    for (let t = 0; t < draws.draws; t++) {
      const row = chain === undefined ? [k + 1] : [];
      if (energy.length > 0) row.push(-one.stats.energy[t]);
      row.push(...stats.map(([, name]) => one.stats[name][t]));
      for (let i = 0; i < draws.dimension; i++) row.push(one.positions[t * draws.dimension + i]);
      lines.push(row.map(spelled).join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The settings that tools of CmdStan look for. */
function comments<X extends StateArray>(draws: Draws<X>, chain: number | undefined): string[] {
  const run = [`# seed = ${draws.seed}`, `# thin = ${draws.thin}`];
  if (chain === undefined) return run;
  const steps = draws.draws * draws.thin;
  return [
    "# method = sample",
    `# num_samples = ${steps}`,
    "# num_warmup = 0",
    "# save_warmup = false",
    `# id = ${chain + 1}`,
    ...run,
  ];
}

/** As C spells numbers. */
function spelled(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function oneLine(name: string): string {
  return name.replace(/[\r\n\u2028\u2029]+/g, " ");
}

function quoted(name: string): string {
  return /^#|^\s|\s$|[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
