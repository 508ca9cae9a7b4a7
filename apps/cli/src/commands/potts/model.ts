import type { PottsAlgorithm, PottsEnergy, SquarePotts, StartName } from "@basin/ising";
import type { Command } from "commander";
import { integer, nameOption, numberList } from "../../options.ts";
import { buildModel, type LatticeOptions, startOption, withLattice } from "../magnet/model.ts";

/** The options that describe a Potts model and how it is run. */
export interface PottsOptions extends LatticeOptions {
  states: number;
  field?: number[];
  algorithm: PottsAlgorithm;
  draws: number;
  thin: number;
  warmup?: number;
  start?: StartName;
}

const ALGORITHMS: Record<PottsAlgorithm, true> = {
  wolff: true,
  "swendsen-wang": true,
  "heat-bath": true,
  metropolis: true,
};

/** Adds the options of {@link PottsOptions}; `size` as {@link withLattice} has it. */
export function withPotts(command: Command, size?: "none"): Command {
  return withLattice(command.requiredOption("--states <q>", "number of labels", integer(2, 256)), size)
    .option("--field <list>", "h of each label, such as 0.1,0,0 (default: none)", numberList())
    .addOption(nameOption("--algorithm <name>", "what moves the labels", ALGORITHMS, "wolff"))
    .option("--draws <integer>", "measurements of each run", integer(4, 1e8), 10_000)
    .option("--thin <integer>", "steps between them: clusters, or sweeps", integer(1, 1e6), 1)
    .option(
      "--warmup <integer>",
      "steps before measuring (default: a fifth of the others, at least 200)",
      integer(0, 1e9),
    )
    .addOption(startOption("first labels", "ordered"));
}

/** Returns the model that the options describe; its own refusals name what is allowed. */
export async function buildPotts({
  field,
  states,
  ...lattice
}: Omit<PottsOptions, "draws">): Promise<PottsEnergy> {
  const { potts } = await import("@basin/ising");
  return potts(await buildModel(lattice), { states, ...(field && { field }) });
}

/** Returns what is exactly known, of infinite square lattices with J = 1 and no field alone. */
export async function exactPotts(
  options: LatticeOptions & { states: number; field?: number[] },
): Promise<SquarePotts | undefined> {
  const { lattice, coupling, disorder, field = [], states } = options;
  const plain = lattice === "square" && coupling === 1 && disorder === "none" && field.every((h) => h === 0);
  return plain ? (await import("@basin/ising")).squarePotts(states) : undefined;
}
