import type { StateKind } from "@basin/hopfield";
import type { Command } from "commander";
import { checkpointOption, keptRun } from "../../checkpoint.ts";
import { integer, jsonOption, number, seedOption } from "../../options.ts";
import { printJson, withError, writeWhole } from "../../output.ts";
import { contactSheet, encodeGray } from "../../pictures.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { buildMemory, type MemoryOptions, withMemory, workersOption } from "./memory.ts";
import { loadPatterns, statePicture } from "./patterns.ts";

interface Options extends MemoryOptions {
  starts: number;
  tolerance: number;
  workers: number;
  checkpoint?: string;
  png?: string;
  seed?: number;
  json: boolean;
}

const KINDS: readonly StateKind[] = ["stored", "inverse", "mixture", "spurious"];
const SHOWN = 20;

/** Adds `generate`: where a memory ends from random states. */
export function registerGenerate(hopfield: Command): void {
  withMemory(hopfield.command("generate"))
    .description("let a memory settle from random states and say what it ends in")
    .option("--starts <integer>", "random states to start from", integer(1, 1e7), 1000)
    .option("--tolerance <share>", "share of the neurons that may differ", number({ min: 0, max: 0.49 }), 0)
    .option("--png <file>", `draw the ${SHOWN} states reached most often`)
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(generateAction);
}

async function generateAction(options: Options): Promise<void> {
  const { seed, checkpoint } = await keptRun(options);
  const set = await loadPatterns(options, seed);
  const memory = await buildMemory(set.patterns, options);
  const { census } = await import("@basin/hopfield");
  const { starts, tolerance, workers } = options;
  const bar = startProgress("random starts");
  const signal = interruptSignal();
  const found = await census(memory, {
    ...{ starts, tolerance, seed, workers, checkpoint, signal },
    onProgress: bar.update,
  }).finally(() => bar.stop());
  const { shares, attractors, unsettled } = found;
  if (options.png) {
    const pictures = attractors.slice(0, SHOWN).map(({ state }) => statePicture(state, set.width));
    writeWhole(options.png, encodeGray(contactSheet(pictures, Math.min(10, pictures.length))));
  }
  if (options.json) {
    const [patterns, neurons] = set.patterns.shape;
    printJson({
      rule: options.rule,
      source: set.source,
      binarization: set.binarization,
      patterns,
      neurons,
      starts,
      seed,
      shares,
      unsettled,
      distinct: attractors.length,
      attractors: attractors.slice(0, SHOWN).map(({ state: _state, ...figures }) => figures),
      ...(options.png ? { png: options.png } : {}),
    });
    return;
  }
  const lines = [
    `${options.rule}: ${set.patterns.shape.join(" patterns of ")} neurons (${set.source}), ${starts} random starts, seed ${seed}`,
    ...KINDS.map((kind) => `${kind.padEnd(10)} ${withError(shares[kind].mean, shares[kind].standardError)}`),
    `${attractors.length} different states`,
    ...(options.png ? [`picture    ${options.png}`] : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
