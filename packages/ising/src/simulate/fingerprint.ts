import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { ResolvedOptions } from "./options.ts";

/** Returns what tells one run from another. */
export function fingerprint(
  model: SpinProblem,
  settings: ResolvedOptions,
  start: string,
): Readonly<Record<string, string | number>> {
  const { algorithm, inverseTemperature, sweeps, warmup, measureEvery, seed, replica } = settings;
  const lattice = model instanceof Lattice ? describe(model) : "a spin problem";
  return {
    model: lattice,
    spins: model.variables,
    algorithm,
    inverseTemperature,
    sweeps,
    warmup,
    measureEvery,
    seed,
    replica,
    start,
  };
}

function describe({ lattice, shape, boundary, directions, disorder, disorderSeed, field }: Lattice): string {
  const bonds = `J ${directions.join(", ")}${disorder === "none" ? "" : `, ${disorder} ${disorderSeed}`}`;
  return `${boundary} ${lattice} ${shape.join(" × ")}, ${bonds}, h ${field ?? "of each site"}`;
}
