import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { OutlierData } from "@basin/jem/outliers";
import { InvalidArgumentError } from "commander";
import { command } from "../../command.ts";
import { words } from "../../options/readers.ts";
import { output, plot, required, seed, text, value } from "../../options/settings.ts";
import { of, readData } from "../../outliers/read.ts";

type Scorer = readonly [name: string, (data: OutlierData) => Float64Array];

export default command({
  options: {
    in: required(
      text("<file>", "logits of inputs that are not outliers (features if the detector takes no logits)"),
    ),
    out: required(value("<files>", "the same of outliers, a file a set; separated by commas", words)),
    scores: value(
      "<names>",
      "scores of logits, separated by commas (default: all that need no fitting)",
      words,
    ),
    detector: text(
      "<file>",
      "evaluate the score of a detector that basin outliers fit wrote, instead of --scores",
    ),
    of,
    csv: output("<file>", "write the table: .csv or .json", "file", [".csv", ".json"]),
    plot: plot("the curves of outliers caught against inliers flagged (ROC)"),
    histogram: plot("histograms of the first score"),
    seed,
  },
  async run({ in: inFile, out, scores, detector, of, csv, plot, histogram, seed }, context) {
    const { outlierMetrics } = await import("@basin/energy-core");
    const { scorers, takesLogits } = await chosen(scores, detector, of);
    const read = (file: string) => readData(takesLogits ? { logits: file, of } : { features: file });
    const inside = await read(inFile);
    const insideScores = scorers.map(([, score]) => score(inside));
    const judged: { set: string; score: string; inside: Float64Array; outside: Float64Array }[] = [];
    for (const file of out) {
      const outside = await read(file);
      for (const [k, [score, rule]] of scorers.entries()) {
        const outsideScores = rule(outside);
        judged.push({ set: basename(file), score, inside: insideScores[k], outside: outsideScores });
        await context.breathe();
      }
    }
    const table = judged.map(({ set, score, inside, outside }) => ({
      ...{ set, score, inliers: inside.length, outliers: outside.length },
      ...outlierMetrics(inside, outside, { seed }),
    }));
    if (csv !== undefined) {
      const { tableBytes } = await import("../../outliers/write.ts");
      const flat = table.map(({ intervals, ...row }) => ({
        ...row,
        ...Object.fromEntries(
          Object.entries(intervals).flatMap(([name, [low, high]]) => [
            [`${name}Low`, low],
            [`${name}High`, high],
          ]),
        ),
      }));
      await context.write(csv, tableBytes(csv, flat));
    }
    const charts = () => import("../../charts/outliers.ts");
    await context.plot(plot, async () => (await charts()).rocChart(judged));
    await context.plot(histogram, async () => {
      const [first] = judged;
      const sets = judged
        .filter(({ score }) => score === first.score)
        .map(({ set, outside }) => ({ name: set, scores: outside }));
      const inside = { name: basename(inFile), scores: first.inside };
      return (await charts()).histogramChart([inside, ...sets], [], first.score);
    });
    return { table };
  },
  print: ({ table }) => table.flatMap((row) => linesOf(row)),
});

/** Returns the functions that give the scores, by their names, and whether they take logits. */
async function chosen(
  names: readonly string[] | undefined,
  detector: string | undefined,
  of?: "logits" | "probabilities",
) {
  const { fitScore, loadDetector, outlierScores } = await import("@basin/jem/outliers");
  const infos = outlierScores();
  if (detector !== undefined) {
    if (names !== undefined)
      throw new InvalidArgumentError("--scores and --detector were both given; give one");
    const { score } = loadDetector(JSON.parse(await readFile(detector, "utf8")));
    const needs = infos.find(({ name }) => name === score.name)?.needs ?? [];
    const scorers: Scorer[] = [[score.name, (data) => score.score(data)]];
    return { scorers, takesLogits: needs.includes("logits") };
  }
  const plain = infos.filter(({ learns, needs }) => !learns && needs.every((need) => need === "logits"));
  const fit = (name: string) => infos.find((info) => info.name === name);
  const known = plain.filter(
    ({ name }) => of !== "probabilities" || ["max-softmax", "entropy", "gen"].includes(name),
  );
  const chosen = names ?? known.map(({ name }) => name);
  const unknown = chosen.find((name) => !plain.some((info) => info.name === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      fit(unknown)
        ? `the score "${unknown}" takes more than logits; fit a detector of it, and give that as --detector`
        : `unknown score "${unknown}"; known: ${plain.map(({ name }) => name).join(", ")}`,
    );
  const scorers = chosen.map(
    (name): Scorer => [name, (data) => fitScore(name as "energy", data).score(data)],
  );
  return { scorers, takesLogits: true };
}

interface Line {
  readonly set: string;
  readonly score: string;
  readonly inliers: number;
  readonly outliers: number;
  readonly outlierShare: number;
  readonly auroc: number;
  readonly fprAt95InDistribution: number;
  readonly fprAt95Outlier: number;
  readonly auprOutlier: number;
  readonly auprInDistribution: number;
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
}

function linesOf(row: Line): string[] {
  const figure = (title: string, name: keyof Line & string) => {
    const [low, high] = row.intervals[name];
    return `  ${title.padEnd(52)} ${(row[name] as number).toFixed(4)}  (${low.toFixed(4)} to ${high.toFixed(4)})`;
  };
  return [
    `${row.score}, ${row.outliers} outliers of ${row.set} against ${row.inliers} inputs:`,
    figure("AUROC", "auroc"),
    figure("outliers let through where 95 % of inliers are kept", "fprAt95InDistribution"),
    figure("inliers flagged where 95 % of outliers are caught", "fprAt95Outlier"),
    figure(`average precision, outliers (${(100 * row.outlierShare).toFixed(1)} % of all)`, "auprOutlier"),
    figure("average precision, inliers", "auprInDistribution"),
  ];
}
