import { ArgumentError } from "@basin/energy-core";
import type { Dynamics, DynamicsState } from "../sweep/dynamics.ts";

/** A run in the middle of its work: what a store keeps so that it can go on with the same bits. */
export interface SimulationCheckpoint {
  readonly version: 1;
  /** What must be the same for the run to go on. */
  readonly run: Readonly<Record<string, string | number>>;
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

/** Takes a run up where it stood. @throws {ArgumentError} when the checkpoint is another run's, naming the difference. */
export function resume(
  kept: SimulationCheckpoint,
  run: Readonly<Record<string, string | number>>,
  dynamics: Dynamics,
  series: { magnetization: Float64Array; energy: Float64Array },
): Position {
  if (kept.version !== 1 || typeof kept.run !== "object") {
    throw new ArgumentError(
      "the checkpoint was not written by this version of simulate; remove it to start over",
    );
  }
  for (const [name, value] of Object.entries(run)) {
    if (kept.run[name] === value) continue;
    throw new ArgumentError(
      `the checkpoint is of another run: its ${name} is ${kept.run[name]}, this one's is ${value}; remove it to start over`,
    );
  }
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
  run: Readonly<Record<string, string | number>>,
  dynamics: Dynamics,
  series: { magnetization: Float64Array; energy: Float64Array },
  { warmupDone, settled, measured }: Position,
): SimulationCheckpoint {
  return {
    version: 1,
    run,
    warmupDone,
    settled,
    magnetization: series.magnetization.slice(0, measured),
    energy: series.energy.slice(0, measured),
    lastEnergy: dynamics.energy(),
    state: dynamics.save(),
  };
}
