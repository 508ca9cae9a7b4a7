import type { Algorithm, Tempered } from "@basin/ising";
import type { Command } from "commander";
import { integer, jsonOption, numberList, resolveSeed, seedOption } from "../../options.ts";
import { printJson, withError } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { algorithmOption, buildModel, type ModelOptions, withModel } from "./model.ts";

interface Options extends ModelOptions {
  temperatures: number[];
  algorithm: Algorithm;
  sweeps: number;
  warmup?: number;
  measureEvery: number;
  replicas: 1 | 2;
  seed?: number;
  json: boolean;
}

/** Adds `temper`: one lattice at a ladder of temperatures that exchange their states. */
export function registerTemper(ising: Command): void {
  withModel(ising.command("temper"))
    .description(
      "parallel tempering: a ladder of temperatures that exchange states; for glasses, with their overlap",
    )
    .requiredOption(
      "--temperatures <list>",
      "numbers and ranges, such as 0.4:2:0.2 or 0.5,0.7,1",
      numberList({ above: 0 }),
    )
    .addOption(algorithmOption("metropolis"))
    .option("--sweeps <integer>", "measured sweeps at each temperature", integer(4, 1e9), 10_000)
    .option(
      "--warmup <integer>",
      "sweeps before measuring (default: a fifth of them, at least 200)",
      integer(0, 1e9),
    )
    .option("--measure-every <integer>", "sweeps between measurements", integer(1, 1e9), 1)
    .option("--replicas <integer>", "2 measures the overlap of two independent ladders", integer(1, 2), 2)
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(temperAction);
}

async function temperAction(options: Options): Promise<void> {
  const model = await buildModel(options);
  const { temper } = await import("@basin/ising");
  const { temperatures, algorithm, sweeps, warmup, measureEvery, replicas } = options;
  const bar = startProgress("temper");
  try {
    const found = await temper(model, {
      temperatures,
      algorithm,
      sweeps,
      measureEvery,
      replicas,
      seed: resolveSeed(options.seed),
      signal: interruptSignal(),
      onProgress: (progress) => bar.update(progress, progress.phase),
      ...(warmup === undefined ? {} : { warmup }),
    });
    bar.stop();
    if (options.json) printJson(report(found, options));
    else print(found);
  } finally {
    bar.stop();
  }
}

function report(
  { levels, ...run }: Tempered,
  { lattice, size, coupling, disorder, disorderSeed, field, boundary }: Options,
): object {
  const figures = levels.map(({ series: _series, overlap, ...level }) => {
    if (overlap === undefined) return level;
    const { series: _overlaps, ...means } = overlap;
    return { ...level, overlap: means };
  });
  return { lattice, size, coupling, disorder, disorderSeed, field, boundary, ...run, levels: figures };
}

function print({ levels, swapRates, roundTrips, warnings, seed }: Tempered): void {
  const names = ["u", "c", "|m|", ...(levels[0].overlap === undefined ? [] : ["|q|", "chi_SG", "g"])];
  const lines = [`${"T".padEnd(9)}${names.map((name) => name.padEnd(24)).join("")}swaps`];
  for (const [
    k,
    { temperature, energyPerSite, specificHeat, absoluteMagnetization, overlap },
  ] of levels.entries()) {
    const cells = [energyPerSite, specificHeat, absoluteMagnetization];
    if (overlap !== undefined) cells.push(overlap.absolute, overlap.susceptibility, overlap.binder);
    const shown = cells.map(({ mean, standardError }) => withError(mean, standardError).padEnd(24)).join("");
    const rate = k < swapRates.length ? `${(100 * swapRates[k]).toFixed(0)} %` : "";
    lines.push(`${String(Number(temperature.toPrecision(7))).padEnd(9)}${shown}${rate}`);
  }
  lines.push(`${roundTrips} round trips, seed ${seed}`, ...warnings.map((warning) => `warning: ${warning}`));
  process.stdout.write(`${lines.join("\n")}\n`);
}
