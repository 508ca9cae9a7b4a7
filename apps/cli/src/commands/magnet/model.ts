import type { Lattice, LatticeOptions } from "@basin/ising";
import { type Command, InvalidArgumentError, Option } from "commander";
import { integer, number, numberList } from "../../options.ts";

/** The options that describe a lattice. */
export interface ModelOptions {
  lattice: string;
  size: number | number[];
  coupling: number | number[];
  field: number;
  disorder: string;
  disorderSeed: number;
  boundary: string;
}

/** Adds the options that describe a lattice; `size` is a default side, "optional", or "none" for commands that take many. */
export function withModel(command: Command, size?: number | "none" | "optional"): Command {
  const option = new Option("--size <L or LxM>", "side, or sides such as 64x32").argParser(parseSize);
  if (typeof size === "number") option.default(size);
  if (size === undefined) option.makeOptionMandatory();
  if (size !== "none") command.addOption(option);
  return command
    .option("--lattice <name>", "chain, square, triangular, honeycomb or cubic", "square")
    .option(
      "--coupling <J>",
      "J of every bond, or one for each direction such as 1,0.5; positive is ferromagnetic",
      parseCoupling,
      1,
    )
    .option("--disorder <name>", "none, plus-minus or gaussian", "none")
    .option("--disorder-seed <integer>", "seed of the disorder", integer(0), 0)
    .option("--field <h>", "h of every spin", number(), 0)
    .option("--boundary <name>", "periodic or open", "periodic");
}

/** Returns the lattice that the options describe; its own refusals name what is allowed. */
export async function buildModel(options: ModelOptions): Promise<Lattice> {
  const { createModel } = await import("@basin/ising");
  const { coupling, field, disorderSeed } = options;
  const disorder = options.disorder as LatticeOptions["disorder"];
  const boundary = options.boundary as LatticeOptions["boundary"];
  return createModel(options.lattice, options.size, { coupling, field, boundary, disorder, disorderSeed });
}

function parseCoupling(text: string): number | number[] {
  const values = numberList()(text);
  return values.length === 1 ? values[0] : values;
}

/** Reads a side, or sides. */
export function parseSize(text: string): number | number[] {
  const sides = text.split(/[x×]/).map((side) => (side.trim() === "" ? Number.NaN : Number(side)));
  if (sides.some(Number.isNaN))
    throw new InvalidArgumentError("Expected a side such as 64, or sides such as 64x32.");
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
