import type { RunIdentity } from "@basin/energy-core/internal";
import type { CheckpointOptions, Progress, RunOptions } from "@basin/energy-core/run";
import type { LearningRate } from "./rates.ts";
import type { Watch } from "./watch.ts";

/** Where a training stands when it makes an update. */
export interface UpdatePlace {
  /** Updates made before. */
  readonly update: number;
  readonly learningRate: number;
  /** Seconds of training, excluding pauses between a checkpoint and its resumption. */
  readonly seconds: number;
}

/**
 * What {@link learn} trains: parameters, and a way to make one update of them from the two expectations E_data[∂E/∂θ]
 * and E_model[∂E/∂θ]. A compiled engine makes the update in its own memory.
 *
 * @typeParam S the state that it resumes from.
 * @typeParam F figures of an update.
 */
export interface Learner<S, F extends object> {
  /** Makes one update and returns what it saw. */
  update(at: UpdatePlace): F | Promise<F>;
  /** Returns copies of all that the next update depends on; structured cloning takes it. */
  save(): S;
  restore(state: S): void;
  /** Changes the random streams from here on, so a run that returns for the n-th time does not fail in the same way. */
  divert?(times: number): void;
}

/**
 * What an `onProgress` is told after every update; `done` and `total` count updates, +∞ in all while the time is to
 * decide and their speed is not yet known.
 */
export type UpdateReport<F extends object> = F &
  Progress & { readonly seconds: number; readonly learningRate: number };

/** A divergence that the run recovered from. */
export interface BackOff {
  /** The update of the divergence, its reason, and the update from which the run continued. */
  readonly update: number;
  readonly reason: string;
  readonly resumedFrom: number;
  readonly learningRate: number;
}

/** A training as it stands. */
export interface LearningState<S, F extends object> {
  readonly updates: number;
  readonly seconds: number;
  /** Updates planned where the time decides, and the seconds that they were planned for. */
  readonly planned: number;
  readonly plannedFor: number;
  readonly rateFactor: number;
  readonly learner: S;
  readonly watch: unknown;
  readonly backOffs: readonly BackOff[];
  readonly last: UpdateReport<F> | undefined;
}

/** What a checkpoint holds: a training, and the states that divergences go back to, oldest first. */
export interface KeptLearning<S, F extends object> {
  readonly state: LearningState<S, F>;
  readonly good: readonly LearningState<S, F>[];
}

/** How {@link learn} goes about it. */
export interface LearnOptions<F extends object> extends RunOptions<UpdateReport<F>>, CheckpointOptions {
  /** Updates in all; +∞ for as many as fit into `timeLimit`. */
  updates: number;
  /** Updates of an epoch, which the share that a learning rate is told of is counted in. Default 1. */
  updatesAnEpoch?: number;
  /** Milliseconds after which no further update begins. Default: no limit. */
  timeLimit?: number;
  learningRate: LearningRate;
  /** Tells a divergence. Default: figures that are not finite. */
  watch?: Watch<F, unknown>;
  /** Updates between saved good states. Default: none are saved. */
  goodEvery?: number;
  /** How often a diverged run returns to a good state, with half the rate, before it stops. Default 0. */
  backOff?: number;
  /** Returns what to change after a divergence, for its message. Default: the learning rate. */
  advice?: () => string;
  /** Which run it is, where there is a checkpoint. */
  identity?: RunIdentity;
}

/** What a training did. */
export interface LearnReport<F extends object> {
  readonly updates: number;
  readonly seconds: number;
  /** The last update. */
  readonly last: UpdateReport<F>;
  /** Divergences that the run recovered from. */
  readonly backOffs: readonly BackOff[];
  /** The update that the run resumed from; 0 for a run from the start. */
  readonly resumedFrom: number;
}
