import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CellResult, ExperimentRow, ImageData, ProblemName } from "@basin/jem/experiments";
import { jemNames } from "@basin/jem/names";
import { InvalidArgumentError } from "commander";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { headTitle, methodTitle } from "../../jem/experiment-titles.ts";
import { integer, words } from "../../options/readers.ts";
import { flag, output, seed, value, word, workers } from "../../options/settings.ts";
import { table, toJson, withError } from "../../output.ts";

export default command({
  options: {
    question: word(
      "<question>",
      "q1: contrastive divergence against adversarial training; q2: does training p(x) move p(y|x)?; density: how close to a known p(x)?",
    ),
    quick: flag("fewer updates and two seeds: about two minutes on two cores"),
    seeds: value(
      "<integer>",
      "number of seeds (default: 5, or 2 when quick; density: 3, or 1)",
      integer(1, 1000),
    ),
    problems: value(
      "<names>",
      'of "two moons" and mnist; for density of "two moons", rings and mixture; separated by commas (default: all)',
      words,
    ),
    updates: value(
      "<integer>",
      "updates of every run (default: 400 and 200, or 150 and 60 when quick; density: 2000, or 1000)",
      integer(1, 1e6),
    ),
    workers,
    out: output("<folder>", "save the results and write charts there", "folder"),
    resume: flag("resume from the results saved in the folder"),
    seed,
  },
  async run({ question, quick, seeds, problems, updates, workers, out, resume, ...given }, context) {
    const { experimentCells, runExperiment, summarizeExperiment } = await import("@basin/jem/experiments");
    const which = jemNames.experiment.find((name) => name === question);
    if (which === undefined)
      throw new InvalidArgumentError(`<question> is ${question}. Known: ${jemNames.experiment.join(", ")}.`);
    const file = out === undefined ? undefined : join(out, "results.json");
    const kept = file === undefined ? undefined : keptResults(file, which, resume, context);
    const drawn = kept?.seed ?? given.seed % 1_000_000;
    const seed = context.isGiven("seed") ? given.seed : drawn;
    context.seed = seed;
    const cells = experimentCells(which, {
      ...{ seed, quick, seeds, updates },
      ...(problems && { problems: problems as ProblemName[] }),
    });
    const results: CellResult[] = [...(kept?.results ?? [])];
    const images = cells.some(({ problem }) => problem === "mnist") ? await mnistImages() : undefined;
    const update = context.progress(which);
    let saved = Promise.resolve();
    const release = file === undefined ? undefined : await lockOf(file);
    const finished = await runExperiment(cells, {
      ...{ workers, done: results, signal: context.signal, images },
      onProgress: ({ done, total, result }) => {
        results.push(result);
        const text = `${toJson({ experiment: which, seed, results })}\n`;
        saved = saved.then(() => context.write(file, text));
        saved.catch(() => {});
        const { problem, method, steps, head } = result.cell;
        const note = `${problem}, ${method}${steps > 0 ? `-${steps}` : ""}, ${head}, seed ${result.cell.seed}`;
        update({ done, total }, note);
      },
    }).finally(async () => {
      await saved.catch(() => {});
      await release?.();
    });
    await saved;
    const rows = summarizeExperiment(finished);
    if (out !== undefined) {
      const { experimentCharts } = await import("../../charts/experiment.ts");
      for (const [name, svg] of experimentCharts(which, rows)) await context.write(join(out, name), svg);
    }
    return { rows };
  },
  print({ rows }, { question }, { seed }) {
    const problems = [...new Set(rows.map((row) => row.problem))];
    return [
      ...problems.flatMap((problem) =>
        problemLines(
          question,
          rows.filter((row) => row.problem === problem),
        ),
      ),
      `seed ${seed}`,
    ];
  },
});

/** Locks a folder, and resolves to a function that unlocks it. */
async function lockOf(file: string): Promise<() => Promise<void>> {
  return (await import("@basin/energy-core/run")).fileCheckpoint(file).lock();
}

interface Kept {
  readonly experiment: string;
  readonly seed: number;
  readonly results: CellResult[];
}

function keptResults(path: string, which: string, resume: boolean, context: Context): Kept | undefined {
  if (!existsSync(path)) {
    if (resume) context.begunAnew(path);
    return undefined;
  }
  let kept: Partial<Kept>;
  try {
    kept = JSON.parse(readFileSync(path, "utf8")) as Partial<Kept>;
  } catch (error) {
    throw new InvalidArgumentError(
      `${path} is not JSON (${(error as Error).message}); move it away to start afresh`,
    );
  }
  if (kept.experiment !== which || !Number.isInteger(kept.seed) || !Array.isArray(kept.results))
    throw new InvalidArgumentError(
      `${path} holds results of "${kept.experiment ?? "nothing known"}", expected of "${which}"; name another folder`,
    );
  if (resume) return kept as Kept;
  throw new InvalidArgumentError(
    `${path} holds results already; give --resume to go on with them, or another folder`,
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

/** Columns of the tables: the name of a measure and its heading. Measures that a problem lacks are left out. */
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

function problemLines(which: string, rows: readonly ExperimentRow[]): string[] {
  const [{ problem, updates, seeds }] = rows;
  const { pcaAuroc, brightnessAuroc } = rows.find(({ measures }) => "pcaAuroc" in measures)?.measures ?? {};
  return [
    `${problem}: ${updates} updates, ${seeds} seed${seeds === 1 ? "" : "s"}, mean ± standard error between them`,
    ...measureLines(which, rows, COLUMNS),
    ...(which === "q2"
      ? ["one step on log p(x) alone, of 0.1 nats to first order:", ...measureLines(which, rows, MOVEMENTS)]
      : []),
    ...(pcaAuroc && brightnessAuroc
      ? [
          `AUROC without a model: ${pcaAuroc.mean.toFixed(4)} (residual of 50 principal components), ` +
            `${brightnessAuroc.mean.toFixed(4)} (brightness)`,
        ]
      : []),
    "",
  ];
}

function measureLines(which: string, rows: readonly ExperimentRow[], columns: typeof COLUMNS): string[] {
  const shown = columns.filter(([name]) => rows.some(({ measures }) => name in measures));
  const cells = rows.map((row) => [
    which === "q2" ? headTitle(row) : methodTitle(row),
    ...shown.map(([name]) => (row.measures[name] === undefined ? "" : show(row.measures[name]))),
    row.diverged > 0 ? String(row.diverged) : "",
  ]);
  return table(cells, ["", ...shown.map(([, heading]) => heading), "diverged"]);
}

/** Returns a mean with its error, in powers of ten if it is very small. */
function show(estimate: { mean: number; standardError: number }): string {
  const { mean, standardError } = estimate;
  const size = Math.max(Math.abs(mean), standardError || 0);
  if (size >= 0.001 || size === 0) return withError(estimate);
  return `${mean.toExponential(1)} ± ${(standardError || 0).toExponential(1)}`;
}
