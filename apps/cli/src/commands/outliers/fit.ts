import { command } from "../../command.ts";
import { number, words } from "../../options/readers.ts";
import { flag, output, plot, required, seed, text, value } from "../../options/settings.ts";
import { dataOptions, fitOptions, of, readData } from "../../outliers/read.ts";

/** Returns the options of a score from words such as "k=10". */
async function scoreOptionsOf(given: readonly string[]): Promise<Record<string, number>> {
  const read = number();
  const pairs = given.map((word) => word.split("="));
  return Object.fromEntries(
    await Promise.all(pairs.map(async ([name, size = ""]) => [name, await read(size)])),
  );
}

export default command({
  options: {
    ...dataOptions,
    ...fitOptions,
    of,
    score: text(
      "<name>",
      "the score (default: the best by --outlier-logits or --outlier-features, or by rule)",
    ),
    set: value("<name=number,...>", "options of the score, such as k=10", async (given: string) =>
      scoreOptionsOf(words(given)),
    ),
    knownLogits: text(
      "<file>",
      "logits of other inputs to fit the score to, instead of half of the held-out ones",
    ),
    knownFeatures: text("<file>", "features of these"),
    knownLabels: text("<file>", "classes of these"),
    outlierLogits: text("<file>", "logits of some outliers, to choose the score"),
    outlierFeatures: text("<file>", "features of these"),
    keep: value("<share>", "share of fresh inputs to keep", number({ above: 0, max: 1 }), 0.95),
    perClass: flag("a threshold for each predicted class"),
    out: required(output("<file>", "write the detector there, as JSON")),
    plot: plot("a histogram of the held-out scores with the threshold"),
    seed,
  },
  async run(options, context) {
    const { outlierDetector } = await import("@basin/jem/outliers");
    const { logits, features, labels, weights, bias, of, set, keep, perClass, seed } = options;
    const { knownLogits, knownFeatures, knownLabels, outlierLogits, outlierFeatures } = options;
    const head = { weights, bias };
    const known = knownLogits ?? knownFeatures;
    const outliers = outlierLogits ?? outlierFeatures;
    const detector = outlierDetector(await readData({ logits, features, labels, ...head, of }), {
      ...(options.score !== undefined && { score: options.score as "energy" }),
      ...(set && { scoreOptions: set }),
      ...(known !== undefined && {
        known: await readData({
          logits: knownLogits,
          features: knownFeatures,
          labels: knownLabels,
          ...head,
          of,
        }),
      }),
      ...(outliers !== undefined && {
        outliers: await readData({ logits: outlierLogits, features: outlierFeatures, ...head, of }),
      }),
      ...{ keep, perClass, seed },
    });
    for (const { class: label, warning } of detector.thresholds)
      if (warning !== undefined) context.warn(label === undefined ? warning : `class ${label}: ${warning}`);
    const json = detector.toJSON();
    await context.write(options.out, `${JSON.stringify(json)}\n`);
    await context.plot(options.plot, async () => {
      const { heldOutScores } = await import("../../outliers/held-out.ts");
      const { histogramChart } = await import("../../charts/outliers.ts");
      const thresholds = detector.thresholds.map(({ threshold }) => threshold);
      return histogramChart(heldOutScores(json), thresholds, detector.score.name);
    });
    const { choice, thresholds, validation } = detector;
    return { choice, keep, thresholds, ...(validation && { validation }) };
  },
  print: ({ choice, keep, thresholds, validation }) => [
    `score: ${choice}`,
    ...(validation
      ? [`AUROC against these outliers, by nested validation: ${validation.auroc.toFixed(4)}`]
      : []),
    ...thresholds.map(
      ({ class: label, threshold, heldOut, fresh: { mean, interval } }) =>
        `${label === undefined ? "" : `class ${label}: `}threshold ${threshold.toPrecision(6)} of ${heldOut} held-out inputs, for ${keep} of fresh ones: ` +
        `${mean.toFixed(4)} on average over such sets, ${interval.map((end) => end.toFixed(4)).join(" to ")} of this one`,
    ),
  ],
});
