import type { Command } from "commander";
import { registerExact } from "./exact.ts";
import { registerScan } from "./scan.ts";
import { registerSimulate } from "./simulate.ts";
import { registerSnapshot } from "./snapshot.ts";
import { registerTemper } from "./temper.ts";

/** Adds the magnet's commands to `basin ising`. */
export function registerMagnet(ising: Command): void {
  registerSimulate(ising);
  registerScan(ising);
  registerTemper(ising);
  registerSnapshot(ising);
  registerExact(ising);
}
