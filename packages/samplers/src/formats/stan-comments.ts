import { ArgumentError } from "@basin/energy-core";
import type { TextTable } from "./csv-cells.ts";

/** What the comments of a CmdStan or RStan file say. */
export interface StanFile {
  readonly readAs: string;
  readonly settings: ReadonlyMap<string, string>;
  /** Rows of warm-up in front of the draws. */
  readonly warmup: number;
  readonly notes: readonly string[];
}

/** Methods of CmdStan whose rows are no Markov chain, with what they are. */
const NO_CHAIN: Readonly<Record<string, string>> = {
  optimize: "the iterations of an optimizer",
  variational: "the mean of a variational approximation followed by independent draws from it",
  pathfinder: "independent draws from Pathfinder's approximation",
  laplace: "independent draws from a normal approximation at the mode",
  diagnose: "a comparison of gradients",
  log_prob: "log densities of given points",
};

/** Columns by which a method's output is known without its comments. */
const MARKS: Readonly<Record<string, string>> = {
  lp_approx__: "pathfinder",
  path__: "pathfinder",
  log_g__: "variational",
  log_q__: "laplace",
};

/**
 * Returns what the comments of a table say of its rows, or undefined where neither they nor its columns are Stan's.
 *
 * @throws {ArgumentError} for methods without a chain, and for runs that ended before the first draw.
 */
export function stanFile(table: TextTable): StanFile | undefined {
  const settings = new Map<string, string>();
  for (const { text } of table.comments) {
    const setting = /^(\w+)\s*=\s*(\S+)/.exec(text);
    if (setting !== null) settings.set(setting[1], setting[2]);
  }
  const mark = table.header.find((name) => Object.hasOwn(MARKS, name));
  const method = settings.get("method") ?? (mark === undefined ? undefined : MARKS[mark]);
  if (method !== undefined && Object.hasOwn(NO_CHAIN, method)) {
    throw new ArgumentError(
      `this is the output of CmdStan's method "${method}": ${NO_CHAIN[method]}; it holds no Markov chain, so R-hat and effective sample sizes mean nothing`,
    );
  }
  const rstan = !settings.has("method") && settings.has("iter") && settings.has("warmup");
  const adapted = table.comments.find(({ text }) => /^Adaptation terminated/.test(text));
  const known = rstan || adapted !== undefined || settings.has("num_samples") || settings.has("method");
  if (!known && !table.header.includes("lp__")) return undefined;
  const asked = askedFor(settings, rstan);
  const notes: string[] = [];
  const warmup = savedWarmup(table.rows.length, asked, settings, adapted?.rowsAbove, notes);
  const draws = table.rows.length - warmup;
  if (asked.draws !== undefined && draws !== asked.draws) {
    const why =
      draws < asked.draws ? "the run was stopped, or the file was cut" : "the comments are of another run";
    notes.push(`there are ${draws} of the ${asked.draws} draws that the comments speak of: ${why}`);
  }
  if (warmup > 0) notes.push(`${warmup} draws of warm-up in front are left out`);
  const maker = rstan ? "RStan's CSV" : "CmdStan's CSV";
  return { readAs: known ? maker : `${maker} without its comments`, settings, warmup, notes };
}

interface Asked {
  readonly warmup: number;
  readonly draws: number | undefined;
  readonly saved: boolean;
}

/** Returns the rows that the settings ask for. */
function askedFor(settings: ReadonlyMap<string, string>, rstan: boolean): Asked {
  const thin = number(settings, "thin") ?? 1;
  const warmup = number(settings, rstan ? "warmup" : "num_warmup") ?? 0;
  const steps = rstan ? (number(settings, "iter") ?? 0) - warmup : number(settings, "num_samples");
  return {
    warmup: settings.get("algorithm") === "fixed_param" ? 0 : Math.ceil(warmup / thin),
    draws: steps === undefined ? undefined : Math.ceil(steps / thin),
    saved: /^(1|true)$/i.test(settings.get("save_warmup") ?? "0"),
  };
}

function number(settings: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = settings.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new ArgumentError(`the comment "${name} = ${text}" is not a count`);
}

/** The line that ends adaptation stands where warm-up ends; without it the settings tell. */
function savedWarmup(
  rows: number,
  asked: Asked,
  settings: ReadonlyMap<string, string>,
  rowsAbove: number | undefined,
  notes: string[],
): number {
  const told = asked.saved ? asked.warmup : 0;
  const length = settings.get("num_warmup") ?? settings.get("warmup") ?? settings.get("algorithm");
  if (asked.saved && rowsAbove === undefined && length === undefined) {
    throw new ArgumentError(
      "the comments say that warm-up was saved (save_warmup), but not how long it was (num_warmup)",
    );
  }
  if (rowsAbove !== undefined) {
    if (rowsAbove !== told && settings.has("save_warmup")) {
      notes.push(
        `adaptation ended after ${rowsAbove} rows, where the settings speak of ${told}; the rows above are taken for warm-up`,
      );
    }
    if (rowsAbove >= rows)
      throw new ArgumentError("the run ended with its warm-up: there are no draws after it");
    return rowsAbove;
  }
  if (told > 0 && rows <= told) {
    throw new ArgumentError(
      `the run ended in its warm-up: there are ${rows} of ${told} draws of warm-up and none after them`,
    );
  }
  return told;
}
