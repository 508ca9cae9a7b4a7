import type { Algorithm, Boundary, Disorder, Lattice, LatticeName, StartName } from "@basin/ising";
import { type Command, InvalidArgumentError, Option } from "commander";
import { integer, nameOption, number, numberList } from "../../options.ts";

/** The options that describe a lattice. */
export interface LatticeOptions {
  lattice: LatticeName;
  size: number | number[];
  coupling: number | number[];
  disorder: Disorder;
  disorderSeed: number;
  boundary: Boundary;
}

/** The options that describe a magnet. */
export interface ModelOptions extends LatticeOptions {
  field: number;
}

// The package has these lists too, but a command line that only prints its help does not load packages.
const LATTICES: Record<LatticeName, true> = {
  chain: true,
  square: true,
  triangular: true,
  honeycomb: true,
  kagome: true,
  cubic: true,
};
const DISORDERS: Record<Disorder, true> = { none: true, "plus-minus": true, gaussian: true };
const BOUNDARIES: Record<Boundary, true> = { periodic: true, open: true };
const ALGORITHMS: Record<Algorithm, true> = {
  metropolis: true,
  "heat-bath": true,
  wolff: true,
  "swendsen-wang": true,
  kawasaki: true,
};
const STARTS: Record<StartName, true> = { ordered: true, random: true };

/** Returns the option `--algorithm`. */
export function algorithmOption(byDefault: Algorithm): Option {
  return nameOption("--algorithm <name>", "what moves the spins", ALGORITHMS, byDefault);
}

/** Returns the option `--start`. */
export function startOption(description: string, byDefault?: StartName): Option {
  return nameOption("--start <name>", description, STARTS, byDefault);
}

/** Adds the options that describe a lattice and the field of its spins; `size` as {@link withLattice} has it. */
export function withModel(command: Command, size?: number | "none" | "optional"): Command {
  return withLattice(command, size).option("--field <h>", "h of every spin", number(), 0);
}

/** Adds the options that describe a lattice; `size` is a default side, "optional", or "none" for commands that take many. */
export function withLattice(command: Command, size?: number | "none" | "optional"): Command {
  const option = new Option("--size <L or LxM>", "side, or sides such as 64x32").argParser(parseSize);
  if (typeof size === "number") option.default(size);
  if (size === undefined) option.makeOptionMandatory();
  if (size !== "none") command.addOption(option);
  return command
    .addOption(nameOption("--lattice <name>", "which lattice", LATTICES, "square"))
    .option(
      "--coupling <J>",
      "J of every bond, or one for each direction such as 1,0.5; positive is ferromagnetic",
      parseCoupling,
      1,
    )
    .addOption(nameOption("--disorder <name>", "what multiplies each J", DISORDERS, "none"))
    .option("--disorder-seed <integer>", "seed of the disorder", integer(0), 0)
    .addOption(nameOption("--boundary <name>", "what lies beyond the edges", BOUNDARIES, "periodic"));
}

/** Returns the lattice that the options describe; its own refusals name what is allowed. */
export async function buildModel(options: LatticeOptions & { field?: number }): Promise<Lattice> {
  const { createModel } = await import("@basin/ising");
  const { coupling, field = 0, boundary, disorder, disorderSeed } = options;
  return createModel(options.lattice, options.size, { coupling, field, boundary, disorder, disorderSeed });
}

const LARGEST_SIDE = 32_768;

function parseCoupling(text: string): number | number[] {
  const values = numberList()(text);
  return values.length === 1 ? values[0] : values;
}

/** Reads a side, or sides. */
export function parseSize(text: string): number | number[] {
  const sides = text.split(/[x×]/).map((side) => (side.trim() === "" ? Number.NaN : Number(side)));
  if (!sides.every((side) => Number.isInteger(side) && side >= 1 && side <= LARGEST_SIDE))
    throw new InvalidArgumentError(
      `Expected a side such as 64, or sides such as 64x32: integers from 1 to ${LARGEST_SIDE}.`,
    );
  return sides.length === 1 ? sides[0] : sides;
}

/** Adds `--workers`. */
export function withWorkers(command: Command): Command {
  return command.option(
    "--workers <integer>",
    "threads; the figures do not depend on them",
    integer(1, 256),
    1,
  );
}

/** Reads a temperature: a number at least 0, or Infinity. */
export function parseTemperature(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError("Expected a number at least 0, or Infinity.");
}
