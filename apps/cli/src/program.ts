import { Command } from "commander";
import { registerHopfield } from "./commands/hopfield/index.ts";
import { registerIsing } from "./commands/ising.ts";
import { registerJem } from "./commands/jem/index.ts";
import { registerPotts } from "./commands/potts/index.ts";
import { registerSampling } from "./commands/sampling.ts";
import { registerTour } from "./commands/tour.ts";

/** Returns the command `basin` with every family of subcommands. Families import their packages when they run. */
export function buildProgram(): Command {
  const program = new Command("basin")
    .description("Energy-based models: simulate, sample, solve, remember, classify.")
    .helpCommand(false)
    .showSuggestionAfterError();
  registerTour(program);
  registerIsing(program);
  registerPotts(program);
  registerHopfield(program);
  registerJem(program);
  registerSampling(program);
  return program;
}
