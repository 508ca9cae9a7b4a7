import type { KernelOption } from "@basin/energy-core/wasm";
import type { Algorithm, Estimates, Replicas, SimulateProgress, Simulation, StartName } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import type { Command } from "commander";
import { checkpointOption, keptRun } from "../../checkpoint.ts";
import { integer, jsonOption, nameOption, seedOption } from "../../options.ts";
import { printJson, withError } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import {
  algorithmOption,
  buildModel,
  type ModelOptions,
  parseTemperature,
  startOption,
  withModel,
  withWorkers,
} from "./model.ts";

interface Options extends ModelOptions {
  temperature: number;
  algorithm: Algorithm;
  sweeps: number;
  warmup?: number;
  start?: StartName;
  measureEvery: number;
  kernel: KernelOption;
  replicas: number;
  workers: number;
  checkpoint?: string;
  seed?: number;
  json: boolean;
}

const KERNELS: Record<KernelOption, true> = { auto: true, wasm: true, typescript: true };

/** Adds `simulate`: averages of one lattice at one temperature. */
export function registerSimulate(ising: Command): void {
  withWorkers(withModel(ising.command("simulate")))
    .description("simulate a magnet at one temperature; averages with error bars, exact values beside them")
    .requiredOption("--temperature <T>", "temperature in units of J", parseTemperature)
    .addOption(algorithmOption("metropolis"))
    .option("--sweeps <integer>", "measured sweeps", integer(1, 1e9), 10_000)
    .option(
      "--warmup <integer>",
      "sweeps before measuring (default: a fifth of them, at least 200)",
      integer(0, 1e9),
    )
    .addOption(startOption("first spins (default: ordered below the critical temperature)"))
    .option("--measure-every <integer>", "sweeps between measurements", integer(1, 1e9), 1)
    .addOption(nameOption("--kernel <name>", "which implementation runs", KERNELS, "auto"))
    .option("--replicas <integer>", "independent runs, taken together", integer(1, 1e5), 1)
    .addOption(checkpointOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(simulateAction);
}

async function simulateAction(options: Options): Promise<void> {
  const model = await buildModel(options);
  const { simulate, simulateReplicas } = await import("@basin/ising");
  const { temperature, algorithm, sweeps, warmup, start, measureEvery, kernel, replicas, workers } = options;
  const { seed, checkpoint } = await keptRun(options);
  const plan = {
    temperature,
    algorithm,
    sweeps,
    measureEvery,
    kernel,
    seed,
    checkpoint,
    signal: interruptSignal(),
    ...(warmup === undefined ? {} : { warmup }),
    ...(start === undefined ? {} : { start }),
  };
  const bar = startProgress("simulate");
  try {
    if (replicas > 1) {
      const all = await simulateReplicas(model, { ...plan, replicas, workers, onProgress: bar.update });
      bar.stop();
      if (options.json) printJson(reportAll(all, options));
      else print(all.runs[0], all, options);
    } else {
      const onProgress = (progress: SimulateProgress) => bar.update(progress, progress.phase);
      const run = await simulate(model, { ...plan, onProgress });
      bar.stop();
      if (options.json) printJson({ ...described(options), ...figures(run) });
      else print(run, run, options);
    }
  } finally {
    bar.stop();
  }
}

function described({ lattice, size, coupling, disorder, disorderSeed, field, boundary }: Options): object {
  return { lattice, size, coupling, disorder, disorderSeed, field, boundary };
}

function figures({ series: _series, spins: _spins, ...rest }: Simulation): object {
  return rest;
}

function reportAll({ runs, series: _series, ...pooled }: Replicas, options: Options): object {
  const {
    algorithm,
    temperature,
    inverseTemperature,
    sites,
    sweeps,
    warmup,
    measureEvery,
    start,
    seed,
    exact,
  } = runs[0];
  const settings = { algorithm, temperature, inverseTemperature, sites, sweeps, warmup, measureEvery, start };
  return { ...described(options), ...pooled, ...settings, seed, exact, runs: runs.map(figures) };
}

function print(
  run: Simulation,
  found: Estimates & { warnings: readonly string[]; replicas?: number },
  options: Options,
): void {
  const { lattice, size } = options;
  const { performance: speed, exact } = run;
  const sides = typeof size === "number" ? `${size} × ${size}` : size.join(" × ");
  const rows: [string, Estimate, number?][] = [
    ["magnetization", found.magnetization, exact.magnetization],
    ["|magnetization|", found.absoluteMagnetization],
    ["energy per spin", found.energyPerSite, exact.energyPerSite],
    ["specific heat", found.specificHeat, exact.specificHeat],
    ["susceptibility", found.susceptibility],
    ["Binder cumulant", found.binder],
  ];
  const times = found.replicas === undefined ? "" : `${found.replicas} × `;
  const lines = [
    `${lattice} ${sides}, T = ${run.temperature}, ${run.algorithm}: ${times}${run.warmup} + ${run.sweeps} sweeps, start ${run.start}, seed ${run.seed}`,
    ...rows.map(([name, estimate, value]) => line(name, estimate, value)),
    `${speed.flipsPerNanosecond.toPrecision(3)} flips/ns (${speed.path}, ${speed.kernel})`,
    ...found.warnings.map((warning) => `warning: ${warning}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function line(name: string, { mean, standardError, autocorrelationTime }: Estimate, exact?: number): string {
  const tau = `τ = ${autocorrelationTime.toPrecision(3)}`;
  const beside = exact === undefined ? "" : `   exact ${Number(exact.toPrecision(8))}`;
  return `  ${name.padEnd(16)} ${withError(mean, standardError).padEnd(24)} ${tau.padEnd(12)}${beside}`;
}
