import type { Command } from "commander";
import { registerMachine } from "./machine/index.ts";
import { registerMagnet } from "./magnet/index.ts";
import { registerIsingSolve } from "./solve/index.ts";

/** Adds `basin ising`, the group of the magnet's commands (simulate, scan, …), the solver's (solve, verify, …) and those of Boltzmann machines (learn, draw). */
export function registerIsing(program: Command): void {
  const ising = program
    .command("ising")
    .description("the Ising model: simulate a magnet, solve a spin problem, learn from data");
  registerMagnet(ising);
  registerIsingSolve(ising);
  registerMachine(ising);
}
