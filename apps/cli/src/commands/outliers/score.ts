import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { InvalidArgumentError } from "commander";
import { command } from "../../command.ts";
import { number } from "../../options/readers.ts";
import { output, plot, value, word } from "../../options/settings.ts";
import { dataOptions, of, readData } from "../../outliers/read.ts";

export default command({
  options: {
    detector: word("<detector>", "what basin outliers fit wrote"),
    batch: word("<batch>", "a file of what the score takes: logits, or features where it takes no logits"),
    features: dataOptions.features,
    logits: dataOptions.logits,
    of,
    rate: value(
      "<share>",
      "also find outliers of which on average at most this share are false",
      number({ above: 0, max: 1 - 1e-12 }),
    ),
    out: output(
      "<file>",
      "write one row for each input: .csv, .json, or .npy of scores and p-values",
      "file",
      [".csv", ".json", ".npy"],
    ),
    plot: plot("histograms of the held-out scores and of these, with the threshold"),
  },
  async run({ detector: file, batch, features, logits, of, rate, out, plot }, context) {
    const { loadDetector, outlierScores } = await import("@basin/jem/outliers");
    const json = await readJson(file);
    const detector = loadDetector(json);
    const needs = outlierScores().find(({ name }) => name === detector.score.name)?.needs ?? [];
    const takesLogits = needs.includes("logits");
    const data = await readData(
      takesLogits ? { logits: batch, features, of } : { features: batch, logits, of },
    );
    const { scores, pValues, outliers } = detector.judge(data);
    const found = rate === undefined ? undefined : detector.discover(data, { rate });
    if (found?.warning !== undefined) context.warn(found.warning);
    for (const { class: label, warning } of detector.thresholds)
      if (warning !== undefined) context.warn(label === undefined ? warning : `class ${label}: ${warning}`);
    const rows = Array.from(scores, (score, row) => ({
      ...{ row, score, pValue: pValues[row], outlier: outliers[row] },
      ...(found && { found: found.outliers[row] }),
    }));
    if (out !== undefined) {
      const { tableBytes } = await import("../../outliers/write.ts");
      await context.write(out, tableBytes(out, rows));
    }
    await context.plot(plot, async () => {
      const { heldOutScores } = await import("../../outliers/held-out.ts");
      const { histogramChart } = await import("../../charts/outliers.ts");
      const thresholds = detector.thresholds.map(({ threshold }) => threshold);
      const sets = [...heldOutScores(detector.toJSON()), { name: basename(batch), scores }];
      return histogramChart(sets, thresholds, detector.score.name);
    });
    const { keep, choice, thresholds } = detector;
    return { choice, keep, thresholds, outliers: outliers.filter(Boolean).length, found: found?.count, rows };
  },
  print: ({ rows, outliers, found, keep }, { rate, out }) => [
    ...(out === undefined
      ? rows.map(
          ({ row, score, pValue, outlier, ...rest }) =>
            `${row}  score ${score.toPrecision(6)}  p ${pValue.toPrecision(3)}${outlier ? "  OUTLIER" : ""}${"found" in rest && rest.found ? "  FOUND" : ""}`,
        )
      : []),
    `${outliers} of ${rows.length} inputs are above the threshold that keeps ${keep} of fresh ones`,
    ...(found === undefined ? [] : [`${found} are found at a rate of false ones of at most ${rate}`]),
  ],
});

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new InvalidArgumentError(`${file} is no detector: ${(error as Error).message}`);
  }
}
