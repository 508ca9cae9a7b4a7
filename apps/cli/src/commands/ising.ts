import type { Command } from "commander";
import { registerIsingSolve } from "./ising-solve.ts";
import { registerMagnet } from "./magnet/index.ts";

/** Adds `basin ising`, the group of the magnet's commands (simulate, scan, …) and the solver's (solve, verify, …). */
export function registerIsing(program: Command): void {
  const ising = program
    .command("ising")
    .description("the Ising model: simulate a magnet, solve a spin problem");
  registerMagnet(ising);
  registerIsingSolve(ising);
}
