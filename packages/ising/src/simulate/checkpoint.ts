import { checksum, type Fingerprint } from "@basin/energy-core/run";
import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics, DynamicsState } from "../sweep/dynamics.ts";
import type { ResolvedOptions, StartName } from "./options.ts";

/** What a run goes on from with the same bits. */
export interface SimulationState {
  readonly warmupDone: number;
  readonly settled: boolean;
  /** The measurements so far. */
  readonly magnetization: Float64Array;
  readonly energy: Float64Array;
  readonly state: DynamicsState;
}

/** How far a run has come. */
export interface Position {
  warmupDone: number;
  settled: boolean;
  measured: number;
}

/** Returns what tells one run from another. */
export function fingerprint(
  model: SpinProblem,
  settings: ResolvedOptions,
  start: StartName | Int8Array | undefined,
): Fingerprint {
  const { algorithm, inverseTemperature, sweeps, warmup, measureEvery, seed, replica } = settings;
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
  };
}

function describeLattice(model: Lattice): string {
  const { lattice, shape, boundary, directions, disorder, disorderSeed, field } = model;
  const bonds = `J ${directions.join(", ")}${disorder === "none" ? "" : `, ${disorder} ${disorderSeed}`}`;
  return `${boundary} ${lattice} ${shape.join(" × ")}, ${bonds}, h ${field ?? checksum(model.fields)}`;
}

function describeProblem({ fields, offset, couplings: { sources, targets, values } }: SpinProblem): string {
  return `a problem, ${[fields, sources, targets, values].map(checksum).join(" ")}, offset ${offset}`;
}

/** Takes a run up where it stood. */
export function resume(
  kept: SimulationState,
  dynamics: Dynamics,
  series: { magnetization: Float64Array; energy: Float64Array },
): Position {
  dynamics.restore(kept.state);
  series.magnetization.set(kept.magnetization);
  series.energy.set(kept.energy);
  return { warmupDone: kept.warmupDone, settled: kept.settled, measured: kept.energy.length };
}

/** Returns the run as it stands. */
export function snapshot(
  dynamics: Dynamics,
  series: { magnetization: Float64Array; energy: Float64Array },
  { warmupDone, settled, measured }: Position,
): SimulationState {
  return {
    warmupDone,
    settled,
    magnetization: series.magnetization.slice(0, measured),
    energy: series.energy.slice(0, measured),
    state: dynamics.save(),
  };
}
