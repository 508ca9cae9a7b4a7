import type { Dynamics, DynamicsState } from "../sweep/dynamics.ts";

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
