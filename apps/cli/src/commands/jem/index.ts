import type { Command } from "commander";
import { registerComplete } from "./complete.ts";
import { registerEvaluate } from "./evaluate.ts";
import { registerExperiment } from "./experiment.ts";
import { registerGenerate } from "./generate.ts";
import { registerScore } from "./score.ts";
import { registerTrain } from "./train.ts";

/** Adds the family `basin jem`. */
export function registerJem(program: Command): void {
  const jem = program.command("jem").description("classifiers as energy-based models").helpCommand(false);
  registerTrain(jem);
  registerEvaluate(jem);
  registerGenerate(jem);
  registerComplete(jem);
  registerScore(jem);
  registerExperiment(jem);
}
