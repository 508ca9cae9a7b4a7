import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type {
  Cell,
  CellResult,
  ExperimentName,
  ExperimentRow,
  ImageData,
  ProblemName,
} from "@basin/jem/experiments";
import { type Command, InvalidArgumentError } from "commander";
import { integer, jsonOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, toJson, withError, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { headTitle, methodTitle } from "./experiment-titles.ts";

interface Options {
  quick: boolean;
  seeds?: number;
  problems?: ProblemName[];
  updates?: number;
  workers: number;
  out?: string;
  seed?: number;
  json: boolean;
}

/** Adds `experiment`: the questions that the notes leave open, answered by training. */
export function registerExperiment(jem: Command): void {
  jem
    .command("experiment")
    .description(
      "compare ways to train (q1), heads (q2) or fits of a density, over several seeds: tables, JSON, charts",
    )
    .argument(
      "<question>",
      "q1: contrastive divergence against adversarial training; q2: does training p(x) move p(y|x)?; density: how near to a known p(x)?",
      question,
    )
    .option("--quick", "fewer updates and two seeds: about two minutes on two cores", false)
    .option(
      "--seeds <integer>",
      "number of seeds (default: 5, or 2 when quick; density: 3, or 1)",
      integer(1, 1000),
    )
    .option(
      "--problems <names>",
      'of "two moons" and mnist; for density of "two moons", rings and mixture; separated by commas (default: all)',
      names,
    )
    .option(
      "--updates <integer>",
      "updates of every run (default: 400 and 200, or 150 and 60 when quick; density: 2000, or 1000)",
      integer(1, 1e6),
    )
    .option("--workers <integer>", "threads", integer(1, 256), 2)
    .option(
      "--out <directory>",
      "write results.json and charts there; the same command goes on where it was interrupted",
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(experimentAction);
}

function question(text: string): ExperimentName {
  if (text === "q1" || text === "q2" || text === "density") return text;
  throw new InvalidArgumentError("Known: q1, q2, density.");
}

function names(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

async function experimentAction(which: ExperimentName, options: Options): Promise<void> {
  const { experimentCells, runExperiment, summarizeExperiment } = await import("@basin/jem/experiments");
  const { quick, seeds, problems, updates, workers } = options;
  const out = options.out === undefined ? undefined : resolve(options.out);
  const kept = out === undefined ? undefined : readKept(join(out, "results.json"), which);
  const seed = options.seed ?? kept?.seed ?? resolveSeed(undefined) % 1_000_000;
  const cells = experimentCells(which, {
    seed,
    quick,
    ...(seeds !== undefined && { seeds }),
    ...(problems !== undefined && { problems }),
    ...(updates !== undefined && { updates }),
  });
  const results: CellResult[] = [...(kept?.results ?? [])];
  const images = cells.some(({ problem }) => problem === "mnist") ? await mnistImages() : undefined;
  const save = () =>
    out && writeWhole(join(out, "results.json"), `${toJson({ experiment: which, seed, results })}\n`);
  const bar = startProgress(which);
  const started = Date.now();
  let finished: CellResult[];
  try {
    finished = await runExperiment(cells, {
      workers,
      done: results,
      signal: interruptSignal(),
      ...(images && { images }),
      onProgress: ({ done, total, result }) => {
        results.push(result);
        save();
        bar.update({ done, total }, cellNote(result.cell));
      },
    });
  } finally {
    bar.stop();
  }
  const rows = summarizeExperiment(finished);
  const seconds = (Date.now() - started) / 1000;
  if (out) {
    const { experimentCharts } = await import("./experiment-charts.ts");
    for (const [name, svg] of experimentCharts(which, rows)) writeWhole(join(out, name), svg);
  }
  if (options.json) printJson({ experiment: which, seed, quick, workers, seconds, rows });
  else print(which, rows, seed, seconds);
}

const cellNote = ({ problem, method, steps, head, seed }: Cell) =>
  `${problem}, ${method}${steps > 0 ? `-${steps}` : ""}, ${head}, seed ${seed}`;

interface Kept {
  readonly experiment: string;
  readonly seed: number;
  readonly results: CellResult[];
}

function readKept(path: string, which: string): Kept | undefined {
  if (!existsSync(path)) return undefined;
  let kept: Partial<Kept>;
  try {
    kept = JSON.parse(readFileSync(path, "utf8")) as Partial<Kept>;
  } catch (error) {
    throw new ArgumentError(
      `${path} is not JSON (${(error as Error).message}); move it away to start afresh`,
    );
  }
  if (kept.experiment === which && Number.isInteger(kept.seed) && Array.isArray(kept.results))
    return kept as Kept;
  throw new ArgumentError(
    `${path} holds results of "${kept.experiment ?? "nothing known"}", expected of "${which}"; name another directory`,
  );
}

async function mnistImages(): Promise<ImageData> {
  const { fashionMnist, mnist, thin } = await import("@basin/datasets");
  const { train, test } = mnist();
  const [few, held] = [thin(train, 10_000), thin(test, 2000)];
  return {
    size: 784,
    labels: 10,
    train: { inputs: few.images, labels: few.labels },
    test: { inputs: held.images, labels: held.labels },
    outliers: thin(fashionMnist(), 2000).images,
  };
}

/** Columns of the tables: the name of the measure, its heading. Those that a problem lacks are left out. */
const COLUMNS: readonly (readonly [name: string, heading: string])[] = [
  ["kl", "KL (nats)"],
  ["logPartition", "log Z, grid"],
  ["forward", "AIS forward"],
  ["reverse", "AIS reverse"],
  ["held", "bracket holds"],
  ["accuracy", "accuracy"],
  ["robustAccuracy", "robust acc."],
  ["ece", "ECE"],
  ["negativeLogLikelihood", "NLL (nats)"],
  ["auroc", "AUROC"],
  ["drift", "chain drift"],
  ["keptClass", "kept class"],
  ["weightSpread", "mean |w − 1|"],
];

const MOVEMENTS: typeof COLUMNS = [
  ["movement", "|Δ log p(y|x)|"],
  ["divergence", "KL of p(y|x)"],
  ["flips", "flips"],
  ["marginalMovement", "rms ΔE(x)"],
];

function print(which: string, rows: readonly ExperimentRow[], seed: number, seconds: number): void {
  const lines: string[] = [];
  for (const problem of new Set(rows.map((row) => row.problem))) {
    const own = rows.filter((row) => row.problem === problem);
    lines.push(
      `${problem}: ${own[0].updates} updates, ${own[0].seeds} seed${own[0].seeds === 1 ? "" : "s"}, mean ± standard error between them`,
    );
    lines.push(...table(which, own, COLUMNS));
    if (which === "q2") {
      lines.push("one step on log p(x) alone, of 0.1 nats to first order:", ...table(which, own, MOVEMENTS));
    }
    const { pcaAuroc, brightnessAuroc } = own.find(({ measures }) => "pcaAuroc" in measures)?.measures ?? {};
    if (pcaAuroc && brightnessAuroc) {
      lines.push(
        `AUROC without a model: ${pcaAuroc.mean.toFixed(4)} (residual of 50 principal components), ` +
          `${brightnessAuroc.mean.toFixed(4)} (brightness)`,
      );
    }
    lines.push("");
  }
  lines.push(`seed ${seed}, ${seconds.toFixed(0)} s`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function table(which: string, rows: readonly ExperimentRow[], columns: typeof COLUMNS): string[] {
  const shown = columns.filter(([name]) => rows.some(({ measures }) => name in measures));
  const title = (row: ExperimentRow) => (which === "q2" ? headTitle(row) : methodTitle(row)).padEnd(34);
  const cell = (row: ExperimentRow, name: string) => {
    const value = row.measures[name];
    return (value === undefined ? "" : show(value)).padEnd(20).concat(" ");
  };
  return [
    `${"".padEnd(34)}${shown.map(([, heading]) => heading.padEnd(21)).join("")}diverged`.trimEnd(),
    ...rows.map((row) =>
      `${title(row)}${shown.map(([name]) => cell(row, name)).join("")}${row.diverged > 0 ? row.diverged : ""}`.trimEnd(),
    ),
  ];
}

/** A mean with its error; in powers of ten where places behind the point would run away. */
function show({ mean, standardError }: { mean: number; standardError: number }): string {
  const size = Math.max(Math.abs(mean), standardError > 0 ? standardError : 0);
  if (size >= 0.001 || size === 0) return withError(mean, standardError);
  return `${mean.toExponential(1)} ± ${(standardError || 0).toExponential(1)}`;
}
