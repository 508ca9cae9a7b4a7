import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError, BasinError } from "@basin/energy-core";
import type { ChainSummaryRow, Draws, SampleProgress, StateArray, SummaryRow } from "@basin/samplers";
import type { ReadDrawsOptions } from "@basin/samplers/formats";
import { drawFormats } from "@basin/samplers/formats";
import { type Command, Option } from "commander";
import { checkpointOption, keptRun } from "../checkpoint.ts";
import { integer, jsonOption, nameOption, number, seedOption } from "../options.ts";
import { printJson } from "../output.ts";
import { startProgress } from "../progress.ts";
import { interruptSignal } from "../signal.ts";
import { checkOut, readFiles, writeDraws } from "./sampling-files.ts";

interface SampleArguments {
  kernel: string;
  kernelOptions: object;
  chains: number;
  warmup: number;
  draws: number;
  thin: number;
  temperature: number;
  export: string;
  workers: number;
  checkpoint?: string;
  out?: string;
  seed?: number;
  json: boolean;
}

/** Adds `basin sample` and `basin diagnose`. */
export function registerSampling(program: Command): void {
  program
    .command("sample")
    .description("draw from exp(-E/T) for the energy that a module exports")
    .argument(
      "<module>",
      "a TypeScript or JavaScript module that exports an energy, or a function that returns one, and perhaps `names`",
    )
    .option(
      "--kernel <name>",
      "nuts, hmc, mala, random-walk, adaptive-metropolis, slice, ula, sgld, metropolis, heat-bath, gibbs, gibbs-with-gradients or discrete-langevin",
      "nuts",
    )
    .addOption(
      new Option("--kernel-options <json>", 'options of the kernel, such as \'{"metric":"dense"}\'')
        .argParser(parseObject)
        .default({}, "none"),
    )
    .option("--chains <integer>", "independent chains", integer(1, 10_000), 4)
    .option("--warmup <integer>", "steps of tuning before the draws", integer(0, 1e9), 1000)
    .option("--draws <integer>", "draws a chain", integer(4, 1e9), 1000)
    .option("--thin <integer>", "steps from one draw to the next", integer(1, 1e9), 1)
    .option("--temperature <T>", "T of exp(-E/T)", number({ above: 0 }), 1)
    .option("--export <name>", "name under which the module exports the energy", "default")
    .option("--workers <integer>", "threads the chains are spread over", integer(1, 256), 1)
    .addOption(checkpointOption())
    .option(
      "--out <file>",
      "write the draws: .csv (as CmdStan, out_1.csv and so on, a chain each), .json or .zarr (ArviZ InferenceData)",
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(sampleAction);
  program
    .command("diagnose")
    .description("R-hat, effective sample sizes and warnings for draws from anywhere")
    .argument(
      "<files...>",
      "files of a chain or several each, gzipped or not; what each is is found from its contents",
    )
    .addOption(nameOption("--format <name>", "what the files are, where that cannot be told", FORMATS))
    .option("--header", "the first line of a table holds the names of its columns")
    .option("--no-header", "the columns of a table have no names")
    .option("--chain-column <name>", "column of a table that tells chains apart, or none")
    .option("--iteration-column <name>", "column of a table that counts draws, or none")
    .option("--chains <integer>", "chains of equal length below each other in a table", integer(1, 10_000))
    .option("--axes <names>", "axes of a NumPy array in order, such as chain,draw", (text) => text.split(","))
    .addHelpText("after", `\nFormats:\n${formatLines().join("\n")}`)
    .addOption(jsonOption())
    .action(diagnoseAction);
}

const FORMATS = Object.fromEntries(Object.keys(drawFormats).map((name) => [name, true] as const));

function formatLines(): string[] {
  return Object.entries(drawFormats).map(([name, { description }]) => `  ${name.padEnd(12)} ${description}`);
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The refusal below covers text that is no JSON as well.
  }
  throw new ArgumentError(`--kernel-options is ${text}, expected a JSON object such as {"metric":"dense"}`);
}

async function sampleAction(module: string, options: SampleArguments): Promise<void> {
  const { sampleModule } = await import("@basin/samplers");
  const { checkpoint: path, out, json, seed: _, ...plan } = options;
  checkOut(out, options.chains);
  const energy = resolve(module);
  readFileSync(energy);
  const { seed, checkpoint } = await keptRun(options);
  const progress = startProgress(options.kernel);
  const started = performance.now();
  let draws: Draws<StateArray>;
  try {
    draws = await sampleModule(pathToFileURL(energy).href, {
      ...plan,
      seed,
      checkpoint,
      signal: interruptSignal(),
      onProgress: (now) => progress.update(now, noteOf(now)),
    });
  } catch (error) {
    throw await withRemedy(error, path);
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - started) / 1000;
  const files = out === undefined ? {} : { out: await writeDraws(out, draws) };
  await report(draws, json, { seed, seconds, ...files });
}

