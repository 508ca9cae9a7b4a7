import type { Command } from "commander";
import { integer } from "../options.ts";

/** Adds `basin tour`: every family of models on real data, with a report. */
export function registerTour(program: Command): void {
  program
    .command("tour")
    .description("walk through every family on real data and write a report")
    .option("--quick", "the same road in under a minute", false)
    .option("--seed <integer>", "seed of all randomness", integer(0), 1)
    .option("--out <directory>", "where the report goes", "basin-tour")
    .action(async (options: { quick: boolean; seed: number; out: string }) => {
      const { tour } = await import("../tour/tour.ts");
      await tour(options);
    });
}
