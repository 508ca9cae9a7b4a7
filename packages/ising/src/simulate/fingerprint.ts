import { checksum, type Fingerprint } from "@basin/energy-core/internal";
import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { EngineName } from "../sweep/one-state.ts";
import type { StartName } from "../sweep/start.ts";
import type { ResolvedOptions } from "./options.ts";

/** Returns what tells one run from another. */
export function fingerprint(
  model: SpinProblem,
  settings: ResolvedOptions,
  start: StartName | Int8Array | undefined,
  kernel?: EngineName,
): Fingerprint {
  const { algorithm, inverseTemperature, sweeps, warmup, measureEvery, seed, replica, until } = settings;
  return {
    model: model instanceof Lattice ? describeLattice(model) : describeProblem(model),
    spins: model.variables,
    algorithm,
    inverseTemperature,
    sweeps,
    warmup,
    measureEvery,
    seed,
    replica,
    start: typeof start === "object" ? `given, ${checksum(start)}` : (start ?? "the default"),
    ...(until && { until: JSON.stringify(until) }),
    // All others give the same bits.
    ...(kernel === "webgpu" ? { device: "gpu" } : {}),
  };
}

function describeLattice(model: Lattice): string {
  const { lattice, shape, boundary, directions, disorder, disorderSeed, field } = model;
  const bonds = `J ${directions.join(", ")}${disorder === "none" ? "" : `, ${disorder} ${disorderSeed}`}`;
  return `${boundary} ${lattice} ${shape.join(" × ")}, ${bonds}, h ${field ?? checksum(model.fields)}`;
}

/** Returns what tells one problem from another. */
export function describeProblem({
  fields,
  offset,
  couplings: { sources, targets, values },
}: SpinProblem): string {
  return `a problem, ${[fields, sources, targets, values].map(checksum).join(" ")}, offset ${offset}`;
}
