import type { PottsSimulation } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import type { Command } from "commander";
import { jsonOption, numberList, resolveSeed, seedOption } from "../../options.ts";
import { printJson, withError } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { binderCrossings } from "../magnet/crossings.ts";
import { buildPotts, exactPotts, type PottsOptions, withPotts } from "./model.ts";

interface Options extends Omit<PottsOptions, "size"> {
  temperatures: number[];
  sizes: number[];
  seed?: number;
  json: boolean;
}

/** Adds `scan`: a Potts model at many temperatures and sizes, and where its Binder ratios cross. */
export function registerPottsScan(potts: Command): void {
  withPotts(potts.command("scan"), "none")
    .description(
      "simulate a Potts model at many temperatures and sizes: a table, and where the Binder ratios of the sizes cross",
    )
    .requiredOption(
      "--temperatures <list>",
      "numbers and ranges, such as 0.98:1.01:0.005",
      numberList({ above: 0 }),
    )
    .requiredOption(
      "--sizes <list>",
      "sides, such as 16,32",
      numberList({ integer: true, min: 1, max: 32768 }),
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(scanAction);
}

async function scanAction(options: Options): Promise<void> {
  const seed = resolveSeed(options.seed);
  const { sizes, states } = options;
  const rows = await runAll(options, seed);
  const crossings = await binderCrossings(options, rows);
  const exact = await exactPotts({ ...options, size: sizes[0] });
  if (options.json) {
    const points = rows.flatMap((runs, k) =>
      runs.map(({ series: _series, labels: _labels, ...figures }) => ({ size: sizes[k], ...figures })),
    );
    printJson({ states, lattice: options.lattice, seed, points, crossings, exact });
    return;
  }
  const show = ({ mean, standardError }: Estimate) => withError(mean, standardError).padEnd(22);
  const lines = [
    `${"L".padEnd(6)}${"T".padEnd(10)}${["m", "u", "c", "chi", "U4"].map((name) => name.padEnd(22)).join("")}`,
  ];
  for (const [k, runs] of rows.entries()) {
    for (const run of runs) {
      const cells = [
        run.orderParameter,
        run.energyPerSite,
        run.specificHeat,
        run.susceptibility,
        run.binder,
      ].map(show);
      lines.push(
        `${String(sizes[k]).padEnd(6)}${String(Number(run.temperature.toPrecision(7))).padEnd(10)}${cells.join("")}`,
      );
    }
  }
  for (const { sizes: pair, temperature, standardError } of crossings)
    lines.push(`U4 of L = ${pair.join(" and ")} cross at T = ${withError(temperature, standardError)}`);
  if (exact) lines.push(`T_c of the infinite lattice ${exact.criticalTemperature.toFixed(6)}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function runAll(options: Options, seed: number): Promise<PottsSimulation[][]> {
  const { sizes, temperatures, algorithm, draws, thin, warmup, start } = options;
  const { simulatePotts } = await import("@basin/ising");
  // Built first: a size that is refused should not cost the work of the others.
  const models = await Promise.all(sizes.map((size) => buildPotts({ ...options, size })));
  const signal = interruptSignal();
  const bar = startProgress("scan");
  const rows: PottsSimulation[][] = [];
  try {
    for (const [row, model] of models.entries()) {
      const runs: PottsSimulation[] = [];
      for (const [column, temperature] of temperatures.entries()) {
        const done = row * temperatures.length + column;
        runs.push(
          await simulatePotts(model, {
            algorithm,
            temperature,
            draws,
            thin,
            seed: seed + done,
            signal,
            onProgress: (own) =>
              bar.update(
                { done: done + own.done / own.total, total: models.length * temperatures.length },
                `L = ${sizes[row]}, T = ${temperature}`,
              ),
            ...(warmup !== undefined && { warmup }),
            ...(start && { start }),
          }),
        );
      }
      rows.push(runs);
    }
  } finally {
    bar.stop();
  }
  return rows;
}
