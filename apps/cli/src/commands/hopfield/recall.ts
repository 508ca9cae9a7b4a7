import { ArgumentError, row } from "@basin/energy-core";
import type { DenseMemory, Dynamics, HopfieldMemory, Recall } from "@basin/hopfield";
import { type Command, Option } from "commander";
import { integer, jsonOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, withError, writeWhole } from "../../output.ts";
import { contactSheet, encodeGray } from "../../pictures.ts";
import { buildMemory, type MemoryOptions, withMemory } from "./memory.ts";
import { loadPatterns, statePicture } from "./patterns.ts";

interface Options extends MemoryOptions {
  corrupt: string;
  dynamics: Dynamics;
  maxSweeps: number;
  png?: string;
  weightsPng?: string;
  ties: "up" | "keep";
  seed?: number;
  json: boolean;
}

const SHOWN = 60;
/** Patterns in a row of the picture. */
const COLUMNS = 5;

/** Adds `recall`: every stored pattern from a damaged version of itself. */
export function registerRecall(hopfield: Command): void {
  withMemory(hopfield.command("recall"))
    .description("store patterns, damage each and recall it")
    .option(
      "--corrupt <how>",
      "flip:SHARE, mask:lower|upper|left|right|SHARE or crop:SHARE; what is masked counts as unknown",
      "flip:0.2",
    )
    .option("--dynamics <name>", "asynchronous or synchronous", "asynchronous")
    .addOption(
      new Option(
        "--ties <how>",
        "what a neuron does whose field is at its threshold: becomes +1, or stays as it is",
      )
        .choices(["up", "keep"])
        .default("up"),
    )
    .option("--max-sweeps <integer>", "sweeps after which a recall stops", integer(1, 1e6), 100)
    .option("--png <file>", "draw each original, its probe and its recall side by side")
    .option("--weights-png <file>", "draw the weights, zero gray (learning rules only)")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(recallAction);
}

async function recallAction(options: Options): Promise<void> {
  const seed = resolveSeed(options.seed);
  const set = await loadPatterns(options, seed);
  const { parseCorruption } = await import("./corruption.ts");
  const [count, neurons] = set.patterns.shape;
  const { known, probe } = parseCorruption(options.corrupt, set.width, neurons);
  const memory = await buildMemory(set.patterns, options);
  const { dynamics, maxSweeps, ties } = options;
  const originals = Array.from({ length: count }, (_, mu) => row(set.patterns, mu));
  const probes = originals.map((pattern, mu) => probe(pattern, seed + mu));
  const recalls = probes.map((state, mu) =>
    memory.recall(state, { dynamics, maxSweeps, ties, seed: seed + mu, ...(known ? { known } : {}) }),
  );
  if (options.weightsPng) writeWhole(options.weightsPng, await drawWeights(memory));
  if (options.png) {
    const shown = Math.min(count, SHOWN);
    const triples = originals.slice(0, shown).map((state, mu) => {
      const pictures = [
        statePicture(state, set.width),
        statePicture(probes[mu], set.width, known),
        statePicture(recalls[mu].state, set.width),
      ];
      return contactSheet(pictures, 3);
    });
    writeWhole(options.png, encodeGray(contactSheet(triples, Math.min(COLUMNS, shown), 8)));
  }
  const report = {
    rule: options.rule,
    normalization: options.normalization,
    source: set.source,
    binarization: set.binarization,
    patterns: count,
    neurons,
    corrupt: options.corrupt,
    dynamics,
    ties,
    seed,
    ...summarize(originals, recalls),
    ...(options.png ? { png: options.png } : {}),
    ...(options.weightsPng ? { weightsPng: options.weightsPng } : {}),
  };
  if (options.json) printJson(report);
  else print(report);
}

async function drawWeights(memory: HopfieldMemory | DenseMemory): Promise<Uint8Array> {
  if (!("weights" in memory)) {
    throw new ArgumentError(
      "dense memories have no weights to draw, expected a learning rule with --weights-png",
    );
  }
  const { weightsPicture } = await import("@basin/hopfield");
  const { data, shape } = weightsPicture(memory.weights);
  return encodeGray({ width: shape[1], height: shape[0], pixels: data });
}

function summarize(originals: readonly Int8Array[], recalls: readonly Recall[]) {
  const results = recalls.map(({ state, energy, sweeps, converged, cycle }, pattern) => {
    let agreement = 0;
    for (let i = 0; i < state.length; i++) agreement += state[i] * originals[pattern][i];
    return {
      pattern,
      overlap: agreement / state.length,
      energy,
      sweeps,
      converged,
      ...(cycle ? { cycle } : {}),
    };
  });
  const n = results.length;
  const mean = results.reduce((sum, { overlap }) => sum + overlap, 0) / n;
  const square = results.reduce((sum, { overlap }) => sum + (overlap - mean) ** 2, 0);
  return {
    overlap: { mean, standardError: n > 1 ? Math.sqrt(square / (n * (n - 1))) : Number.NaN },
    exactRecall: results.filter(({ overlap }) => overlap === 1).length / n,
    converged: results.filter(({ converged }) => converged).length / n,
    results,
  };
}

function print(report: ReturnType<typeof summarize> & Record<string, unknown>): void {
  const { overlap, exactRecall, converged, results } = report;
  const lines = [
    `${report.rule}: ${report.patterns} patterns of ${report.neurons} neurons (${report.source}), ${report.corrupt}, seed ${report.seed}`,
    `overlap        ${withError(overlap.mean, overlap.standardError)}`,
    `exact          ${Math.round(exactRecall * results.length)} of ${results.length}`,
    `fixed points   ${Math.round(converged * results.length)} of ${results.length}`,
    ...(report.png ? [`picture        ${report.png}`] : []),
    ...(report.weightsPng ? [`weights        ${report.weightsPng}`] : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
