import type { HiddenPart } from "@basin/energy-core/data";
import { hopfieldNames } from "@basin/hopfield/names";
import { InvalidArgumentError } from "commander";
import { command, type Values } from "../../command.ts";
import { buildMemory, memory as memoryOptions } from "../../options/memory.ts";
import { integer, number } from "../../options/readers.ts";
import { choice, mask, png, seed, value } from "../../options/settings.ts";
import { withError } from "../../output.ts";

const SHOWN = 60;
/** Number of patterns in a row of the picture. */
const COLUMNS = 5;

const options = {
  ...memoryOptions,
  flip: value(
    "<share>",
    "share of flipped neurons (default: 0.2, or 0 with --mask)",
    number({ min: 0, max: 1 }),
  ),
  mask: mask("what is unknown, of patterns as pictures"),
  dynamics: choice("how neurons are updated", ["asynchronous", "synchronous"], "asynchronous"),
  ties: choice("rule for a neuron at its threshold: become +1, or keep its state", hopfieldNames.ties, "up"),
  maxSweeps: value("<integer>", "sweeps after which a recall stops", integer(1, 1e6), 100),
  png: png("each original, its probe and its recall side by side"),
  weightsPng: png("the weights, zero gray (learning rules only)"),
  seed,
};

export default command({
  options,
  async run(options, context) {
    const { recall, row } = await import("@basin/energy-core");
    const { corrupt } = await import("@basin/hopfield");
    const { dynamics, maxSweeps, ties, seed } = options;
    const { memory, patterns, source, binarization, shape } = await buildMemory(options);
    if (options.weightsPng !== undefined && !("weights" in memory))
      throw new InvalidArgumentError(
        "dense memories have no weights to draw; use a learning rule with --weights-png",
      );
    const [count, neurons] = patterns.shape;
    const known = await knownPart(options, shape);
    const flips = options.flip ?? (known ? 0 : 0.2);
    const originals = Array.from({ length: count }, (_, mu) => row(patterns, mu));
    const probes = originals.map((pattern, mu) =>
      corrupt(pattern, flips, { seed: seed + mu }).map((spin, i) => (known && !known[i] ? -1 : spin)),
    );
    const recalls = probes.map((probe, mu) =>
      recall(memory, probe, { dynamics, maxSweeps, ties, known, seed: seed + mu }),
    );
    const pictures = await import("../../pictures.ts");
    if ("weights" in memory && options.weightsPng !== undefined)
      await context.write(options.weightsPng, await pictures.weightsPng(memory.weights));
    const shown = { originals, probes, recalls: recalls.map(({ state }) => state) };
    await context.write(
      options.png,
      options.png === undefined ? "" : triples(pictures, shown, shape[1], known),
    );
    const results = recalls.map(({ state, energy, steps, converged, cycle }, pattern) => ({
      ...{ pattern, overlap: memory.overlap(state)[pattern], energy, sweeps: steps, converged, cycle },
    }));
    const { estimateOf } = await import("../../output.ts");
    return {
      ...{
        source,
        binarization,
        patterns: count,
        neurons,
        overlap: estimateOf(results.map(({ overlap }) => overlap)),
      },
      exactRecall: results.filter(({ overlap }) => overlap === 1).length / count,
      converged: results.filter(({ converged }) => converged).length / count,
      results,
    };
  },
  print: ({ source, patterns, neurons, overlap, exactRecall, converged }, { rule, seed }) => [
    `${rule}: ${patterns} patterns of ${neurons} neurons (${source}), seed ${seed}`,
    `overlap        ${withError(overlap)}`,
    `exact          ${Math.round(exactRecall * patterns)} of ${patterns}`,
    `fixed points   ${Math.round(converged * patterns)} of ${patterns}`,
  ],
});

async function knownPart({ mask }: Values<typeof options>, shape: readonly number[]) {
  if (mask === undefined) return undefined;
  return (await import("@basin/energy-core/data")).imageMask(shape, mask as HiddenPart);
}

function triples(
  { contactSheet, encodeGray, statePicture }: typeof import("../../pictures.ts"),
  states: Record<"originals" | "probes" | "recalls", readonly Int8Array[]>,
  width: number,
  known: readonly boolean[] | undefined,
): Uint8Array {
  const shown = Math.min(states.originals.length, SHOWN);
  const sheets = Array.from({ length: shown }, (_, mu) =>
    contactSheet(
      [
        statePicture(states.originals[mu], width),
        statePicture(states.probes[mu], width, known),
        statePicture(states.recalls[mu], width),
      ],
      3,
    ),
  );
  return encodeGray(contactSheet(sheets, Math.min(COLUMNS, shown), 8));
}
