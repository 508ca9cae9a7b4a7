import type { Command } from "commander";
import { registerPottsScan } from "./scan.ts";
import { registerPottsSimulate } from "./simulate.ts";

/** Adds `basin potts`, the commands of the Potts model. */
export function registerPotts(program: Command): void {
  const potts = program
    .command("potts")
    .description("the Potts model: simulate labels on a lattice, find its transition");
  registerPottsSimulate(potts);
  registerPottsScan(potts);
}