/** Says of a chain that failed what has become of the others. */
async function withRemedy(error: unknown, checkpoint: string | undefined): Promise<unknown> {
  const { PoolError } = await import("@basin/energy-core/run");
  if (!(error instanceof PoolError)) return error;
  const done = error.results.filter((result) => result !== undefined).length;
  const kept =
    checkpoint === undefined
      ? "nothing is kept without --checkpoint"
      : `they are kept in ${checkpoint}, and the same command runs the rest`;
  return new BasinError(
    `${error.message} (${done} of ${error.results.length} chains were finished; ${kept})`,
    {
      cause: error,
    },
  );
}

function noteOf({ chains }: SampleProgress): string {
  const divergences = chains.reduce((sum, chain) => sum + chain.divergences, 0);
  const running = chains.filter(({ acceptanceProbability }) => Number.isFinite(acceptanceProbability));
  const acceptance = running.reduce((sum, chain) => sum + chain.acceptanceProbability, 0) / running.length;
  return running.length === 0 ? "" : `acceptance ${acceptance.toFixed(2)}, ${divergences} divergences`;
}

async function diagnoseAction(
  files: readonly string[],
  { json, ...options }: ReadDrawsOptions & { json: boolean },
): Promise<void> {
  const draws = await readFiles(files, options);
  if (!json)
    process.stdout.write(
      `Read as ${draws.readAs}.\n${draws.notes.map((note) => `Note: ${note}.\n`).join("")}`,
    );
  await report(draws, json, { readAs: draws.readAs, notes: draws.notes });
}

async function report(draws: Draws<StateArray>, json: boolean, run: Record<string, unknown>): Promise<void> {
  const { chainSummary, statistic, summary, warnings } = await import("@basin/samplers");
  const complaints = warnings(draws);
  const rows = summary(draws);
  const chains = chainSummary(draws);
  const diverged = "diverged" in draws.chains[0].stats ? statistic(draws, "diverged") : [];
  const facts = {
    ...run,
    kernel: draws.kernel,
    chains: draws.chains.length,
    draws: draws.draws,
    divergences: diverged.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0),
  };
  if (json) return printJson({ ...facts, summary: rows, perChain: chains, warnings: complaints });
  process.stdout.write(`${facts.chains} ${facts.chains === 1 ? "chain" : "chains"} of ${facts.draws} draws`);
  if (run.seed !== undefined) process.stdout.write(` by ${facts.kernel}, seed ${run.seed}`);
  process.stdout.write(`\n${table(rows, COLUMNS)}${table(chains, CHAIN_COLUMNS)}`);
  const verdict = complaints.length === 0 ? ["Nothing speaks against these draws."] : complaints;
  for (const line of verdict) process.stdout.write(`\n${line}\n`);
  if (Array.isArray(run.out)) process.stdout.write(`\nWritten to ${run.out.join(", ")}.\n`);
}

type Column<Row> = readonly [keyof Row, string, (value: number) => string];

const COLUMNS: readonly Column<SummaryRow>[] = [
  ["mean", "mean", significant],
  ["sd", "sd", significant],
  ["standardError", "standardError", significant],
  ["q5", "5 %", significant],
  ["median", "median", significant],
  ["q95", "95 %", significant],
  ["essBulk", "ESS bulk", whole],
  ["essTail", "ESS tail", whole],
  ["rHat", "R-hat", (value) => fixed(value, 3)],
];

const CHAIN_COLUMNS: readonly Column<ChainSummaryRow>[] = [
  ["acceptance", "acceptance", (value) => fixed(value, 3)],
  ["stepSize", "step size", significant],
  ["treeDepth", "depth", (value) => fixed(value, 2)],
  ["maxTreeDepth", "deepest", whole],
  ["saturated", "cut short", whole],
  ["gradients", "gradients", (value) => fixed(value, 1)],
  ["energyFraction", "E-BFMI", (value) => fixed(value, 2)],
  ["divergences", "diverged", whole],
];

function fixed(value: number, digits: number): string {
  return shown(value, value.toFixed(digits));
}

function significant(value: number): string {
  return shown(value, String(Number(value.toPrecision(4))));
}

function whole(value: number): string {
  return shown(value, value.toFixed(0));
}

/** A figure that is undefined is a dash; one that is infinite is said to be. */
function shown(value: number, text: string): string {
  if (Number.isNaN(value)) return "-";
  return Number.isFinite(value) ? text : value > 0 ? "∞" : "-∞";
}

/** Returns a table, after a blank line, without the columns in which no row has a figure; nothing where none has one. */
function table<Row>(rows: Readonly<Record<string, Row>>, columns: readonly Column<Row>[]): string {
  const figures = columns.filter(([key]) =>
    Object.values(rows).some((row) => !Number.isNaN(Number(row[key]))),
  );
  if (figures.length === 0) return "";
  const width = Math.max(7, ...Object.keys(rows).map((name) => name.length));
  const head = figures.map(([, title]) => title.padStart(11)).join("");
  const lines = Object.entries(rows).map(
    ([name, row]) =>
      name.padEnd(width) + figures.map(([key, , show]) => show(Number(row[key])).padStart(11)).join(""),
  );
  return `\n${[" ".repeat(width) + head, ...lines].join("\n")}\n`;
}
