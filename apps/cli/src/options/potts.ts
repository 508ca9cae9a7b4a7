import type { PottsEnergy, SquarePotts } from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import type { Values } from "../command.ts";
import { buildLattice, device, lattice, warmup } from "./lattice.ts";
import { integer, numberList } from "./readers.ts";
import { choice, required, value } from "./settings.ts";

/** Options of a Potts model, except its size, and of its simulation. */
export const potts = {
  states: required(value("<q>", "number of labels", integer(2, 256))),
  ...lattice,
  field: value("<list>", "h of each label, such as 0.1,0,0 (default: none)", numberList()),
  algorithm: choice("algorithm that moves the labels", isingNames.pottsAlgorithm, "wolff"),
  draws: value("<integer>", "measurements of each run", integer(4, 1e8), 10_000),
  thin: value("<integer>", "steps between them: clusters, or sweeps", integer(1, 1e6), 1),
  warmup: warmup("steps"),
  start: choice("first labels", isingNames.start, "ordered"),
  device,
};

type Potts = Values<typeof potts>;

/** Returns the model that options describe. The errors of the package name the allowed values. */
export async function buildPotts(options: Potts, size: number | number[]): Promise<PottsEnergy> {
  const { potts } = await import("@basin/ising");
  const { states, field, ...lattice } = options;
  return potts(await buildLattice({ ...lattice, field: 0 }, size), { states, field });
}

/** Returns the exact values of the infinite square lattice with J = 1 and no field; undefined for other models. */
export async function exactPotts(options: Potts): Promise<SquarePotts | undefined> {
  const { lattice, coupling, disorder, field = [], states } = options;
  const plain = lattice === "square" && coupling === 1 && disorder === "none" && field.every((h) => h === 0);
  return plain ? (await import("@basin/ising")).squarePotts(states) : undefined;
}
