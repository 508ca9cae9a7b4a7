import type { RngState } from "@basin/energy-core/random";
import type { TrainProgress } from "./step.ts";

/** Everything that a run goes on from. */
export interface TrainState {
  readonly updates: number;
  readonly seconds: number;
  readonly plannedSteps: number;
  /** The time limit that the updates were planned for, in seconds. */
  readonly plannedFor: number;
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly average: Float32Array;
  readonly averageWeight: number;
  readonly rateFactor: number;
  readonly margins: readonly [number, number];
  readonly chains: readonly { readonly states: Float32Array; readonly rng: RngState }[];
  readonly order: Uint32Array;
  readonly at: number;
  readonly orderRng: RngState;
  readonly augmentRng: RngState;
  readonly watch: WatchState;
  readonly backOffs: readonly BackOff[];
  readonly last: TrainProgress | undefined;
}

/** Running figures of the divergence detectors. */
export interface WatchState {
  readonly gap: number;
  readonly usualGap: number;
  readonly accuracy: number;
  readonly bestAccuracy: number;
  readonly loss: number;
  readonly firstLoss: number;
  readonly bestLoss: number;
  readonly logNorm: number;
  readonly leastLogNorm: number;
  readonly still: number;
  readonly unwell: number;
  readonly seen: number;
}

/** A divergence that the run recovered from. */
export interface BackOff {
  /** Where it diverged, why, and where the run went on from. */
  readonly step: number;
  readonly reason: string;
  readonly resumedFrom: number;
  readonly learningRate: number;
}

/** What a checkpoint holds: what a run goes on from, and what divergences go back to, oldest first. */
export interface KeptStates {
  readonly state: TrainState;
  readonly good: readonly TrainState[];
}
