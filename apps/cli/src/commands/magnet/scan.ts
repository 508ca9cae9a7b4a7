import { join, resolve } from "node:path";
import type { CheckpointStore } from "@basin/energy-core/run";
import type { Algorithm, Simulation } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import type { Command } from "commander";
import { checkpointOption, keptRun } from "../../checkpoint.ts";
import { integer, jsonOption, numberList, seedOption } from "../../options.ts";
import { printJson, withError, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { binderCrossings, type NamedCrossing } from "./crossings.ts";
import { algorithmOption, buildModel, type ModelOptions, withModel, withWorkers } from "./model.ts";
import type { ScanRuns } from "./scan-charts.ts";

interface Options extends Omit<ModelOptions, "size"> {
  temperatures: number[];
  checkpoint?: string;
  sizes: number[];
  algorithm: Algorithm;
  sweeps: number;
  warmup?: number;
  workers: number;
  seed?: number;
  csv?: string;
  svg?: string;
  json: boolean;
}

/** Adds `scan`: one lattice at many temperatures and sizes. */
export function registerScan(ising: Command): void {
  withWorkers(withModel(ising.command("scan"), "none"))
    .description(
      "simulate a magnet at many temperatures and sizes: a table, CSV, plots with the exact curves",
    )
    .requiredOption(
      "--temperatures <list>",
      "numbers and ranges, such as 1.5:3.5:0.1 or 2,2.27",
      numberList({ above: 0 }),
    )
    .requiredOption(
      "--sizes <list>",
      "sides, such as 16,32,64",
      numberList({ integer: true, min: 1, max: 32768 }),
    )
    .addOption(algorithmOption("wolff"))
    .option("--sweeps <integer>", "measured sweeps of each point", integer(4, 1e9), 2000)
    .option(
      "--warmup <integer>",
      "sweeps before measuring (default: a fifth of them, at least 200)",
      integer(0, 1e9),
    )
    .option("--csv <file>", "write the table as CSV")
    .option("--svg <directory>", "write plots of |m|, chi, c and U4")
    .addOption(checkpointOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(scanAction);
}

async function scanAction(options: Options): Promise<void> {
  const { seed, checkpoint } = await keptRun(options);
  const runs = await runAll(options, seed, checkpoint);
  const crossings = await binderCrossings(options, runs);
  if (options.csv) writeWhole(resolve(options.csv), csv(options.sizes, runs));
  if (options.svg) {
    const { scanCharts } = await import("./scan-charts.ts");
    for (const [name, svg] of await scanCharts(options.sizes, runs))
      writeWhole(resolve(join(options.svg, name)), svg);
  }
  if (options.json)
    printJson({ lattice: options.lattice, seed, points: points(options.sizes, runs), crossings });
  else print(options.sizes, runs, crossings);
}

async function runAll(
  options: Options,
  seed: number,
  checkpoint: CheckpointStore | undefined,
): Promise<Simulation[][]> {
  const { temperatures, sizes, algorithm, sweeps, warmup, workers } = options;
  const { simulateAll } = await import("@basin/ising");
  // Built first: a size that is refused should not cost the work of the others.
  const models = await Promise.all(sizes.map((size) => buildModel({ ...options, size })));
  const runs = models.flatMap((model, row) =>
    temperatures.map((temperature, column) => ({
      model,
      temperature,
      algorithm,
      sweeps,
      seed: seed + row * temperatures.length + column,
      ...(warmup === undefined ? {} : { warmup }),
    })),
  );
  const bar = startProgress("scan");
  try {
    const found = await simulateAll(runs, {
      ...{ workers, checkpoint, signal: interruptSignal() },
      onProgress: ({ run, ...progress }) => {
        const size = sizes[Math.floor(run / temperatures.length)];
        bar.update(progress, `L = ${size}, T = ${runs[run].temperature}`);
      },
    });
    return models.map((_, row) => found.slice(row * temperatures.length, (row + 1) * temperatures.length));
  } finally {
    bar.stop();
  }
}

const QUANTITIES = [
  "absoluteMagnetization",
  "energyPerSite",
  "specificHeat",
  "susceptibility",
  "binder",
] as const;

function points(sizes: readonly number[], runs: ScanRuns): object[] {
  return runs.flatMap((row, k) =>
    row.map((run) => ({
      size: sizes[k],
      temperature: run.temperature,
      magnetization: run.magnetization,
      ...Object.fromEntries(QUANTITIES.map((name) => [name, run[name]])),
      exact: run.exact,
      warnings: run.warnings,
      flipsPerNanosecond: run.performance.flipsPerNanosecond,
    })),
  );
}

function csv(sizes: readonly number[], runs: ScanRuns): string {
  const columns = QUANTITIES.flatMap((name) => [name, `${name}StandardError`]);
  const lines = [["size", "temperature", ...columns, "exactEnergyPerSpin", "exactSpecificHeat"].join(",")];
  for (const [k, row] of runs.entries()) {
    for (const run of row) {
      const values = QUANTITIES.flatMap((name) => [run[name].mean, run[name].standardError]);
      const exact = [run.exact.energyPerSite ?? "", run.exact.specificHeat ?? ""];
      lines.push([sizes[k], run.temperature, ...values, ...exact].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

function print(sizes: readonly number[], runs: ScanRuns, crossings: readonly NamedCrossing[]): void {
  const show = ({ mean, standardError }: Estimate) => withError(mean, standardError).padEnd(22);
  const lines = [
    `${"L".padEnd(6)}${"T".padEnd(9)}${["|m|", "u", "c", "chi", "U4"].map((name) => name.padEnd(22)).join("")}`,
  ];
  for (const [k, row] of runs.entries()) {
    for (const run of row) {
      const cells = QUANTITIES.map((name) => show(run[name])).join("");
      lines.push(
        `${String(sizes[k]).padEnd(6)}${String(Number(run.temperature.toPrecision(7))).padEnd(9)}${cells}`,
      );
    }
  }
  for (const { sizes: pair, temperature, standardError } of crossings) {
    lines.push(`U4 of L = ${pair.join(" and ")} cross at T = ${withError(temperature, standardError)}`);
  }
  for (const [k, row] of runs.entries()) {
    for (const { temperature, warnings } of row)
      lines.push(...warnings.map((warning) => `warning: L = ${sizes[k]}, T = ${temperature}: ${warning}`));
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}
