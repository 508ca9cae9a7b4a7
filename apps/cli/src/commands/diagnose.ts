import type { LeaveOneOut } from "@basin/samplers";
import type { FileDraws } from "@basin/samplers/formats";
import { samplerNames } from "@basin/samplers/names";
import { InvalidArgumentError } from "commander";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { readFiles } from "../draws/files.ts";
import { htmlSettings, unknownQuantity, writeHtml } from "../draws/html.ts";
import { summaryLines, summaryOf } from "../draws/summary.ts";
import { integer, words } from "../options/readers.ts";
import { choice, either, text, value, word } from "../options/settings.ts";
import { significant, withError } from "../output.ts";

const { format } = samplerNames;

export default command({
  options: {
    files: word("<files...>", "files with one or more chains, gzipped or not; recognized by their contents"),
    format: choice(
      "format of the files, if their contents do not show it",
      Object.keys(format) as (keyof typeof format)[],
    ),
    header: either(
      "the first line of a table holds the names of its columns",
      "the columns of a table have no names",
    ),
    chainColumn: text("<name>", "column of a table that identifies chains, or none"),
    iterationColumn: text("<name>", "column of a table that counts draws, or none"),
    chains: value("<integer>", "chains of equal length below each other in a table", integer(1, 10_000)),
    axes: value("<names>", "axes of a NumPy array in order, such as chain,draw", words),
    ...htmlSettings,
  },
  help: `Formats:\n${Object.entries(format)
    .map(([name, description]) => `  ${name.padEnd(12)} ${description}`)
    .join("\n")}`,
  async run({ files, html, quantities, ...options }, context) {
    const draws = await readFiles(files, options);
    const unknown = unknownQuantity(draws, quantities);
    if (unknown !== undefined) throw new InvalidArgumentError(unknown);
    const found = await summaryOf(draws, context);
    await writeHtml(draws, found, { html, quantities }, context);
    const leftOut = await leftOutOf(draws, context);
    return { readAs: draws.readAs, notes: draws.notes, ...found, leaveOneOut: leftOut };
  },
  print: (found) => [
    `Read as ${found.readAs}.`,
    ...found.notes.map((note) => `Note: ${note}.`),
    ...summaryLines(found),
    ...(found.leaveOneOut === undefined ? [] : ["", leaveOneOutLine(found.leaveOneOut)]),
  ],
});

/**
 * Returns the leave-one-out cross-validation of draws with a log likelihood, and adds its warnings to those of the run.
 */
async function leftOutOf({ logLikelihood }: FileDraws, context: Context) {
  if (logLikelihood === undefined) return undefined;
  const { drawsArray, leaveOneOut } = await import("@basin/samplers");
  const found = leaveOneOut(drawsArray(logLikelihood));
  context.warn(...found.warnings);
  return found;
}

function leaveOneOutLine({
  expectedLogDensity,
  standardError,
  effectiveParameters,
  shapes,
}: LeaveOneOut): string {
  const figures = [
    `expected log density ${withError({ mean: expectedLogDensity, standardError })}`,
    `effective parameters ${significant(effectiveParameters, 3)}`,
    `greatest k-hat ${significant(Math.max(...shapes), 3)}`,
  ];
  return `Leaving out one of ${shapes.length} observations (PSIS-LOO): ${figures.join(", ")}`;
}
