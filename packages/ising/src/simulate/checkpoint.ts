import { ArgumentError } from "@basin/energy-core";
import type { Fingerprint } from "@basin/energy-core/run";
import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics, DynamicsState } from "../sweep/dynamics.ts";
import type { ResolvedOptions } from "./options.ts";

/** What a run goes on from with the same bits. */
export interface SimulationState {
  readonly warmupDone: number;
  readonly settled: boolean;
  /** The measurements so far. */
  readonly magnetization: Float64Array;
  readonly energy: Float64Array;
  /** H of the state, which it must give again. */
  readonly lastEnergy: number;
  readonly state: DynamicsState;
}

/** How far a run has come. */
export interface Position {
  warmupDone: number;
  settled: boolean;
  measured: number;
}

/** Returns what tells one run from another. */
export function fingerprint(model: SpinProblem, settings: ResolvedOptions, start: string): Fingerprint {
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

/** Takes a run up where it stood. @throws {ArgumentError} when the state is another model's. */
export function resume(
  kept: SimulationState,
  dynamics: Dynamics,
  series: { magnetization: Float64Array; energy: Float64Array },
): Position {
  dynamics.restore(kept.state);
  const energy = dynamics.energy();
  if (energy !== kept.lastEnergy) {
    throw new ArgumentError(
      `the checkpoint is of another model: its state had energy ${kept.lastEnergy}, here it has ${energy}; remove it to start over`,
    );
  }
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
    lastEnergy: dynamics.energy(),
    state: dynamics.save(),
  };
}
