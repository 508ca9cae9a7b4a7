import type { Lattice } from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import type { Values } from "../command.ts";
import { integer, number, numberOrList, sides } from "./readers.ts";
import { choice, required, unless, value } from "./settings.ts";

/** Options of a lattice, except its size. */
export const lattice = {
  lattice: choice("which lattice", isingNames.lattice, "square"),
  coupling: value<number | number[]>(
    "<J>",
    "J of every bond, or one for each direction such as 1,0.5; positive is ferromagnetic",
    numberOrList,
    1,
  ),
  disorder: choice("what multiplies each J", isingNames.disorder, "none"),
  disorderSeed: unless(value("<integer>", "seed of the disorder", integer(0), 0), ({ disorder }) =>
    disorder === "none" ? "it goes with --disorder" : undefined,
  ),
  boundary: choice("boundary condition", isingNames.boundary, "periodic"),
};

/** Options of a magnet, except its size. */
export const magnet = { ...lattice, field: value("<h>", "h of every spin", number(), 0) };

/** The side of a lattice, or its sides. */
export const side = value("<L or LxM>", "side, or sides such as 64x32", sides);
export const size = required(side);

/** Sides of several lattices. */
export const algorithm = choice("what moves the spins", isingNames.algorithm, "metropolis");

/** `--device`. */
export const device = choice(
  'what runs the sweeps: "gpu" uses WebGPU and gives other bits, "auto" uses a GPU where one fits',
  isingNames.device,
  "cpu",
);

/** Returns a warning that says why "auto" uses no GPU. */
export function fallbackWarning(device: string, fallback: string | undefined): string[] {
  return device === "auto" && fallback !== undefined ? [`no GPU is used: ${fallback}`] : [];
}

/** Sweeps or steps before measuring. */
export const warmup = (what: "sweeps" | "steps") =>
  value(
    "<integer>",
    `${what} before measuring (default: a fifth of the others, at least 200)`,
    integer(0, 1e9),
  );

/** Returns the lattice that options describe. The errors of the package name the allowed values. */
export async function buildLattice(
  options: Values<typeof lattice> & { readonly field?: number },
  size: number | number[],
): Promise<Lattice> {
  const { createModel } = await import("@basin/ising");
  const { coupling, field = 0, boundary, disorder, disorderSeed } = options;
  return createModel(options.lattice, size, { coupling, field, boundary, disorder, disorderSeed });
}

/** Returns the text of sides: "64 × 64". */
export function sidesText(size: number | readonly number[]): string {
  return (typeof size === "number" ? [size, size] : size).join(" × ");
}
