import { ArgumentError, row } from "@basin/energy-core";
import type { Command } from "commander";
import { integer, jsonOption, numberList, resolveSeed, seedOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { heatMap } from "../../pictures.ts";
import { buildMemory, type MemoryOptions, withMemory, workersOption } from "./memory.ts";
import { loadPatterns } from "./patterns.ts";

interface Options extends MemoryOptions {
  pair: number[];
  resolution: number;
  samples: number;
  workers: number;
  png?: string;
  seed?: number;
  json: boolean;
}

/** Adds `landscape`: the energy over a plane through two stored patterns. */
export function registerLandscape(hopfield: Command): void {
  withMemory(hopfield.command("landscape"))
    .description("the energy over a plane of states with two patterns and their negatives at its corners")
    .option("--pair <a,b>", "indices of the two patterns", numberList({ min: 0, integer: true }), [0, 1])
    .option("--resolution <integer>", "points along each axis, an odd number", integer(3, 1001), 61)
    .option("--samples <integer>", "states averaged at each point", integer(1, 10_000), 8)
    .option(
      "--png <file>",
      "draw it, dark for low energy; outside the plane's square it is drawn like the highest",
    )
    .addOption(workersOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(landscapeAction);
}

async function landscapeAction(options: Options): Promise<void> {
  const seed = resolveSeed(options.seed);
  const set = await loadPatterns(options, seed);
  const count = set.patterns.shape[0];
  const [a, b] = options.pair;
  if (options.pair.length !== 2 || a >= count || b >= count) {
    throw new ArgumentError(
      `pair is ${options.pair.join(",")}, expected two indices below ${count}, the number of patterns`,
    );
  }
  const memory = await buildMemory(set.patterns, options);
  const { landscape } = await import("@basin/hopfield");
  const { resolution, samples, workers } = options;
  const { axis, energy, standardError } = await landscape(
    memory,
    row(set.patterns, a),
    row(set.patterns, b),
    {
      resolution,
      samples,
      seed,
      workers,
    },
  );
  const inside = energy.data.filter((value) => !Number.isNaN(value));
  const low = inside.reduce((x, y) => Math.min(x, y), Number.POSITIVE_INFINITY);
  const high = inside.reduce((x, y) => Math.max(x, y), Number.NEGATIVE_INFINITY);
  if (options.png) {
    const values = energy.data.map((value) => (Number.isNaN(value) ? high : value));
    writeWhole(options.png, heatMap(values, resolution, low, high));
  }
  const figures = {
    rule: options.rule,
    source: set.source,
    pair: [a, b],
    seed,
    lowest: low,
    highest: high,
    energyOfPatterns: [a, b].map((mu) => memory.energy(row(set.patterns, mu))),
    ...(options.png ? { png: options.png } : {}),
  };
  if (options.json) {
    const table = (values: typeof energy) => Array.from(axis, (_, r) => row(values, r));
    printJson({ ...figures, axis, energy: table(energy), standardError: table(standardError) });
    return;
  }
  const lines = [
    `${options.rule}: patterns ${a} and ${b} of ${count} (${set.source}), seed ${seed}`,
    `energy of the patterns  ${figures.energyOfPatterns.map((value) => value.toPrecision(6)).join(", ")}`,
    `over the plane          ${low.toPrecision(6)} … ${high.toPrecision(6)}`,
    ...(options.png ? [`picture                 ${options.png}`] : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
