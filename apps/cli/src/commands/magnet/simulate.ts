import type { KernelOption } from "@basin/energy-core/wasm";
import type { Algorithm, Estimate, Simulation, StartName } from "@basin/ising";
import type { Command } from "commander";
import { integer, jsonOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, withError } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { buildModel, type ModelOptions, parseTemperature, withModel } from "./model.ts";

interface Options extends ModelOptions {
  temperature: number;
  algorithm: Algorithm;
  sweeps: number;
  warmup?: number;
  start?: StartName;
  measureEvery: number;
  kernel: KernelOption;
  seed?: number;
  json: boolean;
}

/** Adds `simulate`: averages of one lattice at one temperature. */
export function registerSimulate(ising: Command): void {
  withModel(ising.command("simulate"))
    .description("simulate a magnet at one temperature; averages with error bars, exact values beside them")
    .requiredOption("--temperature <T>", "temperature in units of J", parseTemperature)
    .option("--algorithm <name>", "metropolis, heat-bath, wolff, swendsen-wang or kawasaki", "metropolis")
    .option("--sweeps <integer>", "measured sweeps", integer(1, 1e9), 10_000)
    .option(
      "--warmup <integer>",
      "sweeps before measuring (default: a fifth of them, at least 200)",
      integer(0, 1e9),
    )
    .option("--start <name>", "ordered or random (default: ordered below the critical temperature)")
    .option("--measure-every <integer>", "sweeps between measurements", integer(1, 1e9), 1)
    .option("--kernel <name>", "auto, wasm or typescript", "auto")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(simulateAction);
}

async function simulateAction(options: Options): Promise<void> {
  const model = await buildModel(options);
  const { simulate } = await import("@basin/ising");
  const { temperature, algorithm, sweeps, warmup, start, measureEvery, kernel } = options;
  const bar = startProgress("simulate", 1);
  try {
    const run = await simulate(model, {
      temperature,
      algorithm,
      sweeps,
      measureEvery,
      kernel,
      seed: resolveSeed(options.seed),
      signal: interruptSignal(),
      onProgress: ({ phase, sweepsDone, sweeps: all }) => bar.update(sweepsDone / all, phase),
      ...(warmup === undefined ? {} : { warmup }),
      ...(start === undefined ? {} : { start }),
    });
    bar.stop();
    if (options.json) printJson(report(run, options));
    else print(run, options);
  } finally {
    bar.stop();
  }
}

function report(
  run: Simulation,
  { lattice, size, coupling, disorder, disorderSeed, field, boundary }: Options,
): object {
  const { series: _series, spins: _spins, ...figures } = run;
  return { lattice, size, coupling, disorder, disorderSeed, field, boundary, ...figures };
}

function print(run: Simulation, options: Options): void {
  const { lattice, size } = options;
  const { performance: speed, exact } = run;
  const sides = typeof size === "number" ? `${size} × ${size}` : size.join(" × ");
  const rows: [string, Estimate, number?][] = [
    ["magnetization", run.magnetization, exact.magnetization],
    ["|magnetization|", run.absoluteMagnetization],
    ["energy per spin", run.energyPerSpin, exact.energyPerSpin],
    ["specific heat", run.specificHeat, exact.specificHeat],
    ["susceptibility", run.susceptibility],
    ["Binder cumulant", run.binder],
  ];
  const lines = [
    `${lattice} ${sides}, T = ${run.temperature}, ${run.algorithm}: ${run.warmup} + ${run.sweeps} sweeps, start ${run.start}, seed ${run.seed}`,
    ...rows.map(([name, estimate, value]) => line(name, estimate, value)),
    `${speed.flipsPerNanosecond.toPrecision(3)} flips/ns (${speed.path}, ${speed.kernel})`,
    ...run.warnings.map((warning) => `warning: ${warning}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function line(name: string, { mean, standardError, autocorrelationTime }: Estimate, exact?: number): string {
  const tau = `τ = ${autocorrelationTime.toPrecision(3)}`;
  const beside = exact === undefined ? "" : `   exact ${Number(exact.toPrecision(8))}`;
  return `  ${name.padEnd(16)} ${withError(mean, standardError).padEnd(24)} ${tau.padEnd(12)}${beside}`;
}
