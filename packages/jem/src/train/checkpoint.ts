import type { RngState } from "@basin/energy-core/random";
import type { BatchesState, KeptLearning, LearningState } from "@basin/samplers/internal";
import type { TrainFigures } from "./step.ts";

/** Everything that the parameters, chains and data of a run go on from. */
export interface RunState {
  /** Updates that the moments of Adam have seen. */
  readonly updates: number;
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly average: Float32Array;
  readonly averageWeight: number;
  readonly margins: readonly [number, number];
  readonly chains: readonly { readonly states: Float32Array; readonly rng: RngState }[];
  readonly batches: BatchesState;
  readonly augmentRng: RngState;
}

/** A run as it stands. */
export type TrainState = LearningState<RunState, TrainFigures>;

/** What a checkpoint holds: what a run goes on from, and what divergences go back to, oldest first. */
export type KeptStates = KeptLearning<RunState, TrainFigures>;

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
