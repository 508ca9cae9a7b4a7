import type { CapacityPoint, MemoryName } from "@basin/hopfield";
import type { Command } from "commander";
import { checkpointOption, keptRun } from "../../checkpoint.ts";
import { integer, jsonOption, numberList, seedOption } from "../../options.ts";
import { printJson, withError, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { drawCapacity } from "./capacity-chart.ts";
import { workersOption } from "./memory.ts";

interface Options {
  neurons: number;
  rules: string;
  loads: number[];
  noises: number[];
  networks: number;
  probes: number;
  workers: number;
  checkpoint?: string;
  svg?: string;
  seed?: number;
  json: boolean;
}

/** Adds `capacity`: how well random patterns are recalled at each load. */
export function registerCapacity(hopfield: Command): void {
  hopfield
    .command("capacity")
    .description("measure how many random patterns fit: overlap after recall against the load P/N")
    .option("--neurons <integer>", "neurons N", integer(2, 16_384), 500)
    .option(
      "--rules <names>",
      "hebbian, pseudo-inverse, storkey, perceptron, unlearning, covariance, polynomial:ORDER, exponential; separated by commas",
      "hebbian",
    )
    .option(
      "--loads <list>",
      "loads, as 0.1,0.14 or 0.02:0.3:0.02",
      numberList({ above: 0, max: 10 }),
      [0.05, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2],
    )
    .option("--noises <list>", "shares of flipped bits in the probes", numberList({ min: 0, max: 1 }), [0])
    .option("--networks <integer>", "networks a load", integer(1, 1e6), 10)
    .option("--probes <integer>", "patterns recalled in each network", integer(1, 1e6), 10)
    .option("--svg <file>", "draw the curves; with several noises and loads, the retrieval map over both")
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(capacityAction);
}

async function capacityAction(options: Options): Promise<void> {
  const { neurons, loads, noises, networks, probes, workers } = options;
  const { breakdownLoad, capacity } = await import("@basin/hopfield");
  const rules = options.rules.split(",").map((name) => name.trim() as MemoryName);
  const bar = startProgress("capacity");
  try {
    const { seed, checkpoint } = await keptRun(options);
    const plan = { neurons, rules, loads, noises, networks, probes, seed, workers, checkpoint };
    const result = await capacity({ ...plan, signal: interruptSignal(), onProgress: bar.update });
    bar.stop();
    const breakdown = Object.fromEntries(
      rules.map((rule) => {
        const plain = result.curve.filter(({ noise }) => noise === noises[0]);
        return [rule, breakdownLoad(plain, rule) ?? null];
      }),
    );
    if (options.svg) writeWhole(options.svg, await drawCapacity(result.curve));
    if (options.json) printJson({ ...result, breakdown, ...(options.svg ? { svg: options.svg } : {}) });
    else print(result.curve, breakdown, seed);
  } finally {
    bar.stop();
  }
}

function print(
  curve: readonly CapacityPoint[],
  breakdown: Record<string, number | null>,
  seed: number,
): void {
  const lines = [
    `${"rule".padEnd(15)} ${"load".padStart(6)} ${"noise".padStart(6)}  ${"overlap".padEnd(19)} exact  theory`,
    ...curve.map(
      ({ rule, load, noise, overlap, exactRecall, theory }) =>
        `${rule.padEnd(15)} ${load.toFixed(3).padStart(6)} ${String(noise).padStart(6)}  ` +
        `${withError(overlap.mean, overlap.standardError).padEnd(19)} ${exactRecall.mean.toFixed(2).padStart(5)}  ${theory?.toFixed(4) ?? ""}`,
    ),
    ...Object.entries(breakdown).map(
      ([rule, load]) =>
        `${rule}: overlap falls below 0.7 ${load === null ? "nowhere here" : `at load ${load.toFixed(3)}`}`,
    ),
    `seed ${seed}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
