import { ArgumentError } from "@basin/energy-core";
import type { WalkersState } from "@basin/samplers/internal";
import type { SpinWalkers } from "../sweep/one-state.ts";

/** What a run goes on from with the same bits. */
export interface SimulationState {
  readonly warmupDone: number;
  readonly settled: boolean;
  /** The measurements so far. */
  readonly magnetization: Float64Array;
  readonly energy: Float64Array;
  /** H of the state, which it must give again. */
  readonly lastEnergy: number;
  readonly state: WalkersState;
}

/** How far a run has come. */
export interface Position {
  warmupDone: number;
  settled: boolean;
  measured: number;
}

/** Takes a run up where it stood. */
export async function resume(kept: SimulationState, walkers: SpinWalkers): Promise<Position> {
  walkers.restore(kept.state);
  await walkers.can.fetch?.();
  const [energy] = walkers.energies(new Float64Array(1));
  if (energy !== kept.lastEnergy) {
    throw new ArgumentError(
      `the checkpoint is of another model: its state had energy ${kept.lastEnergy}, here it has ${energy}; remove it to start over`,
    );
  }
  return { warmupDone: kept.warmupDone, settled: kept.settled, measured: kept.energy.length };
}

/** Returns the run as it stands. */
export async function snapshot(
  walkers: SpinWalkers,
  series: { magnetization: Float64Array; energy: Float64Array },
  { warmupDone, settled, measured }: Position,
): Promise<SimulationState> {
  await walkers.can.fetch?.("all");
  return {
    warmupDone,
    settled,
    magnetization: series.magnetization.slice(0, measured),
    energy: series.energy.slice(0, measured),
    lastEnergy: walkers.energies(new Float64Array(1))[0],
    state: walkers.save(),
  };
}
