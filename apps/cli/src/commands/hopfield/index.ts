import type { Command } from "commander";
import { registerCapacity } from "./capacity.ts";
import { registerGenerate } from "./generate.ts";
import { registerLandscape } from "./landscape.ts";
import { registerRecall } from "./recall.ts";

/** Adds `basin hopfield`, the group of the associative memory's commands. */
export function registerHopfield(program: Command): void {
  const hopfield = program
    .command("hopfield")
    .description("associative memories: store patterns, recall them, measure how many fit");
  registerRecall(hopfield);
  registerGenerate(hopfield);
  registerCapacity(hopfield);
  registerLandscape(hopfield);
}
