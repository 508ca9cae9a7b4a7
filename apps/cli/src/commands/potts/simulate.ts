import type { Phases, PottsSimulation, SquarePotts } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import type { Command } from "commander";
import { integer, jsonOption, number, resolveSeed, seedOption } from "../../options.ts";
import { printJson, withError, writeWhole } from "../../output.ts";
import { heatMap } from "../../pictures.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { buildPotts, exactPotts, type PottsOptions, withPotts } from "./model.ts";

interface Options extends PottsOptions {
  temperature: number;
  chains: number;
  png?: string;
  seed?: number;
  json: boolean;
}

/** Adds `simulate`: averages of one Potts model at one temperature. */
export function registerPottsSimulate(potts: Command): void {
  withPotts(potts.command("simulate"))
    .description(
      "simulate a Potts model at one temperature; averages with error bars, and the two phases where there are two",
    )
    .requiredOption("--temperature <T>", "temperature in units of J", number({ above: 0 }))
    .option("--chains <integer>", "independent runs, taken together", integer(1, 1e5), 1)
    .option("--png <file>", "a picture of the last labels, a pixel a site")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(simulateAction);
}

async function simulateAction(options: Options): Promise<void> {
  const { algorithm, temperature, draws, thin, warmup, start, chains, png } = options;
  const model = await buildPotts(options);
  const exact = await exactPotts(options);
  const { simulatePotts } = await import("@basin/ising");
  const bar = startProgress("simulate");
  let run: PottsSimulation;
  try {
    run = await simulatePotts(model, {
      algorithm,
      temperature,
      draws,
      thin,
      chains,
      seed: resolveSeed(options.seed),
      signal: interruptSignal(),
      onProgress: (progress) => bar.update(progress),
      ...(warmup !== undefined && { warmup }),
      ...(start && { start }),
    });
  } finally {
    bar.stop();
  }
  const found = exact && (await phasesOf(run, exact));
  const width = typeof options.size === "number" ? options.size : options.size[options.size.length - 1];
  if (png !== undefined) writeWhole(png, heatMap(run.labels, width, 0, model.states - 1));
  if (options.json) {
    const { series: _series, labels: _labels, ...figures } = run;
    const { lattice, size, coupling, disorder, disorderSeed, boundary, field } = options;
    printJson({
      lattice,
      size,
      coupling,
      disorder,
      disorderSeed,
      boundary,
      field,
      ...figures,
      chains,
      exact,
      phases: found,
      png,
    });
  } else print(run, options, exact, found);
}

/** The phases of a transition of first order; undefined where there is one phase, or the run stayed on one side. */
async function phasesOf(run: PottsSimulation, exact: SquarePotts): Promise<Phases | undefined> {
  const { phases } = await import("@basin/ising");
  const { orderedEnergy, disorderedEnergy } = exact;
  const between = (orderedEnergy + disorderedEnergy) / 2;
  const energies = run.series.map(({ energyPerSite }) => energyPerSite);
  const sides = new Set(
    energies.flatMap((values) => [values.some((u) => u < between), values.some((u) => u >= between)]),
  );
  return orderedEnergy < disorderedEnergy && !sides.has(false) ? phases(energies, { between }) : undefined;
}

function print(run: PottsSimulation, options: Options, exact?: SquarePotts, found?: Phases): void {
  const { lattice, size, chains, png } = options;
  const sides = typeof size === "number" ? `${size} × ${size}` : size.join(" × ");
  const rows: [string, Estimate][] = [
    ["order parameter", run.orderParameter],
    ["energy per site", run.energyPerSite],
    ["specific heat", run.specificHeat],
    ["susceptibility", run.susceptibility],
    ["Binder ratio", run.binder],
  ];
  const times = chains === 1 ? "" : `${chains} × `;
  const lines = [
    `${run.states} labels on ${lattice} ${sides}, T = ${run.temperature}, ${run.algorithm}: ${times}${run.warmup} + ${run.draws * run.thin} steps, start ${run.start}, seed ${run.seed}`,
    ...rows.map(
      ([name, { mean, standardError, autocorrelationTime }]) =>
        `  ${name.padEnd(16)} ${withError(mean, standardError).padEnd(24)} τ = ${autocorrelationTime.toPrecision(3)}`,
    ),
    ...(exact ? [`T_c of the infinite lattice ${exact.criticalTemperature.toFixed(6)}`] : []),
    ...(exact && found ? phaseLines(found, exact) : []),
    ...(png === undefined ? [] : [png]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function phaseLines({ low, high, valley }: Phases, exact: SquarePotts): string[] {
  const line = (name: string, { peak, share, visits }: Phases["low"], infinite: number) =>
    `  ${name.padEnd(16)} peak at ${peak.toFixed(3)}, ${(100 * share).toFixed(1)} % of the draws, ${visits} visits   at T_c of the infinite lattice ${infinite.toFixed(6)}`;
  return [
    line("ordered", low, exact.orderedEnergy),
    line("disordered", high, exact.disorderedEnergy),
    `  valley ${valley.toFixed(3)} of the lower peak`,
  ];
}
